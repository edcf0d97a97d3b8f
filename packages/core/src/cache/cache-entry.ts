import CachePolicy from "http-cache-semantics";
import { type CacheDirectives, parseCacheControl, secondsOf, writeCacheControl } from "./cache-control.ts";
import type { CacheRequest, StoredResponse } from "./cache-types.ts";
import { parseHttpDate } from "./http-date.ts";
import { joined } from "./joined-field.ts";
import { readSelecting, type Selecting } from "./select-variant.ts";
import { isValidated } from "./validation.ts";

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
  readonly selecting: Selecting;
  /** Seconds after freshness during which the entry may be served while it is fetched anew. */
  readonly staleWhileRevalidate: number;
  /** Seconds after freshness during which the entry may stand in for a failing upstream. */
  readonly staleIfError: number;
  /** Never serve stale, whatever the request allows. */
  readonly mustRevalidate: boolean;
}

/** Statuses whose meaning for a cache is known; some of them are kept without stated freshness, some with it only. */
const understoodStatuses: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
]);

/**
 * Statuses that are never kept, whatever they say: no final response, a part, a confirmation, or about this caller's
 * credential, timing or connection rather than about the resource.
 */
const unkeepable: ReadonlySet<number> = new Set([206, 304, 401, 403, 407, 408, 416, 421, 425, 429, 511]);

/**
 * The status that `http-cache-semantics` is told, or nothing when the response must not be kept. It keeps only what it
 * understands; any other final response is kept where the upstream states its freshness or says `public`, and nothing
 * is guessed or set for it (RFC 9111 section 3).
 */
function statusForPolicy(
  { status, headers, keep }: StoredResponse,
  directives: CacheDirectives,
  ttlMs: number | undefined,
): number | undefined {
  if (keep === false || status < 200 || unkeepable.has(status)) return undefined;
  if (understoodStatuses.has(status)) return status;
  // Only a cache that knows what the status asks of it may keep such an answer (RFC 9111 section 5.2.2.3).
  if (ttlMs !== undefined || directives.has("must-understand")) return undefined;
  const isStated =
    ["max-age", "s-maxage", "public"].some((name) => directives.has(name)) || headers.expires !== undefined;
  return isStated ? 200 : undefined;
}

/** Makes an entry of a response, or nothing when the response must not be kept (RFC 9111 section 3). */
export function createEntry(request: CacheRequest, response: StoredResponse): CacheEntry | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  const directives = parseCacheControl(joined(response.headers, "cache-control"));
  const { ttlMs } = request.settings;
  const status = statusForPolicy(response, directives, ttlMs);
  if (status === undefined || parseCacheControl(request.headers["cache-control"]).has("no-store")) return undefined;
  if (joined(response.headers, "vary")?.includes("*")) return undefined;
  const policy = new CachePolicy(
    { method: request.method, headers: authorizedHeaders(request, directives) },
    { status, headers: prepareHeaders(response, directives, ttlMs) },
    { shared: !request.ownedByUser, immutableMinTimeToLive: 0 },
  );
  if (!policy.storable()) return undefined;
  const mustRevalidate =
    directives.has("must-revalidate") ||
    (!request.ownedByUser && (directives.has("proxy-revalidate") || directives.has("s-maxage")));
  const staleIfError = secondsOf(directives, "stale-if-error") ?? (request.settings.staleIfErrorMs ?? 0) / 1000;
  const entry: CacheEntry = {
    policy,
    response: withoutNamed(response, directives),
    method: request.method,
    selecting: readSelecting(joined(response.headers, "vary"), request.headers),
    staleWhileRevalidate: mustRevalidate ? 0 : (secondsOf(directives, "stale-while-revalidate") ?? 0),
    staleIfError: mustRevalidate ? 0 : staleIfError,
    mustRevalidate,
  };
  return isWorthKeeping(entry) ? entry : undefined;
}

/** Whether the entry can ever be used again: it is fresh for a while, may be stale, or can be revalidated. */
function isWorthKeeping({ policy, response, staleWhileRevalidate, staleIfError }: CacheEntry): boolean {
  // What came stale may still serve a caller who accepts that (`max-stale`).
  return policy.maxAge() > 0 || staleWhileRevalidate > 0 || staleIfError > 0 || isValidated(response);
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

/** The request's headers; `must-revalidate` lets an answer to a credential be shared (RFC 9111 section 3.5). */
function authorizedHeaders({ headers }: CacheRequest, directives: CacheDirectives): Record<string, string> {
  const { authorization, ...rest } = headers;
  return authorization === undefined || directives.has("must-revalidate") ? rest : { ...rest, authorization };
}

/** Fields that a qualified `no-cache="a, b"` names are not kept, so that the rest may be used (RFC 9111 5.2.2.4). */
function withoutNamed(response: StoredResponse, directives: CacheDirectives): StoredResponse {
  const named = directives.get("no-cache");
  if (named === undefined || named === true) return response;
  const headers: Record<string, string | readonly string[]> = { ...response.headers };
  for (const name of named.split(",")) delete headers[name.trim().toLowerCase()];
  return { ...response, headers };
}

/** Whether an unqualified `no-cache` asks for a confirmation before each use. */
export const isNoCache = (directives: CacheDirectives): boolean => directives.get("no-cache") === true;

/** The response headers as `http-cache-semantics` reads them right. */
function prepareHeaders(
  { headers, status }: StoredResponse,
  directives: CacheDirectives,
  ttlMs: number | undefined,
): Record<string, string> {
  const kept = new Map([...directives].filter(([name]) => understood.has(name)));
  const prepared: Record<string, string> = {};
  for (const name of Object.keys(headers)) prepared[name] = joined(headers, name) ?? "";
  prepareDates(prepared);
  // Both forbid: where the status is understood, `must-understand` says that `no-store` is for those who do not.
  if (directives.has("must-understand") && understoodStatuses.has(status)) kept.delete("no-store");
  if (ttlMs !== undefined) {
    for (const name of ["no-cache", "s-maxage"]) kept.delete(name);
    kept.set("max-age", String(Math.floor(ttlMs / 1000)));
    delete prepared.pragma;
    delete prepared.age;
    // An author who sets a time to live knows about cookies; they are not kept with the response anyway.
    delete prepared["set-cookie"];
  }
  if (!isNoCache(directives)) kept.delete("no-cache");
  else if (kept.has("no-cache")) kept.set("no-cache", true);
  // A qualified `private="field"` is treated like the unqualified form (RFC 9111 5.2.2.7).
  if (kept.has("private")) kept.set("private", true);
  if (kept.size > 0) prepared["cache-control"] = writeCacheControl(kept);
  else delete prepared["cache-control"];
  if (prepared.age !== undefined) {
    // The first of several counts; a parameter after it does no harm.
    const [, seconds] = /^\s*(\d+)\s*(?:[,;]|$)/.exec(prepared.age) ?? [];
    if (seconds === undefined) delete prepared.age;
    else prepared.age = String(Math.min(Number(seconds), 2 ** 31));
  }
  if (ttlMs === undefined) addApparentAge(prepared);
  return prepared;
}

/** Writes dates in one form: the library guesses at what is none. What is no date has ended, or is not there. */
function prepareDates(prepared: Record<string, string>): void {
  for (const name of ["expires", "date", "last-modified"]) {
    if (prepared[name] === undefined) continue;
    const moment = parseHttpDate(prepared[name]);
    if (moment !== undefined) prepared[name] = new Date(moment).toUTCString();
    else if (name === "expires") prepared[name] = new Date(0).toUTCString();
    else delete prepared[name];
  }
}

/** An answer that was made some time ago is that old at least, whatever its Age says (RFC 9111 section 4.2.3). */
function addApparentAge(prepared: Record<string, string>): void {
  const apparent = Math.floor((Date.now() - Date.parse(prepared.date ?? "")) / 1000);
  if (apparent > Number.parseInt(prepared.age ?? "0", 10)) prepared.age = String(apparent);
}
