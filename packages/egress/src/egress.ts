import type { UrlCheck } from "./check-url.ts";
import type { EgressError } from "./errors.ts";
import type { EgressLimits } from "./limits.ts";
import type { EgressPolicy, EgressPolicyOptions } from "./policy.ts";
import type { RedirectCheck, RedirectHop, RedirectQuestion } from "./redirect.ts";
import type { LookupAddresses } from "./resolve-host.ts";
import type { TlsIdentity } from "./tls-identity.ts";

/** Configures an {@link Egress}: who may be reached, within which bounds, over how many connections. */
export interface EgressOptions extends EgressPolicyOptions {
  readonly limits?: Partial<EgressLimits>;
  readonly pools?: Partial<PoolLimits>;
  /** Resolves host names. Default: the operating system's resolver. The answer is checked and pinned, never asked again. */
  readonly lookup?: LookupAddresses;
}

/** Bounds the connections that an {@link Egress} keeps. */
export interface PoolLimits {
  /** Most pools alive at once; the longest idle one makes room. Default 500. */
  readonly maxOrigins: number;
  /** Most connections to one origin. Default 256. */
  readonly connectionsPerOrigin: number;
  /** Most requests waiting for a connection to one origin. Default 2,000. */
  readonly maxQueuedPerOrigin: number;
  /** Closes a pool after this time without a request, in milliseconds. Default 60,000. */
  readonly idleMs: number;
  /** Keeps an idle connection this long unless the peer says less, in milliseconds. Default 15,000. */
  readonly keepAliveMs: number;
}

/** Holds request headers: flat `[name, value, …]`, or a record. */
export type RequestHeaders = readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** Holds response headers: lower-case names; a header that came more than once is an array. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Holds a request body. An async iterable is streamed and can't be sent twice, so a 307 or 308 that would repeat it is refused. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array | string> | null;

/** Says what to do with a 3xx that names a location. Default `{ mode: "manual", max: 5 }`. */
export interface RedirectOptions {
  readonly mode: "manual" | "follow";
  readonly max?: number;
}

/** Names what is a credential beyond the standard headers, so that it is dropped when a redirect leaves the origin. */
export interface SensitiveNames {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
}

/** Describes one request. */
export interface EgressRequest {
  readonly method: string;
  readonly url: string | URL;
  readonly headers?: RequestHeaders;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
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

/** Reads a response body, once, in one of three ways. What isn't wanted is `discard`ed. */
export interface EgressBody {
  bytes(): Promise<Uint8Array>;
  /** Decodes by the charset of the content type, UTF-8 where it names none that is known. */
  text(): Promise<string>;
  stream(): AsyncIterable<Uint8Array>;
  discard(): void;
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
  readonly maxResponseBytes?: number;
}

/** Takes the answer to a pass-through request. Nothing is unpacked and redirects are passed on as they are. */
export interface DispatchSink {
  /** Called once. Names are lower case, hop-by-hop headers are left out; the array belongs to the sink. */
  onHead(status: number, headers: string[], call: DispatchCall): void;
  /** Called per piece; `false` pauses until `call.resume()`. */
  onData(chunk: Buffer): boolean | void;
  onEnd(): void;
  /** Called at most once and never after `onEnd`; it may follow `onHead`. */
  onError(error: EgressError): void;
}

/** Steers a pass-through request that is under way. */
export interface DispatchCall {
  abort(): void;
  resume(): void;
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
  /** Lets running requests end, then closes every connection. */
  close(): Promise<void>;
}
