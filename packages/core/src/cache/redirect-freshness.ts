import type { HttpHeaders } from "../ports/http.ts";
import { type CacheDirectives, parseCacheControl, secondsOf, writeCacheControl } from "./cache-control.ts";
import { parseHttpDate } from "./http-date.ts";
import { joined } from "./joined-field.ts";

/** An answer that sent the request on: its status and header fields. */
export interface Redirect {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** Seconds for which something may be used: by its caller alone, and by many (`s-maxage`). */
interface Lifetime {
  readonly own: number;
  readonly shared: number;
}

/** Redirects that hold, without more being said, until they are taken back (RFC 9110 section 15.4). */
const permanent: ReadonlySet<number> = new Set([301, 308]);

/** Directives by which one redirect binds the whole answer. */
const binding = ["no-store", "no-cache", "private", "must-revalidate", "proxy-revalidate"] as const;

/** Directives of the last answer that its redirects outdate. */
const outdated = ["max-age", "s-maxage", "immutable", "stale-while-revalidate", "stale-if-error"] as const;

/**
 * Narrows what an answer says of its own freshness to what every redirect on the way allows, because it is kept under the
 * URL that was asked for, here and by whoever gets it:
 *
 *   lifetime   the shortest; a 302, 303 or 307 that states none, or sets a cookie, has none; a 301 or 308 has no end
 *   no-store, no-cache, private, must-revalidate, proxy-revalidate   as soon as one of them says so
 *   Vary       of all of them
 */
export function narrowFreshness(headers: HttpHeaders, redirects: readonly Redirect[]): HttpHeaders {
  const directives = new Map(readDirectives(headers));
  for (const redirect of redirects) bind(directives, readDirectives(redirect.headers));
  const narrowed: Record<string, string | readonly string[]> = { ...headers };
  const allowed = shortest(redirects.map(allowedBy));
  if (allowed.own !== endless || allowed.shared !== endless) {
    limit(directives, headers, allowed);
    delete narrowed.expires;
  }
  if (directives.size > 0) narrowed["cache-control"] = writeCacheControl(directives);
  const vary = [headers, ...redirects.map((redirect) => redirect.headers)].flatMap((one) => joined(one, "vary") ?? []);
  if (vary.length > 0) narrowed.vary = vary.join(", ");
  return narrowed;
}

const endless = Number.POSITIVE_INFINITY;

/** `Pragma: no-cache` counts where Cache-Control is not there (RFC 9111 section 5.4). */
function readDirectives(headers: HttpHeaders): CacheDirectives {
  const field = joined(headers, "cache-control");
  if (field === undefined && /no-cache/i.test(joined(headers, "pragma") ?? "")) return new Map([["no-cache", true]]);
  return parseCacheControl(field);
}

/** Adds what a redirect forbids. */
function bind(directives: Map<string, string | true>, redirect: CacheDirectives): void {
  for (const name of binding) if (redirect.has(name)) directives.set(name, true);
  // Where nothing may be kept, knowing the last answer's status allows no more.
  if (redirect.has("no-store")) directives.delete("must-understand");
  if (redirect.has("s-maxage")) directives.set("proxy-revalidate", true);
}

/** Replaces the stated lifetime of the last answer where it is longer than allowed. */
function limit(directives: Map<string, string | true>, headers: HttpHeaders, allowed: Lifetime): void {
  const stated = statedLifetime(headers, directives);
  const age = ageOf(headers);
  // What it says beside the lifetime stays when that goes (RFC 9111 section 5.2.2.10).
  if (directives.has("s-maxage")) directives.set("proxy-revalidate", true);
  for (const name of outdated) directives.delete(name);
  // What states nothing may be guessed at; beside a redirect that ends, nothing is.
  const own = Math.min(stated.own ?? 0, allowed.own + age);
  const shared = Math.min(stated.shared ?? 0, allowed.shared + age);
  directives.set("max-age", String(own));
  if (shared !== own) directives.set("s-maxage", String(shared));
}

/** How much longer a redirect may be used. */
function allowedBy({ status, headers }: Redirect): Lifetime {
  const directives = readDirectives(headers);
  const stated = statedLifetime(headers, directives);
  const unstated = permanent.has(status) ? endless : 0;
  const isForOne = headers["set-cookie"] !== undefined && !isForMany(directives);
  const left = (seconds: number): number => (isForOne ? 0 : Math.max(0, seconds - ageOf(headers)));
  return { own: left(stated.own ?? unstated), shared: left(stated.shared ?? unstated) };
}

const isForMany = (directives: CacheDirectives): boolean =>
  ["public", "immutable", "s-maxage"].some((name) => directives.has(name));

const shortest = (lifetimes: readonly Lifetime[]): Lifetime => ({
  own: Math.min(...lifetimes.map(({ own }) => own)),
  shared: Math.min(...lifetimes.map(({ shared }) => shared)),
});

/** What header fields state, in seconds from when the answer was made (RFC 9111 section 4.2.1). */
function statedLifetime(
  headers: HttpHeaders,
  directives: CacheDirectives,
): { readonly own: number | undefined; readonly shared: number | undefined } {
  const own = secondsOf(directives, "max-age") ?? untilExpiry(headers);
  return { own, shared: secondsOf(directives, "s-maxage") ?? own };
}

function untilExpiry(headers: HttpHeaders): number | undefined {
  const field = joined(headers, "expires");
  if (field === undefined) return undefined;
  const made = parseHttpDate(joined(headers, "date")) ?? Date.now();
  return Math.max(0, Math.floor(((parseHttpDate(field) ?? 0) - made) / 1_000));
}

/** How old an answer is by its `Age` and its `Date`, in seconds. */
function ageOf(headers: HttpHeaders): number {
  const [, stated = "0"] = /^\s*(\d+)\s*(?:[,;]|$)/.exec(joined(headers, "age") ?? "") ?? [];
  const made = parseHttpDate(joined(headers, "date")) ?? Date.now();
  return Math.max(0, Math.min(Number(stated), 2 ** 31), Math.floor((Date.now() - made) / 1_000));
}
