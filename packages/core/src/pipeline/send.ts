import type { OutgoingRequest } from "../auth/outgoing-request.ts";
import type { Call } from "../execute/call.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { CallState } from "./call-state.ts";
import { chooseTlsIdentity } from "./tls-identity.ts";

/**
 * Stage *send*: one exchange; `takeAnswer` puts what it yields into the state. Fails with what the outbound port fails with,
 * which `describeSendFailure` reads.
 */
export function sendRequest(state: CallState): Promise<HttpResponse> {
  const { context, call } = state;
  const request = state.request as OutgoingRequest;
  const streamed = state.action.exchange.response.binary;
  const tls = chooseTlsIdentity(state);
  const limit = streamed ? context.limits.streamedBytes : context.limits.responseBytes;
  return context.http.request({
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: request.body,
    timeoutMs: timeLeft(state),
    maxResponseBytes: limit,
    maxDecompressedBytes: limit,
    ...watch(call),
    ...(tls !== undefined && { tls }),
  });
}

/** Takes over the head of an answer; its body is read where something asks for it. */
export function takeAnswer(state: CallState, answer: HttpResponse): void {
  state.upstreamStatus = answer.status;
  state.response = {
    status: answer.status,
    headers: answer.headers,
    source: answer.body,
    bytes: null,
    body: undefined,
    text: null,
    jsonText: null,
    decoded: false,
  };
}

/** Names what ends the exchange when the caller goes away. */
function watch(call: Call): Pick<HttpRequest, "watcher" | "signal"> | undefined {
  const { watcher } = call;
  if (watcher !== undefined) return { watcher };
  return call.signal === undefined ? undefined : { signal: call.signal };
}

/**
 * Milliseconds that the call has left, rounded up a little: timers of equal length share one list in the event loop, and
 * nearly every call has just begun.
 */
export function timeLeft({ deadline, context }: CallState): number {
  const left = Math.max(1, deadline - context.clock.now());
  return left < ROUNDED_FROM ? left : Math.ceil(left / ROUNDED_TO) * ROUNDED_TO;
}

const ROUNDED_FROM = 1_000;
const ROUNDED_TO = 50;
