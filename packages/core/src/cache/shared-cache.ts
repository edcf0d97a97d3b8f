import type { CacheEntry } from "./cache-entry.ts";
import type { CacheRequest } from "./cache-types.ts";

/** A cache behind the memory of each replica. Entries are sealed by the adapter; a failure only costs a miss. */
export interface SharedCache {
  /** Every variant kept under the request's key that is not past all use. */
  get(request: CacheRequest): Promise<readonly CacheEntry[]>;
  put(request: CacheRequest, entry: CacheEntry): Promise<void>;
  /** Drops one resource (`exact`) or every resource that begins with the prefix. */
  deletePrefix(resource: string, exact: boolean): Promise<void>;
}
