import type { UrlCheck } from "./check-url.ts";
import type { DispatchCall, DispatchSink, RequestWatcher } from "./exchange.ts";
import type { EgressLimits } from "./limits.ts";
import type { RequestBody, RequestHeaders, ResponseHeaders, SensitiveNames } from "./message.ts";
import type { EgressPolicy, EgressPolicyOptions } from "./policy.ts";
import type { PoolLimits } from "./pools.ts";
import type { RedirectCheck, RedirectHop, RedirectQuestion } from "./redirect.ts";
import type { LookupAddresses } from "./resolve-host.ts";
import type { EgressBody } from "./response-body.ts";
import type { TlsIdentity } from "./tls-identity.ts";

/** Configures an {@link Egress}: who may be reached, within which bounds, over how many connections. */
export interface EgressOptions extends EgressPolicyOptions {
  readonly limits?: Partial<EgressLimits>;
  readonly pools?: Partial<PoolLimits>;
  /** Resolves host names. Default: the operating system's resolver. The answer is checked and pinned, never asked again. */
  readonly lookup?: LookupAddresses;
}

/** Says what to do with a 3xx that names a location. Default `{ mode: "manual", max: 5 }`. */
export interface RedirectOptions {
  readonly mode: "manual" | "follow";
  /** Most hops. Default 5. */
  readonly max?: number;
  /** Lets a 307 or 308 carry the body, which may hold credentials, to another origin. Default false. */
  readonly bodyAcrossOrigins?: boolean;
}

/** Describes one request. */
export interface EgressRequest {
  readonly method: string;
  readonly url: string | URL;
  readonly headers?: RequestHeaders;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
  /** Told of each exchange that the request takes, to end it later: what `signal` does, without its price. */
  readonly watcher?: RequestWatcher;
  /** Bounds this request, in milliseconds; the smaller of this, `deadline` and the limit `totalMs` counts. */
  readonly timeoutMs?: number;
  /** Bounds this request by a point in time, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** Lowers `limits.maxResponseBytes` (as sent) for this request. */
  readonly maxResponseBytes?: number;
  /** Lowers `limits.maxDecompressedBytes` for this request. */
  readonly maxDecompressedBytes?: number;
  readonly redirect?: RedirectOptions;
  readonly sensitive?: SensitiveNames;
  readonly tls?: TlsIdentity;
  /** Replaces the policy of the {@link Egress}, for instance by a workspace's. Pools are never shared between policies. */
  readonly policy?: EgressPolicy;
  /** Asks for compressed bodies and unpacks them within the bounds. Default true. */
  readonly decompress?: boolean;
}

/** Holds the answer to a request. */
export interface EgressResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The URL that answered, after redirects; may hold credentials in its query. */
  readonly url: string;
  readonly body: EgressBody;
  /** The hops that were followed, in order; empty in manual mode. */
  readonly redirects: readonly RedirectHop[];
  /** Manual mode only: what following this 3xx would mean, or why it is refused. Undefined if it names no location. */
  readonly redirect: RedirectCheck | undefined;
  /** Milliseconds from the start of the request to the last response head. */
  readonly timings: { readonly headMs: number };
}

/** Holds an origin that was checked once and is called many times; made by `egress.target`. */
export interface EgressTarget {
  readonly origin: string;
}

/** Describes one pass-through request. The header array is used as it is, so a precomputed one costs nothing. */
export interface DispatchRequest {
  readonly method: string;
  /** Path and query, starting with a slash, already encoded. */
  readonly path: string;
  readonly headers: string[];
  readonly body?: RequestBody;
  readonly timeoutMs?: number;
  /** Replaces `limits.maxResponseBytes`, also upwards: nothing of the answer is kept here. */
  readonly maxResponseBytes?: number;
}

/** Counts what an {@link Egress} holds and did. */
export interface EgressStats {
  readonly pools: number;
  readonly connections: number;
  readonly running: number;
  readonly queued: number;
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
}

/** Sends requests on behalf of definitions and workspaces; the only thing in Junctor that may. */
export interface Egress {
  /** Sends a request and resolves with the response head; rejects with an {@link EgressError}, never with anything else. */
  request(request: EgressRequest): Promise<EgressResponse>;
  /** Checks an origin once for many `dispatch` calls; throws an {@link EgressError} if it is refused. */
  target(url: string | URL, options?: { readonly tls?: TlsIdentity; readonly policy?: EgressPolicy }): EgressTarget;
  /** Sends a request to a checked origin and gives the answer to a sink as it arrives: the fast path for pass-through. */
  dispatch(target: EgressTarget, request: DispatchRequest, sink: DispatchSink): DispatchCall;
  /** Says what the policy thinks of a URL, without DNS: for lint and dry runs. */
  checkUrl(url: string | URL, options?: { readonly policy?: EgressPolicy }): UrlCheck;
  /** Says whether and how a 3xx may be followed; the primitive under `redirect.mode: "follow"`. */
  checkRedirect(question: RedirectQuestion, options?: { readonly policy?: EgressPolicy }): RedirectCheck;
  stats(): EgressStats;
  /** Lets running requests end, then closes every connection. What runs longer than `graceMs` (default 30,000) is cut off. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}
