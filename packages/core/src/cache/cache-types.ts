import type { HttpHeaders } from "../ports/http.ts";

/** Everything the cache must know of one request. The credential is in the key, never in the headers. */
export interface CacheRequest {
  /** Names the representation: connector version, method class, rendered request, credential, and user if it was read. */
  readonly key: string;
  /** Names the resource, whoever asks for it: `workspace ␊ digest of the URL`. A write drops what is kept of it. */
  readonly resource: string;
  /** Whose it is: `workspace ␊ connector ␊`. A purge names a prefix of it. */
  readonly scope: string;
  readonly method: string;
  /** Lower-case request headers as they would be sent, without the credential: what `Vary` selects by. */
  readonly headers: Readonly<Record<string, string>>;
  /** The key belongs to one user, so a `private` response may be kept. */
  readonly ownedByUser: boolean;
  readonly settings: CacheSettings;
}

/** The action's `cache` setting (definition section 8). */
export interface CacheSettings {
  /** Replaces the freshness that the upstream states; `no-store` and `private` still hold. */
  readonly ttlMs?: number | undefined;
  /** How long past its freshness a response may stand in for an upstream that fails. */
  readonly staleIfErrorMs?: number | undefined;
}

/** A whole upstream response, as it is kept: decoded content coding, no secret, no hop-by-hop header. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly bytes: Uint8Array;
  /** False for a response that must not be kept whatever it says of itself. */
  readonly keep?: false;
  /** Resources that it came over beside the request's own, in the form of `CacheRequest.resource`: it was redirected. */
  readonly over?: readonly string[];
}

/**
 * How a response came about:
 * `hit` kept and fresh · `stale` kept, past its freshness, allowed · `revalidated` kept, confirmed by the upstream ·
 * `coalesced` fetched by an identical call that was under way · `miss` fetched and looked up in vain ·
 * `bypass` the cache was not asked (method, request directives, setting).
 */
export type CacheOutcome = "hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass";

export interface CacheAnswer {
  readonly response: StoredResponse;
  readonly outcome: CacheOutcome;
  /** Whether the response is kept now. */
  readonly stored: boolean;
}

/**
 * Fetches from the upstream. `conditional` are the validators to add (`if-none-match`, `if-modified-since`); the
 * answer may then be a 304. `behind`: the caller was answered already. A failure is thrown.
 */
export type LoadResponse = (conditional: Readonly<Record<string, string>>, behind: boolean) => Promise<StoredResponse>;

/** Waits for what an identical call of somebody else yields, no longer than the caller stays; rejects when he goes. */
export type WaitForOthers = <Value>(others: Promise<Value>) => Promise<Value>;
