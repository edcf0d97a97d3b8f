/**
 * What the engine needs of the outbound network. `@junctor/egress` satisfies it structurally: the engine never imports
 * it at run time, so that tests, dry runs and other hosts can supply their own.
 */

/** Names the client side of a TLS connection. PEM texts. The same object must be passed for the same identity. */
export interface HttpTlsIdentity {
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly ca?: string | readonly string[];
}

/** Holds a request body. A stream cannot be sent twice. */
export type HttpBody = string | Uint8Array | AsyncIterable<Uint8Array | string> | null;

/** Holds response headers: lower-case names; a header that came more than once is an array. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Describes one request. Redirects are never followed by the port: each hop is an attempt of its own. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Flat `[name, value, …]`. */
  readonly headers: readonly string[];
  readonly body?: HttpBody;
  readonly signal?: AbortSignal;
  /** Told of the exchange, to end it later: what `signal` does, without its price. */
  readonly watcher?: HttpWatcher;
  /** Milliseconds for this request, body included. */
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  readonly maxDecompressedBytes?: number;
  /** Names that are credentials beyond the standard headers; they do not survive a change of origin. */
  readonly sensitive?: { readonly headers?: readonly string[]; readonly query?: readonly string[] };
  readonly tls?: HttpTlsIdentity;
}

/** Says what following a 3xx would mean, after the outbound policy looked at it. */
export type HttpRedirect =
  | {
      readonly kind: "follow";
      readonly url: string;
      readonly method: string;
      /** What may go along: without credentials if the origin changed, without body headers if there is no body left. */
      readonly headers: readonly string[];
      readonly keepBody: boolean;
      readonly originChanged: boolean;
    }
  | { readonly kind: "refused"; readonly error: HttpFailure };

/** Holds the answer to a request. The body is read once, in one of three ways, or discarded. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly url: string;
  readonly body: {
    bytes(): Promise<Uint8Array>;
    text(): Promise<string>;
    /** Takes the text if all of it is here; else takes nothing. A port may lack it. */
    readyText?(): string | undefined;
    stream(): AsyncIterable<Uint8Array>;
    discard(): void;
  };
}

/** Asks whether and how a 3xx may be followed. */
export interface HttpRedirectQuestion {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  /** Whether the request has a body, and whether it can be sent again. */
  readonly body: "none" | "replayable" | "stream";
  readonly status: number;
  readonly responseHeaders: HttpHeaders;
  readonly sensitive?: { readonly headers?: readonly string[]; readonly query?: readonly string[] };
}

/**
 * Is what the port rejects with: an `Error` with a stable code (`EGRESS_…`). `sent: false` means that no byte of the
 * request can have reached the peer, which is what makes a repetition safe whatever the method.
 */
export interface HttpFailure extends Error {
  readonly code: string;
  readonly sent: boolean;
  readonly hint?: string | undefined;
}

/** Holds an origin that was checked once and is called many times. */
export interface HttpTarget {
  readonly origin: string;
}

/** Describes one pass-through request. The header array is used as it is. */
export interface HttpDispatch {
  readonly method: string;
  /** Path and query, starting with a slash, already encoded. */
  readonly path: string;
  readonly headers: string[];
  readonly body?: HttpBody;
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
}

/** Steers a pass-through request that is under way. */
export interface HttpDispatchCall {
  abort(): void;
  resume(): void;
}

/** Is told of each exchange that begins, so that it can end it. */
export interface HttpWatcher {
  begin(call: HttpDispatchCall): void;
}

/** Takes the answer to a pass-through request: `onHead` once, `onData` per piece, then `onEnd` or `onError`. */
export interface HttpSink {
  /** Names are lower case, hop-by-hop headers are left out; the array belongs to the sink. */
  onHead(status: number, headers: string[], call: HttpDispatchCall): void;
  /** Returns `false` to pause until `call.resume()`. */
  onData(chunk: Buffer): boolean | undefined;
  onEnd(): void;
  /** Called at most once and never after `onEnd`; it may follow `onHead`. */
  onError(error: HttpFailure): void;
}

/** Sends what the engine decided to send. */
export interface HttpPort {
  /** Resolves with the response head; rejects with an {@link HttpFailure}. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Checks an origin once for many `dispatch` calls; throws an {@link HttpFailure} if it is refused. */
  target(url: string, options?: { readonly tls?: HttpTlsIdentity }): HttpTarget;
  dispatch(target: HttpTarget, request: HttpDispatch, sink: HttpSink): HttpDispatchCall;
  /** Says whether a 3xx that names a location may be followed, and with what. */
  checkRedirect(question: HttpRedirectQuestion): HttpRedirect;
  /** Says what the outbound policy thinks of a URL, without DNS: for lint and dry runs. */
  checkUrl(url: string): { readonly kind: "allowed" } | { readonly kind: "refused"; readonly error: HttpFailure };
}
