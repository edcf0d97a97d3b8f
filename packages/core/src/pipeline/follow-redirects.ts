import { type OutgoingRequest, setHeader } from "../auth/outgoing-request.ts";
import { narrowFreshness } from "../cache/redirect-freshness.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpRedirect } from "../ports/http.ts";
import { openSession } from "./authenticate.ts";
import type { CallState } from "./call-state.ts";
import { checkSecretHosts } from "./check-secret-hosts.ts";
import { changesThings, forgetRedirected } from "./forget-changed.ts";
import { mayCarryCredential } from "./may-carry-credential.ts";
import { type FollowedRedirect, noteRedirects } from "./redirects.ts";
import { sendRequest, takeAnswer } from "./send.ts";
import { describeSendFailure } from "./send-failure.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

const MAX_HOPS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether the answer is a redirect that this action follows. */
export function isRedirect(state: CallState): boolean {
  const { response } = state;
  if (response === null || response.status < 300 || response.status >= 400) return false;
  return (
    REDIRECTS.has(response.status) &&
    state.action.exchange.request.followRedirects &&
    response.headers.location !== undefined
  );
}

/**
 * Follows redirects hop by hop. The outbound policy looks at each target anew. The credential goes along only within the
 * connector's hosts, and is then applied anew (a signature covers the URL); elsewhere every credential is dropped, and a
 * body that holds a secret is not sent. What the last answer says of its freshness becomes what the whole way allows.
 */
export async function followRedirects(state: CallState): Promise<void> {
  const redirects: FollowedRedirect[] = [];
  for (let hop = 1; isRedirect(state); hop++) {
    if (hop > MAX_HOPS) throw refuse(`It redirected more than ${MAX_HOPS} times.`, state);
    const request = state.request as OutgoingRequest;
    const response = state.response as UpstreamResponse;
    response.source?.discard();
    response.source = null;
    const step = state.context.http.checkRedirect({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: bodyKind(request),
      status: response.status,
      responseHeaders: response.headers,
      sensitive: { headers: request.sensitiveHeaders, query: request.sensitiveQuery },
    });
    if (step.kind === "refused") {
      const { error } = describeSendFailure(step.error);
      throw error.code === "EGRESS_REFUSED" ? refuse(error.message, state, error.hint) : error;
    }
    forgetWrite(state, redirects, request.method, response);
    const { origin, pathname, search } = new URL(step.url);
    const { status, headers } = response;
    redirects.push({ status, headers, origin, target: pathname + search, method: step.method });
    await takeHop(state, request, step);
    takeAnswer(state, await sendRequest(state));
  }
  const last = state.response as UpstreamResponse;
  const narrowed = { ...last, headers: narrowFreshness(last.headers, redirects) };
  noteRedirects(narrowed, redirects);
  state.response = narrowed;
}

/** A write that is answered with a redirect is done, also where what follows fails. */
function forgetWrite(
  state: CallState,
  redirects: readonly FollowedRedirect[],
  method: string,
  { headers }: UpstreamResponse,
): void {
  const { plan, context } = state;
  if (context.cache === null || plan === null || !changesThings(method) || state.action.cache !== null) return;
  const address = redirects.at(-1) ?? plan;
  const { origin, target } = address;
  if (target !== null) forgetRedirected(state, context.cache, { origin, target }, headers);
}

async function takeHop(
  state: CallState,
  request: OutgoingRequest,
  step: Extract<HttpRedirect, { kind: "follow" }>,
): Promise<void> {
  const url = new URL(step.url);
  const trusted = mayCarryCredential(state, url);
  if (!trusted && step.keepBody && state.plan?.deferred?.body != null) {
    throw refuse("It redirected a body that holds a secret to another host.", state);
  }
  const next: OutgoingRequest = {
    method: step.method,
    url: step.url,
    headers: [...step.headers],
    body: step.keepBody ? request.body : null,
    sensitiveHeaders: [],
    sensitiveQuery: [],
  };
  state.request = next;
  if (!trusted) return;
  for (let index = 0; index < request.headers.length; index += 2) {
    const name = request.headers[index] as string;
    const isDeferred = state.plan?.deferred?.headers.some((header) => header.name.toLowerCase() === name.toLowerCase());
    if (isDeferred === true) setHeader(next, name, request.headers[index + 1] as string);
  }
  checkSecretHosts(state, state.action.exchange.uses.secrets, url);
  if (state.auth === null) return;
  if (state.auth.secretsGoTo === "request") checkSecretHosts(state, state.authSecrets, url);
  const signed = state.auth.apply(next, openSession(state));
  if (signed !== undefined) await signed;
}

function bodyKind(request: OutgoingRequest): "none" | "replayable" | "stream" {
  if (request.body === null) return "none";
  return typeof request.body === "string" || request.body instanceof Uint8Array ? "replayable" : "stream";
}

const refuse = (reason: string, state: CallState, hint?: string): ConnectorError =>
  new ConnectorError("UPSTREAM_REDIRECT_REFUSED", `The upstream's redirect was not followed. ${reason}`, {
    ...(state.upstreamStatus !== null && { upstreamStatus: state.upstreamStatus }),
    ...(hint !== undefined && { hint }),
  });
