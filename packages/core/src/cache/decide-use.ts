import { type CacheDirectives, parseCacheControl, secondsOf } from "./cache-control.ts";
import { isNoCache as asksEachTime, type CacheEntry } from "./cache-entry.ts";
import type { CacheRequest } from "./cache-types.ts";
import { joined } from "./joined-field.ts";

/** What becomes of a request by what is kept: use it, use it once more and fetch behind, or ask the upstream. */
export type Decision = "fresh" | "stale-while-revalidate" | "revalidate";

/** Seconds since an entry was made, and until it is stale (RFC 9111 section 4.2). */
export interface Freshness {
  readonly age: number;
  readonly left: number;
}

/** Reads the clock once for an entry. */
export function readFreshness({ policy }: CacheEntry): Freshness {
  const age = policy.age();
  return { age, left: policy.maxAge() - age };
}

/** Decides on the use of an entry by its freshness and the request's directives (RFC 9111 sections 4.2, 5.2.1). */
export function decide(
  entry: CacheEntry,
  request: CacheRequest,
  { age, left }: Freshness,
  parsed?: CacheDirectives,
): Decision {
  const field = request.headers["cache-control"];
  const directives = parsed ?? (field === undefined ? noDirectives : parseCacheControl(field));
  if (asksAnew(request, directives)) return "revalidate";
  const maxAge = secondsOf(directives, "max-age");
  if (maxAge !== undefined && age > maxAge) return "revalidate";
  const minFresh = secondsOf(directives, "min-fresh");
  if (minFresh !== undefined && left < minFresh) return "revalidate";
  if (left > 0) return "fresh";
  if (entry.mustRevalidate || isNoCache(entry)) return "revalidate";
  const maxStale = directives.get("max-stale");
  if (maxStale !== undefined && (maxStale === true || Number(maxStale) >= -left)) return "fresh";
  return entry.staleWhileRevalidate > -left ? "stale-while-revalidate" : "revalidate";
}

const noDirectives: CacheDirectives = new Map();

/** Whether a request wants the upstream asked, whatever is kept or on its way (RFC 9111 sections 5.2.1.4, 5.4). */
export const asksAnew = ({ headers }: CacheRequest, directives: CacheDirectives): boolean =>
  directives.has("no-cache") ||
  directives.has("no-store") ||
  (headers["cache-control"] === undefined && headers.pragma?.toLowerCase().includes("no-cache") === true);

const isNoCache = ({ response }: CacheEntry): boolean =>
  asksEachTime(parseCacheControl(joined(response.headers, "cache-control")));

/** Whether a stale entry may stand in for an upstream that failed (RFC 5861; RFC 9111 section 4.2.4). */
export function maySubstitute(entry: CacheEntry, request: CacheRequest): boolean {
  if (entry.mustRevalidate || isNoCache(entry)) return false;
  const asked = secondsOf(parseCacheControl(request.headers["cache-control"]), "stale-if-error") ?? 0;
  const { left } = readFreshness(entry);
  return left > 0 || Math.max(entry.staleIfError, asked) > -left;
}
