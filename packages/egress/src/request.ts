import { countError, countFailure, type EgressCounters } from "./counters.ts";
import { ACCEPT_ENCODING, dropPackedHeaders } from "./decompress.ts";
import type { EgressRequest, EgressResponse } from "./egress.ts";
import { describeUrl, EgressError, withDetails } from "./errors.ts";
import { type DispatchCall, Exchange, type ExchangeSink } from "./exchange.ts";
import { HopUrl, readHopUrl } from "./hop-url.ts";
import type { EgressLimits } from "./limits.ts";
import { flattenHeaders, type RequestBody, type ResponseHeaders, readHeaders } from "./message.ts";
import type { EgressPolicy } from "./policy.ts";
import type { OriginPool, Pools } from "./pools.ts";
import { checkRedirect, isRedirect, type RedirectCheck, type RedirectHop } from "./redirect.ts";
import { ResponseBody } from "./response-body.ts";
import type { TlsIdentity } from "./tls-identity.ts";

/** Holds what every request of one Egress shares. */
export interface RequestContext {
  readonly pools: Pools;
  readonly limits: EgressLimits;
  readonly policy: EgressPolicy;
  readonly counters: EgressCounters;
}

/** One hop: a request that is fully decided. */
interface Hop {
  readonly method: string;
  readonly url: HopUrl;
  readonly headers: string[];
  readonly body: RequestBody;
  readonly tls: TlsIdentity | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: ResponseBody;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Sends a request, following redirects if asked:
 *
 *     check URL ─► pool ─► exchange ─► head ─┬─ not a redirect, or manual ─► response
 *         ▲                                  └─ follow ─► check redirect ─┐
 *         └───────────────────────────────────────────────────────────────┘ at most `max` times
 */
export async function sendRequest(context: RequestContext, request: EgressRequest): Promise<EgressResponse> {
  const started = performance.now();
  const policy = request.policy ?? context.policy;
  const endsAt = started + readTotalMs(request, context.limits);
  const redirects: RedirectHop[] = [];
  try {
    let hop = firstHop(request, policy);
    while (true) {
      const answer = await sendHop(context, request, hop, endsAt);
      const { status, headers, body } = answer;
      const next = isRedirect(status, headers) ? askRedirect(request, hop, answer, policy) : undefined;
      if (next === undefined || request.redirect?.mode !== "follow") {
        return {
          status,
          headers,
          url: hop.url.href,
          body,
          redirects,
          redirect: next,
          timings: { headMs: performance.now() - started },
        };
      }
      body.discard();
      hop = followHop(hop, next, redirects, request.redirect.max ?? 5);
    }
  } catch (error) {
    throw countFailure(context.counters, error);
  }
}

function readTotalMs(request: EgressRequest, limits: EgressLimits): number {
  const { timeoutMs = limits.totalMs, deadline } = request;
  const untilDeadline = deadline === undefined ? limits.totalMs : deadline - Date.now();
  return Math.min(limits.totalMs, timeoutMs, untilDeadline);
}

function firstHop(request: EgressRequest, policy: EgressPolicy): Hop {
  const { method, body = null, tls } = request;
  if (!METHOD.test(method) || method === "CONNECT" || method === "TRACE") {
    const hint = "Use a method of the API, in upper case.";
    throw new EgressError("EGRESS_REQUEST_INVALID", `The method ${JSON.stringify(method)} can't be sent.`, { hint });
  }
  const url = readHopUrl(request.url, policy);
  const headers = flattenHeaders(request.headers);
  if (request.decompress !== false && !asksEncoding(headers)) headers.push("accept-encoding", ACCEPT_ENCODING);
  return { method, url, headers, body, tls };
}

function asksEncoding(headers: readonly string[]): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    if (name.length === "accept-encoding".length && name.toLowerCase() === "accept-encoding") return true;
  }
  return false;
}

function askRedirect(request: EgressRequest, hop: Hop, answer: Answer, policy: EgressPolicy): RedirectCheck {
  const question = {
    method: hop.method,
    url: hop.url.parsed,
    headers: hop.headers,
    body: describeBody(hop.body),
    status: answer.status,
    responseHeaders: answer.headers,
    bodyAcrossOrigins: request.redirect?.bodyAcrossOrigins ?? false,
    ...(request.sensitive !== undefined && { sensitive: request.sensitive }),
  };
  return checkRedirect(question, policy);
}

function describeBody(body: RequestBody): "none" | "replayable" | "stream" {
  if (body === null || body === "") return "none";
  return typeof body === "string" || body instanceof Uint8Array ? "replayable" : "stream";
}

function followHop(hop: Hop, next: RedirectCheck, redirects: RedirectHop[], max: number): Hop {
  if (next.kind === "refused") throw next.error;
  if (redirects.length >= max) {
    const hint = "Call the final address directly, or allow more redirects.";
    const { parsed: url } = hop.url;
    const details = { url: describeUrl(url), hostname: url.hostname, hint, sent: true };
    throw new EgressError("EGRESS_TOO_MANY_REDIRECTS", `The answer redirects more than ${max} times.`, details);
  }
  redirects.push(next.hop);
  return {
    method: next.method,
    url: HopUrl.of(new URL(next.url)),
    headers: [...next.headers],
    body: next.keepBody ? hop.body : null,
    // A client certificate is a credential of the origin that it was configured for.
    tls: next.originChanged ? undefined : hop.tls,
  };
}

/** Sends one hop; a refusal before anything is sent is thrown, what comes later rejects. */
function sendHop(context: RequestContext, request: EgressRequest, hop: Hop, endsAt: number): Promise<Answer> {
  const { limits } = context;
  const { signal, watcher } = request;
  const totalMs = Math.ceil(endsAt - performance.now());
  const pool = openPool(context, request, hop, totalMs);
  return new Promise((resolve, reject) => {
    const unpacking = {
      decompress: request.decompress !== false && hop.method !== "HEAD",
      maxDecompressedBytes: Math.min(
        limits.maxDecompressedBytes,
        request.maxDecompressedBytes ?? limits.maxDecompressedBytes,
      ),
      maxDecompressionRatio: limits.maxDecompressionRatio,
    };
    const collector = new Collector({ unpacking, url: hop.url, counters: context.counters, resolve, reject });
    const exchange = new Exchange(pool, collector, {
      method: hop.method,
      readHead: readHeaders,
      totalMs,
      maxResponseBytes: Math.min(limits.maxResponseBytes, request.maxResponseBytes ?? limits.maxResponseBytes),
    });
    if (signal !== undefined) collector.watch(signal, exchange);
    watcher?.begin(exchange);
    const { method, url, headers, body } = hop;
    startExchange(pool, exchange, { method, path: url.path, headers, body });
  });
}

function openPool(
  { pools, policy }: RequestContext,
  request: Pick<EgressRequest, "signal" | "policy">,
  hop: Hop,
  totalMs: number,
): OriginPool {
  try {
    if (request.signal?.aborted === true)
      throw new EgressError("EGRESS_ABORTED", "The request was aborted before it was sent.");
    if (totalMs <= 0) {
      const hint = "Give the call more time.";
      throw new EgressError("EGRESS_TIMEOUT", "The time for the request was over before it was sent.", {
        phase: "total",
        hint,
      });
    }
    const pool = pools.open({ origin: hop.url.origin, policy: request.policy ?? policy, tls: hop.tls });
    pools.checkQueue(pool);
    return pool;
  } catch (error) {
    throw error instanceof EgressError ? withUrl(error, hop.url.parsed) : error;
  }
}

const withUrl = (error: EgressError, url: URL): EgressError =>
  withDetails(error, { url: describeUrl(url), hostname: url.hostname, sent: error.sent });

/** Hands an exchange to undici. */
export function startExchange(
  pool: OriginPool,
  exchange: Exchange<unknown>,
  { method, path, headers, body = null }: { method: string; path: string; headers: string[]; body?: RequestBody },
): void {
  const isBuffered = body === null || typeof body === "string" || body instanceof Uint8Array;
  // undici writes any async iterable; its type declaration only names streams.
  const sendable = isBuffered ? body : (watchBody(body, exchange) as unknown as Uint8Array);
  pool.dispatcher.dispatch({ method, path, headers, body: sendable }, exchange);
}

/** Reports a failure of the caller's own stream as such; undici would report a lost connection. */
async function* watchBody(
  body: AsyncIterable<Uint8Array | string>,
  exchange: Exchange<unknown>,
): AsyncGenerator<Uint8Array | string> {
  try {
    yield* body;
  } catch (error) {
    exchange.failBody(error);
  }
}

interface CollectorOptions {
  readonly unpacking: {
    readonly decompress: boolean;
    readonly maxDecompressedBytes: number;
    readonly maxDecompressionRatio: number;
  };
  readonly url: HopUrl;
  readonly counters: EgressCounters;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: EgressError) => void;
}

/** Turns the events of one exchange into a promise of the head and a body to read. */
class Collector implements ExchangeSink<ResponseHeaders> {
  readonly #options: CollectorOptions;
  #body: ResponseBody | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Aborts the exchange with the signal, also while the body is being read. */
  watch(signal: AbortSignal, exchange: Exchange<unknown>): void {
    const abort = (): void => exchange.abort();
    signal.addEventListener("abort", abort, { once: true });
    const unwatch = (): void => signal.removeEventListener("abort", abort);
    this.#unwatch = unwatch;
  }

  onHead(status: number, headers: ResponseHeaders, call: DispatchCall): void {
    const { unpacking, resolve } = this.#options;
    const decompress = unpacking.decompress && status !== 204 && status !== 304;
    this.#body = new ResponseBody(call, { limits: unpacking, headers, decompress });
    resolve({ status, headers: decompress ? dropPackedHeaders(headers) : headers, body: this.#body });
  }

  onData(chunk: Buffer): boolean {
    return this.#body?.push(chunk) ?? true;
  }

  onEnd(): void {
    this.#unwatch?.();
    this.#body?.end();
  }

  onError(error: EgressError): void {
    this.#unwatch?.();
    const { url, counters, reject } = this.#options;
    const described = withUrl(error, url.parsed);
    if (this.#body === undefined) {
      reject(described);
      return;
    }
    countError(counters, described);
    this.#body.fail(described);
  }
}
