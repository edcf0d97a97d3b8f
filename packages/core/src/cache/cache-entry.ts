import CachePolicy from "http-cache-semantics";
import type { HttpHeaders } from "../ports/http.ts";
import { type CacheDirectives, parseCacheControl, secondsOf, writeCacheControl } from "./cache-control.ts";
import type { CacheRequest, StoredResponse } from "./cache-types.ts";

/**
 * One kept response with the policy that decides on its use. `http-cache-semantics` computes age and freshness; what it
 * reads more narrowly than RFC 9111 is prepared here: directives are normalised before it sees them, and
 * `must-revalidate` and `proxy-revalidate` are ours, because it takes them for "never without asking".
 */
export interface CacheEntry {
  readonly policy: CachePolicy;
  readonly response: StoredResponse;
  readonly method: string;
  /** Request header fields that `Vary` names, with the values that led to this response. */
  readonly selecting: readonly (readonly [name: string, value: string | undefined])[];
  /** Seconds after freshness during which the entry may be served while it is fetched anew. */
  readonly staleWhileRevalidate: number;
  /** Seconds after freshness during which the entry may stand in for a failing upstream. */
  readonly staleIfError: number;
  /** Never serve stale, whatever the request allows. */
  readonly mustRevalidate: boolean;
}

/** Statuses whose responses are kept. Partial content is not: ranges are not combined. */
const keptStatuses: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
]);

/** Makes an entry of a response, or nothing when the response must not be kept (RFC 9111 section 3). */
export function createEntry(request: CacheRequest, response: StoredResponse): CacheEntry | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  if (!keptStatuses.has(response.status) || response.keep === false) return undefined;
  const directives = parseCacheControl(joined(response.headers, "cache-control"));
  if (parseCacheControl(request.headers["cache-control"]).has("no-store")) return undefined;
  if (request.headers.range !== undefined || joined(response.headers, "vary")?.includes("*")) return undefined;
  const prepared = prepareHeaders(response.headers, directives, request.settings.ttlMs);
  const policy = new CachePolicy(
    { method: request.method, headers: { ...request.headers } },
    { status: response.status, headers: prepared },
    { shared: !request.ownedByUser, immutableMinTimeToLive: 0 },
  );
  if (!policy.storable()) return undefined;
  const mustRevalidate =
    directives.has("must-revalidate") ||
    (!request.ownedByUser && (directives.has("proxy-revalidate") || directives.has("s-maxage")));
  const staleIfError = secondsOf(directives, "stale-if-error") ?? (request.settings.staleIfErrorMs ?? 0) / 1000;
  const entry: CacheEntry = {
    policy,
    response,
    method: request.method,
    selecting: readSelecting(joined(response.headers, "vary"), request),
    staleWhileRevalidate: mustRevalidate ? 0 : (secondsOf(directives, "stale-while-revalidate") ?? 0),
    staleIfError: mustRevalidate ? 0 : staleIfError,
    mustRevalidate,
  };
  return isWorthKeeping(entry) ? entry : undefined;
}

/** Whether the entry can ever be used again: it is fresh for a while, may be stale, or can be revalidated. */
function isWorthKeeping({ policy, response, staleWhileRevalidate, staleIfError }: CacheEntry): boolean {
  if (policy.maxAge() > policy.age() || staleWhileRevalidate > 0 || staleIfError > 0) return true;
  return response.headers.etag !== undefined || response.headers["last-modified"] !== undefined;
}

/** Directives that `http-cache-semantics` is left to decide on; the others are decided here or mean nothing to us. */
const understood: ReadonlySet<string> = new Set([
  "max-age",
  "s-maxage",
  "no-cache",
  "no-store",
  "private",
  "public",
  "immutable",
]);

/** The response headers as `http-cache-semantics` reads them right. */
function prepareHeaders(
  headers: HttpHeaders,
  directives: CacheDirectives,
  ttlMs: number | undefined,
): Record<string, string> {
  const kept = new Map([...directives].filter(([name]) => understood.has(name)));
  const prepared: Record<string, string> = {};
  for (const name of Object.keys(headers)) prepared[name] = joined(headers, name) ?? "";
  if (ttlMs !== undefined) {
    for (const name of ["no-cache", "s-maxage"]) kept.delete(name);
    kept.set("max-age", String(Math.floor(ttlMs / 1000)));
    delete prepared.pragma;
    delete prepared.age;
    // An author who sets a time to live knows about cookies; they are not kept with the response anyway.
    delete prepared["set-cookie"];
  }
  // A qualified `no-cache="field"` or `private="field"` is treated like the unqualified form (RFC 9111 5.2.2.4, 5.2.2.7).
  for (const name of ["no-cache", "private"]) if (kept.has(name)) kept.set(name, true);
  if (kept.size > 0) prepared["cache-control"] = writeCacheControl(kept);
  else delete prepared["cache-control"];
  const age = prepared.age;
  if (age !== undefined && !/^\d+$/.test(age.split(",")[0]?.trim() ?? "")) delete prepared.age;
  if (ttlMs === undefined) addApparentAge(prepared);
  return prepared;
}

/** An answer that was made some time ago is that old at least, whatever its Age says (RFC 9111 section 4.2.3). */
function addApparentAge(prepared: Record<string, string>): void {
  const apparent = Math.floor((Date.now() - Date.parse(prepared.date ?? "")) / 1000);
  if (apparent > Number.parseInt(prepared.age ?? "0", 10)) prepared.age = String(apparent);
}

/** A header as one field value: repeated fields are one list (RFC 9110 section 5.2). */
export function joined(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}

/** The request header fields that `vary` names, normalised: order of lists and white space do not matter. */
function readSelecting(vary: string | undefined, request: CacheRequest): CacheEntry["selecting"] {
  const names = (vary ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== "").map((name) => [name, normalizeField(request.headers[name])]);
}

const normalizeField = (value: string | undefined): string | undefined =>
  value
    ?.split(",")
    .map((part) => part.trim().replace(/\s+/g, " "))
    .join(",");

/** Whether the request selects this entry: equal in every header field that the response's `Vary` named. */
export function matchesVary(entry: CacheEntry, request: CacheRequest): boolean {
  return entry.selecting.every(([name, value]) => normalizeField(request.headers[name]) === value);
}
