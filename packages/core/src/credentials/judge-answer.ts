import type { CredentialAnswer } from "./credential-exchange.ts";
import { scrubText } from "./scrub.ts";
import { TokenError, type TokenOutcome } from "./token-error.ts";

/** What the judge of an answer must know beyond the answer. */
export interface JudgeOptions {
  /** For messages: `token request`. */
  readonly what: string;
  /** Whether the request presented a stored grant (refresh token, code), which the server may have ended. */
  readonly presentsGrant: boolean;
  /** What the definition's `token.error` found; undefined when it found nothing or there is none. */
  readonly stated: unknown;
  /** Whether an access token was found in the answer. */
  readonly hasToken: boolean;
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** What each error code of RFC 6749, 7009, 8628 and 8707 means for a connection. */
const outcomes: Readonly<Record<string, TokenOutcome>> = {
  invalid_grant: "needs-authorization",
  access_denied: "needs-authorization",
  expired_token: "needs-authorization",
  interaction_required: "needs-authorization",
  login_required: "needs-authorization",
  consent_required: "needs-authorization",
  invalid_client: "misconfigured",
  unauthorized_client: "misconfigured",
  unsupported_grant_type: "misconfigured",
  invalid_scope: "misconfigured",
  invalid_request: "misconfigured",
  invalid_target: "misconfigured",
  temporarily_unavailable: "temporary",
  server_error: "temporary",
  slow_down: "temporary",
  authorization_pending: "temporary",
};
/** Words in which servers with codes of their own say that the grant is over. */
const grantIsOver =
  /invalid[ _-]?(grant|refresh|code)|refresh[ _-]?token[^.]{0,30}(invalid|expired|revoked)|(token|grant|authorization|session|code)[^.]{0,20}(revoked|expired)/i;

const hints: Readonly<Record<TokenOutcome, string>> = {
  temporary: "Try again later; the stored credential was not changed.",
  "needs-authorization": "Authorize the connection again.",
  misconfigured: "Check client id, client secret, scopes and the token endpoint in the definition and the connection.",
};

/**
 * Says what is wrong with an answer, or `undefined` when it is a good one. Errors are recognised whatever their status:
 * by the definition's rule, by the standard `error` member, by the status, and by the absence of a token.
 */
export function judgeAnswer(answer: CredentialAnswer, options: JudgeOptions): TokenError | undefined {
  const { status } = answer;
  const isFine = status >= 200 && status < 300;
  const isStated = options.stated !== undefined && options.stated !== null && options.stated !== false;
  if (isFine && options.hasToken && !isStated) return undefined;
  const { code, text } = readError(answer.body, isStated ? options.stated : undefined);
  const outcome = decideOutcome(answer, code, text, options);
  const said = [code, text].filter((part) => part !== undefined && part !== "").join(": ");
  const words =
    said === "" ? (isFine ? "without an access token" : "without a reason") : scrubText(said, options.secrets);
  const retryAfter = readRetryAfter(answer);
  return new TokenError(`${answer.host} answered the ${options.what} with status ${status}: ${words}.`, {
    outcome,
    hint: hints[outcome],
    upstreamStatus: status,
    ...(code !== undefined && { serverCode: scrubText(code, options.secrets) }),
    ...(retryAfter !== undefined && outcome === "temporary" && { retryAfter }),
    // A success that cannot be read may have rotated the refresh token all the same.
    inDoubt: isFine && code === undefined && !isStated,
  });
}

function decideOutcome(
  answer: CredentialAnswer,
  code: string | undefined,
  text: string | undefined,
  options: JudgeOptions,
): TokenOutcome {
  const { status } = answer;
  const known = code === undefined ? undefined : outcomes[code.toLowerCase()];
  // A grant that is over needs a person only if there is a stored one; a refused password is a wrong setting.
  const ended: TokenOutcome = options.presentsGrant ? "needs-authorization" : "misconfigured";
  if (known !== undefined) return known === "needs-authorization" ? ended : known;
  if (status >= 500 || status === 429 || status === 408) return "temporary";
  if (options.presentsGrant && grantIsOver.test(`${code ?? ""} ${text ?? ""}`)) return "needs-authorization";
  // A page instead of an answer: a proxy, a maintenance notice. That passes.
  if (status < 300 && code === undefined && typeof answer.body !== "object") return "temporary";
  return "misconfigured";
}

function readError(
  body: unknown,
  stated: unknown,
): { readonly code: string | undefined; readonly text: string | undefined } {
  if (typeof stated === "string" || typeof stated === "number") return { code: String(stated), text: describe(body) };
  const members = asRecord(stated) ?? asRecord(body);
  if (members === undefined) return { code: undefined, text: undefined };
  const { error } = members;
  const nested = asRecord(error);
  if (nested !== undefined) return { code: textOf(nested.code ?? nested.type), text: textOf(nested.message) };
  return { code: textOf(error ?? members.errorCode ?? members.error_code), text: describe(members) };
}

function describe(body: unknown): string | undefined {
  const members = asRecord(body);
  if (members === undefined) return undefined;
  return textOf(members.error_description ?? members.errorMessage ?? members.error_message ?? members.message);
}

function readRetryAfter(answer: CredentialAnswer): number | undefined {
  const header = answer.headers["retry-after"];
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Math.min(Number(header), 3_600);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, Math.ceil((at - answer.receivedAt) / 1_000)), 3_600);
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" ? String(value) : undefined;
}
