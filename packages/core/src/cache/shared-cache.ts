import type { CacheEntry } from "./cache-entry.ts";
import type { CacheRequest } from "./cache-types.ts";

/** A cache behind the memory of each replica. Entries are sealed by the adapter; a failure only costs a miss. */
export interface SharedCache {
  /** Every variant kept under the request's key that is not past all use. */
  get(request: CacheRequest): Promise<readonly CacheEntry[]>;
  put(request: CacheRequest, entry: CacheEntry): Promise<void>;
  /** Drops everything kept of a resource. */
  deleteResource(resource: string): Promise<void>;
  /** Drops everything of the scopes that begin with the prefix. */
  deleteScopes(prefix: string): Promise<void>;
}
