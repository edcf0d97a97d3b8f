import { checkUrl } from "./check-url.ts";
import { countFailure } from "./counters.ts";
import type {
  DispatchRequest,
  Egress,
  EgressOptions,
  EgressRequest,
  EgressResponse,
  EgressStats,
  EgressTarget,
} from "./egress.ts";
import { describeUrl, EgressError } from "./errors.ts";
import { type DispatchCall, type DispatchSink, Exchange } from "./exchange.ts";
import { resolveLimits } from "./limits.ts";
import { findForbiddenHeader, readEndToEndHeaders } from "./message.ts";
import { type EgressPolicy, resolvePolicy } from "./policy.ts";
import { closedError, DEFAULT_POOL_LIMITS, type OriginPool, Pools } from "./pools.ts";
import { checkRedirect, type RedirectCheck, type RedirectQuestion } from "./redirect.ts";
import { type RequestContext, sendRequest, startExchange } from "./request.ts";
import { lookupSystem, shareLookups } from "./resolve-host.ts";
import type { TlsIdentity } from "./tls-identity.ts";

/** Creates an {@link Egress}. Proxy environment variables are not read: a proxy would resolve the names, unchecked. */
export function createEgress(options: EgressOptions = {}): Egress {
  const limits = resolveLimits(options.limits);
  const policy = resolvePolicy(options);
  const pools = new Pools(
    { ...DEFAULT_POOL_LIMITS, ...options.pools },
    limits,
    shareLookups(options.lookup ?? lookupSystem),
  );
  return new PooledEgress({ limits, policy, pools, counters: { requests: 0, refused: 0, failed: 0 } });
}

class CheckedTarget implements EgressTarget {
  readonly origin: string;
  readonly url: URL;
  readonly policy: EgressPolicy;
  readonly tls: TlsIdentity | undefined;
  pool: OriginPool;

  constructor(url: URL, policy: EgressPolicy, tls: TlsIdentity | undefined, pool: OriginPool) {
    this.origin = url.origin;
    this.url = url;
    this.policy = policy;
    this.tls = tls;
    this.pool = pool;
  }
}

class PooledEgress implements Egress {
  readonly #context: RequestContext;
  #closed = false;

  constructor(context: RequestContext) {
    this.#context = context;
  }

  request(request: EgressRequest): Promise<EgressResponse> {
    this.#context.counters.requests++;
    if (this.#closed) return Promise.reject(this.#count(closedError()));
    return sendRequest(this.#context, request);
  }

  target(
    url: string | URL,
    options: { readonly tls?: TlsIdentity; readonly policy?: EgressPolicy } = {},
  ): EgressTarget {
    const policy = options.policy ?? this.#context.policy;
    const check = checkUrl(url, policy);
    if (check.kind === "refused") throw this.#count(check.error);
    const pool = this.#context.pools.open({ origin: check.url.origin, policy, tls: options.tls });
    return new CheckedTarget(check.url, policy, options.tls, pool);
  }

  dispatch(target: EgressTarget, request: DispatchRequest, sink: DispatchSink): DispatchCall {
    this.#context.counters.requests++;
    if (!(target instanceof CheckedTarget)) throw new TypeError("A target comes from egress.target().");
    const { limits, pools, counters } = this.#context;
    try {
      if (target.pool.closed) target.pool = pools.open(target);
      checkDispatch(target, request);
      pools.checkQueue(target.pool);
    } catch (error) {
      sink.onError(this.#count(error));
      return NEVER_STARTED;
    }
    const exchange = new Exchange(target.pool, sink, {
      method: request.method,
      readHead: readEndToEndHeaders,
      totalMs: request.timeoutMs ?? limits.totalMs,
      maxResponseBytes: request.maxResponseBytes ?? limits.maxResponseBytes,
      counters,
    });
    startExchange(target.pool, exchange, request);
    return exchange;
  }

  checkUrl(url: string | URL, options: { readonly policy?: EgressPolicy } = {}): ReturnType<Egress["checkUrl"]> {
    return checkUrl(url, options.policy ?? this.#context.policy);
  }

  checkRedirect(question: RedirectQuestion, options: { readonly policy?: EgressPolicy } = {}): RedirectCheck {
    return checkRedirect(question, options.policy ?? this.#context.policy);
  }

  stats(): EgressStats {
    return { ...this.#context.pools.counts(), ...this.#context.counters };
  }

  async close({ graceMs = 30_000 }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#closed = true;
    await this.#context.pools.close(graceMs);
  }

  #count(error: unknown): EgressError {
    return countFailure(this.#context.counters, error);
  }
}

/** Throws what can't be sent. The header check looks only for names that would point the request at another server. */
function checkDispatch(target: CheckedTarget, { method, path, headers }: DispatchRequest): void {
  if (!path.startsWith("/"))
    throw invalid(target, "The path of the request isn't absolute.", "Start the path with a slash.");
  if (method === "CONNECT" || method === "TRACE") {
    throw invalid(target, `The method ${method} can't be sent.`, "Use a method of the API.");
  }
  const forbidden = findForbiddenHeader(headers);
  if (forbidden === undefined) return;
  throw invalid(target, `The header ${forbidden} belongs to the connection.`, "Leave it out; egress writes it.");
}

function invalid({ url }: CheckedTarget, message: string, hint: string): EgressError {
  return new EgressError("EGRESS_REQUEST_INVALID", message, { url: describeUrl(url), hostname: url.hostname, hint });
}

const NEVER_STARTED: DispatchCall = Object.freeze({ abort() {}, resume() {} });
