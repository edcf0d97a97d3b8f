/**
 * The fast path of *send*: the answer goes from the socket into the surface's sink, without being read, unpacked or
 * parsed. Taken where the action changes nothing about it (`action.passThrough`). An error answer or a redirect is
 * collected instead, within a small bound, and judged as usual: nothing has gone into the sink by then.
 *
 *   head ─┬─ success (or errors are passed on) ─► sink.head ─► sink.data … ─► sink.end
 *         └─ error, redirect ─► collect ─► an ordinary answer
 */
import type { OutgoingRequest } from "../auth/outgoing-request.ts";
import type { PassThroughSink } from "../execute/engine.ts";
import type {
  HttpDispatchCall,
  HttpFailure,
  HttpHeaders,
  HttpSink,
  HttpTarget,
  HttpTlsIdentity,
} from "../ports/http.ts";
import type { CallState } from "./call-state.ts";
import { isRedirect } from "./follow-redirects.ts";
import { judgeResponse } from "./map-errors.ts";
import { timeLeft } from "./send.ts";
import { describeSendFailure } from "./send-failure.ts";
import { chooseTlsIdentity } from "./tls-identity.ts";

/** Bytes of an error answer that are kept for its rules. */
const COLLECTED_BYTES = 256 * 1024;

/** Sends the request and lets the answer through. `state.passed` says whether it went into the sink. */
export function passThrough(state: CallState, sink: PassThroughSink): Promise<void> {
  const { context, plan } = state;
  const request = state.request as OutgoingRequest;
  const origin = plan?.origin ?? "";
  const target = findTarget(state, origin);
  return new Promise((resolve, reject) => {
    const flow = new PassThroughExchange(state, sink, resolve, reject);
    const call = context.http.dispatch(
      target,
      {
        method: request.method,
        path: request.url.slice(origin.length),
        headers: request.headers,
        body: request.body,
        timeoutMs: timeLeft(state),
        maxResponseBytes: context.limits.streamedBytes,
      },
      flow,
    );
    const { watcher } = state.call;
    if (watcher === undefined) flow.watch(state.call.signal, call);
    else watcher.begin(call);
  });
}

const targets = new WeakMap<object, Map<string, HttpTarget>>();
const MAX_TARGETS = 1_000;
const NO_TLS: HttpTlsIdentity = Object.freeze({});

/** An origin is checked once; the connection itself is checked against the policy each time it is made. */
function findTarget(state: CallState, origin: string): HttpTarget {
  const { http } = state.context;
  const tls = chooseTlsIdentity(state);
  const owner = tls ?? NO_TLS;
  let known = targets.get(owner === NO_TLS ? http : owner);
  if (known === undefined) {
    known = new Map();
    targets.set(owner === NO_TLS ? http : owner, known);
  }
  const present = known.get(origin);
  if (present !== undefined) return present;
  if (known.size >= MAX_TARGETS) known.clear();
  const target = http.target(origin, tls === undefined ? {} : { tls });
  known.set(origin, target);
  return target;
}

/** One answer on its way. A class, not closures: this runs for every passed-through call. */
class PassThroughExchange implements HttpSink {
  readonly #state: CallState;
  readonly #sink: PassThroughSink;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  #collected: Buffer[] | null = null;
  #size = 0;
  #unwatch: (() => void) | null = null;

  constructor(state: CallState, sink: PassThroughSink, resolve: () => void, reject: (reason: unknown) => void) {
    this.#state = state;
    this.#sink = sink;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Ends the exchange when the caller goes away. */
  watch(signal: AbortSignal | undefined, call: HttpDispatchCall): void {
    if (signal === undefined) return;
    const abort = (): void => call.abort();
    signal.addEventListener("abort", abort, { once: true });
    const unwatch = (): void => signal.removeEventListener("abort", abort);
    this.#unwatch = unwatch;
  }

  onHead(status: number, headers: string[], call: HttpDispatchCall): void {
    const state = this.#state;
    state.upstreamStatus = status;
    if (status < 300 && state.action.exchange.errors.length === 0) {
      state.passed = true;
      this.#sink.head(status, headers, call);
      return;
    }
    state.response = {
      status,
      headers: readPairs(headers),
      source: null,
      bytes: null,
      body: undefined,
      text: null,
      jsonText: null,
      decoded: false,
    };
    if (this.#isAccepted(call)) {
      state.passed = true;
      this.#sink.head(status, headers, call);
    } else this.#collected = [];
  }

  #isAccepted(call: HttpDispatchCall): boolean {
    try {
      return !isRedirect(this.#state) && judgeResponse(this.#state).kind === "accept";
    } catch (error) {
      this.#reject(error);
      call.abort();
      return false;
    }
  }

  onData(chunk: Buffer): boolean | undefined {
    if (this.#collected === null) return this.#sink.data(chunk);
    this.#size += chunk.length;
    if (this.#size <= COLLECTED_BYTES) this.#collected.push(Buffer.from(chunk));
    return true;
  }

  onEnd(): void {
    this.#unwatch?.();
    if (this.#collected === null) this.#sink.end();
    else if (this.#state.response !== null) this.#state.response.bytes = Buffer.concat(this.#collected);
    this.#resolve();
  }

  onError(failure: HttpFailure): void {
    this.#unwatch?.();
    if (!this.#state.passed) {
      this.#reject(failure);
      return;
    }
    const { error } = describeSendFailure(failure);
    this.#sink.fail(error);
    this.#reject(error);
  }
}

function readPairs(pairs: readonly string[]): HttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < pairs.length; index += 2) {
    const name = pairs[index] as string;
    const value = pairs[index + 1] as string;
    const present = headers[name];
    headers[name] =
      present === undefined ? value : typeof present === "string" ? [present, value] : [...present, value];
  }
  return headers;
}
