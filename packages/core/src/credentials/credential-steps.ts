import type { ErrorRule, RequestStep, Step } from "@junctor/sdk";
import type { AuthSession, AuthTemplates } from "../auth/auth-method.ts";
import { bodyFormat } from "../compile/compile-body.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { encodePathSegment, encodeUrlPart, escapeXml } from "../templates/encode-url.ts";
import { renderValue, testValue } from "../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../templates/template-host.ts";
import { type CredentialAnswer, sendCredentialRequest } from "./credential-exchange.ts";
import { scrubText, sensitiveValues } from "./scrub.ts";
import { TokenError } from "./token-error.ts";
import { addParameters, isHostComputed, writeForm, writeHeaders } from "./token-request.ts";

/**
 * Steps of a login, a session refresh, or `afterToken`: requests in order, each of which may read the answers of the
 * earlier ones as `steps.<id>`. They carry no credential but what their own templates place.
 */
export interface CompiledCredentialStep {
  readonly id: string;
  readonly when: CompiledValue | null;
  readonly method: string;
  readonly url: CompiledValue | null;
  readonly urlComputed: boolean;
  readonly path: CompiledValue | null;
  readonly query: CompiledValue | null;
  readonly headers: CompiledValue | null;
  readonly body: CompiledValue | null;
  readonly contentType: string;
  /** `redirect: "manual"`: a 3xx is the answer, with its cookies and its location. */
  readonly redirectIsAnswer: boolean;
  readonly errors: ReadonlyArray<{
    readonly when: CompiledValue;
    readonly ignore: boolean;
    readonly message: CompiledValue | null;
  }>;
}

/** Compiles the steps; fails with DEFINITION_INVALID, or DEFINITION_UNSUPPORTED for what only actions can do. */
export function compileCredentialSteps(
  steps: readonly Step[],
  templates: AuthTemplates,
  pointer: string,
  roots: readonly string[],
): readonly CompiledCredentialStep[] {
  const known: string[] = [...roots, "steps"];
  return steps.map((step, index) =>
    compileStep(requireRequestStep(step, `${pointer}/${index}`), templates, `${pointer}/${index}`, known),
  );
}

function requireRequestStep(step: Step, pointer: string): RequestStep {
  const { forEach, repeat, action } = step as Partial<Record<"forEach" | "repeat" | "action", unknown>>;
  if (forEach === undefined && repeat === undefined && action === undefined) return step as RequestStep;
  throw new ConnectorError(
    "DEFINITION_UNSUPPORTED",
    `The step at ${pointer} of an auth method must be a single request.`,
    {
      details: [{ pointer, message: "forEach, repeat and action are for the steps of actions." }],
      hint: "Write the request itself.",
    },
  );
}

function compileStep(
  step: RequestStep,
  templates: AuthTemplates,
  pointer: string,
  roots: readonly string[],
): CompiledCredentialStep {
  const { request } = step;
  const at = `${pointer}/request`;
  const value = (json: unknown, name: string, encode?: (value: unknown) => string | undefined) =>
    json === undefined ? null : templates.value(json as Json, `${at}/${name}`, roots, encode);
  const contentType = request.contentType ?? (request.text === undefined ? "application/json" : "text/plain");
  const xml = bodyFormat(contentType) === "xml";
  return Object.freeze({
    id: step.id,
    when: step.when === undefined ? null : templates.value(step.when, `${pointer}/when`, roots),
    method: request.method ?? "GET",
    url: value(request.url, "url", encodeUrlPart),
    urlComputed: request.url !== undefined && isHostComputed(request.url),
    path: value(request.path, "path", encodePathSegment),
    query: value(request.query, "query"),
    headers: value(request.headers, "headers"),
    body:
      request.text === undefined
        ? value(request.body, "body", xml ? escapeXml : undefined)
        : value(request.text, "text"),
    contentType,
    redirectIsAnswer: request.redirect === "manual",
    errors: (step.errors ?? []).map((rule, index) => compileRule(rule, templates, `${pointer}/errors/${index}`, roots)),
  });
}

function compileRule(rule: ErrorRule, templates: AuthTemplates, pointer: string, roots: readonly string[]) {
  const inAnswer = [...roots, "response"];
  return {
    when: templates.value((rule.when ?? true) as Json, `${pointer}/when`, inAnswer),
    ignore: rule.then === "ignore",
    message: rule.message === undefined ? null : templates.value(rule.message, `${pointer}/message`, inAnswer),
  };
}

/** Runs the steps and returns the last answer with all of them by id; `undefined` when every step was skipped. */
export async function runCredentialSteps(
  steps: readonly CompiledCredentialStep[],
  scope: RenderScope,
  session: AuthSession,
  options: {
    readonly what: string;
    readonly signal: AbortSignal;
    readonly allowsHost: AuthTemplates["allowsHost"];
    /** Steps that ran before these. */
    readonly earlier?: Readonly<Record<string, unknown>>;
  },
): Promise<{
  readonly last: CredentialAnswer | undefined;
  readonly steps: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
}> {
  const answers: Record<string, unknown> = { ...options.earlier };
  const secrets: string[] = [];
  let last: CredentialAnswer | undefined;
  for (const step of steps) {
    const bound = bindRoots(scope, { steps: answers });
    if (step.when !== null && !testValue(step.when, bound)) continue;
    const written = writeStep(step, bound, session, options);
    secrets.push(...written.secrets);
    const answer = await sendCredentialRequest(written, session, options.signal);
    judgeStep(step, answer, bindRoots(bound, { response: answer }), written);
    answers[step.id] = answer;
    last = answer;
  }
  return { last, steps: answers, secrets };
}

function writeStep(
  step: CompiledCredentialStep,
  scope: RenderScope,
  session: AuthSession,
  options: { readonly what: string; readonly allowsHost: AuthTemplates["allowsHost"] },
) {
  const headers = new Map<string, unknown>([["accept", "application/json"]]);
  for (const [name, value] of entries(step.headers, scope)) headers.set(name.toLowerCase(), value);
  const query = new Map(entries(step.query, scope));
  const body = step.body === null ? undefined : renderValue(step.body, scope);
  const text = writeStepBody(step, body);
  if (text !== null && !headers.has("content-type")) headers.set("content-type", step.contentType);
  return {
    what: `${options.what} step "${step.id}"`,
    method: step.method,
    url: addParameters(stepUrl(step, scope, session, options.allowsHost), query),
    headers: writeHeaders(headers),
    body: text,
    redirectIsAnswer: step.redirectIsAnswer,
    secrets: sensitiveValues([...headers, ...query, ...flatten(body)]),
  };
}

function stepUrl(
  step: CompiledCredentialStep,
  scope: RenderScope,
  session: AuthSession,
  allowsHost: AuthTemplates["allowsHost"],
): string {
  const url = step.url === null ? undefined : renderValue(step.url, scope);
  if (typeof url === "string" && url !== "") {
    const parsed = URL.parse(url);
    const isOwn = session.baseUrl !== null && parsed?.origin === URL.parse(session.baseUrl)?.origin;
    if (step.urlComputed && !isOwn && (parsed === null || !allowsHost(parsed))) {
      throw new ConnectorError(
        "SECRET_HOST_REFUSED",
        `The step "${step.id}" may not send a credential to ${parsed?.host ?? url}.`,
        {
          hint: 'Name the host in the definition\'s "hosts".',
        },
      );
    }
    return url;
  }
  const path = step.path === null ? "" : renderValue(step.path, scope);
  if (session.baseUrl !== null && typeof path === "string") return `${session.baseUrl}${path}`;
  throw new TokenError(`The step "${step.id}" has no address: neither a url nor a base URL with a path.`, {
    outcome: "misconfigured",
  });
}

function writeStepBody(step: CompiledCredentialStep, body: unknown): string | null {
  if (body === undefined) return null;
  const format = bodyFormat(step.contentType);
  if (format === "json") return JSON.stringify(body);
  if (typeof body === "string") return body;
  if (format === "form" && body !== null && typeof body === "object") return writeForm(new Map(Object.entries(body)));
  throw new ConnectorError(
    "VALUE_REFUSED",
    `The body of the step "${step.id}" cannot be written as ${step.contentType}.`,
    {
      hint: "Write JSON or a form, or give the body as text.",
    },
  );
}

function judgeStep(
  step: CompiledCredentialStep,
  answer: CredentialAnswer,
  scope: RenderScope,
  written: { readonly what: string; readonly secrets: readonly string[] },
): void {
  const rule = step.errors.find((candidate) => testValue(candidate.when, scope));
  if (rule === undefined ? answer.status >= 200 && answer.status < (step.redirectIsAnswer ? 400 : 300) : rule.ignore)
    return;
  const message = rule?.message == null ? undefined : renderValue(rule.message, scope);
  const said = scrubText(typeof message === "string" ? message : answer.text, written.secrets);
  const isTemporary = rule === undefined && (answer.status >= 500 || answer.status === 429 || answer.status === 408);
  throw new TokenError(
    `${answer.host} answered the ${written.what} with status ${answer.status}${said === "" ? "" : `: ${said}`}.`,
    {
      outcome: isTemporary ? "temporary" : "misconfigured",
      upstreamStatus: answer.status,
      hint: isTemporary ? "Try again later." : "Check the credentials of the connection.",
    },
  );
}

function entries(value: CompiledValue | null, scope: RenderScope): [string, unknown][] {
  const map = value === null ? undefined : renderValue(value, scope);
  return map !== null && typeof map === "object" ? Object.entries(map) : [];
}

function flatten(body: unknown): [string, unknown][] {
  if (body === null || typeof body !== "object") return [];
  return Object.entries(body).flatMap(([name, value]): [string, unknown][] =>
    value !== null && typeof value === "object" ? flatten(value) : [[name, value]],
  );
}
