import type { AuthSession } from "../auth/auth-method.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpFailure, HttpResponse } from "../ports/http.ts";
import { readTokenAnswer, type TokenAnswer } from "./token-answer.ts";
import { TokenError } from "./token-error.ts";

/** One request of an auth method's own, ready to send. */
export interface CredentialRequest {
  /** What it is, for messages: `token request`, `login step "open"`. */
  readonly what: string;
  readonly method: string;
  readonly url: string;
  /** Flat `[name, value, …]`. */
  readonly headers: readonly string[];
  readonly body: string | null;
  /** Takes a 3xx as the answer (a form login that sets its cookie and redirects) instead of refusing it. */
  readonly redirectIsAnswer?: boolean;
}

/** The answer, with when it was asked for and when it came, in epoch milliseconds. */
export interface CredentialAnswer extends TokenAnswer {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Host that answered, for messages. */
  readonly host: string;
}

/** Token answers are small; anything larger is a mistake or an attack. */
const maxAnswerBytes = 1_048_576;

/**
 * Sends a request of an auth method through the outbound port and reads the answer. Fails with `TokenError`: temporary when
 * the host cannot be reached, misconfigured when the outbound policy refuses it. Redirects are not followed: a token
 * endpoint that moves is a setting to change, and following would carry the credential elsewhere.
 */
export async function sendCredentialRequest(
  request: CredentialRequest,
  session: AuthSession,
  signal: AbortSignal,
): Promise<CredentialAnswer> {
  const url = parseUrl(request);
  session.checkSecretHosts(request.url);
  const sentAt = session.clock.now();
  try {
    const response = await session.http.request({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: request.body,
      signal,
      maxResponseBytes: maxAnswerBytes,
      maxDecompressedBytes: maxAnswerBytes,
      ...(session.tls !== undefined && { tls: session.tls }),
    });
    const text = await response.body.text();
    refuseRedirect(request, response, url.host);
    const receivedAt = session.clock.now();
    return { ...readTokenAnswer(response.status, response.headers, text), sentAt, receivedAt, host: url.host };
  } catch (error) {
    throw describeFailure(error, request, url.host, signal);
  }
}

function parseUrl(request: CredentialRequest): URL {
  const url = URL.parse(request.url);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:") && url.username === "") return url;
  throw new TokenError(`The address of the ${request.what} is not a URL.`, {
    outcome: "misconfigured",
    hint: "Look at the URL in the definition and at the connection's parameters it is made of.",
  });
}

function refuseRedirect(request: CredentialRequest, response: HttpResponse, host: string): void {
  if (response.status < 300 || response.status > 399 || request.redirectIsAnswer === true) return;
  throw new TokenError(`${host} answered the ${request.what} with a redirect (${response.status}).`, {
    outcome: "misconfigured",
    upstreamStatus: response.status,
    hint: "Write the address that it redirects to into the definition, if it is right.",
  });
}

/** Codes by which the outbound policy says that the address itself is the problem. */
const policyCodes = /_(URL_INVALID|REQUEST_INVALID|SCHEME_REFUSED|HOST_REFUSED|ADDRESS_REFUSED|PORT_REFUSED)$/;

function describeFailure(error: unknown, request: CredentialRequest, host: string, signal: AbortSignal): unknown {
  if (error instanceof ConnectorError) return error;
  const failure = error as Partial<HttpFailure>;
  if (typeof failure.code !== "string" || typeof failure.sent !== "boolean") {
    if (!signal.aborted) return error;
    return new TokenError(`${host} did not answer the ${request.what} in time.`, {
      outcome: "temporary",
      inDoubt: true,
      cause: error,
    });
  }
  if (policyCodes.test(failure.code)) {
    return new TokenError(`The outbound policy refuses ${host} for the ${request.what} (${failure.code}).`, {
      outcome: "misconfigured",
      cause: error,
      hint: failure.hint ?? "Let the operator allow the host, or correct the address.",
    });
  }
  if (failure.code === "EGRESS_IDENTITY_INVALID") {
    return new TokenError(`${host} was not asked for the ${request.what}. ${failure.message}`, {
      outcome: "misconfigured",
      cause: error,
      ...(failure.hint !== undefined && { hint: failure.hint }),
    });
  }
  return new TokenError(`${host} could not be asked: the ${request.what} failed (${failure.code}).`, {
    outcome: "temporary",
    inDoubt: failure.sent,
    cause: error,
    hint: failure.hint ?? "Try again; the stored credential was not changed.",
  });
}
