/**
 * The HTTP cache (RFC 9111): it keeps upstream responses, never what a template or a filter made of them.
 *
 *   request ──► kept? ──no──► identical call under way? ──no──► load ──► keep ──► miss
 *                │                    └─yes─► wait for it; reusable? ──► coalesced (else load)
 *                ├─ fresh ────────────────────────────────────────────────────► hit
 *                ├─ stale, stale-while-revalidate ──► (load behind) ──────────► stale
 *                ├─ only-if-cached ────────────────────────────────────────────► error 504
 *                └─ stale ──► load with validators ─┬─ 304 ──────────────────► revalidated
 *                                                   ├─ answer ─► keep ───────► miss
 *                                                   └─ failure, stale-if-error ► stale
 *
 * A request for a range gets its part of what is kept whole and fresh; any other goes to the upstream, and its part is
 * not kept.
 */

import { ConnectorError } from "../errors/connector-error.ts";
import { cutPart } from "./byte-range.ts";
import { type CacheDirectives, parseCacheControl, secondsOf } from "./cache-control.ts";
import { isNoCache as asksEachTime, type CacheEntry, createEntry, joined } from "./cache-entry.ts";
import type { CacheAnswer, CacheRequest, LoadResponse, StoredResponse, WaitForOthers } from "./cache-types.ts";
import { MemoryCache, type MemoryCacheLimits } from "./memory-cache.ts";
import { isSelected } from "./select-variant.ts";
import type { SharedCache } from "./shared-cache.ts";

export interface HttpCacheOptions {
  readonly limits?: Partial<MemoryCacheLimits>;
  /** Kept by all replicas together; asked when memory has nothing. */
  readonly shared?: SharedCache;
  /** Told of failures that no caller sees: a revalidation behind a stale answer, a shared cache that is away. */
  readonly onBackgroundError?: (error: unknown) => void;
}

export interface HttpCache {
  /** Answers from memory what is fresh there, without waiting; `undefined` when `resolve` must decide. */
  peek(request: CacheRequest): CacheAnswer | undefined;
  /** Answers from what is kept or loads; the answer of `load` is kept when it may be. Rejects with what `load` threw. */
  resolve(request: CacheRequest, load: LoadResponse, wait?: WaitForOthers): Promise<CacheAnswer>;
  /** Drops what is kept of a resource, after a write to it succeeded (RFC 9111 section 4.4). */
  invalidate(resource: string): Promise<void>;
  /** Drops a resource from this process's memory, and from everywhere if memory held something of it. */
  invalidateSeen(resource: string): Promise<void>;
  /** Whether this process's memory holds nothing, so that nothing need be looked for in it. */
  isEmpty(): boolean;
  /** Drops every scope that begins with `prefix`; an empty one drops everything. Returns how many keys memory held. */
  purge(prefix: string): Promise<number>;
  /** Drops from this process's memory alone what another replica invalidated (a resource, `exact`) or purged (scopes). */
  forget(name: string, exact: boolean): void;
}

/** Statuses of a failing upstream for which `stale-if-error` holds (RFC 5861 section 4). */
const failingStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Creates a cache with its memory. */
export function createHttpCache(options: HttpCacheOptions = {}): HttpCache {
  const memory = new MemoryCache(options.limits);
  const { shared } = options;
  const report = options.onBackgroundError ?? (() => {});
  /** Loads under way, by key: identical requests wait for the first. */
  const loading = new Map<string, Promise<{ readonly entry?: CacheEntry | undefined; readonly failure?: unknown }>>();
  const revalidating = new Set<CacheEntry>();

  const keep = (request: CacheRequest, entry: CacheEntry, replaces?: CacheEntry): boolean => {
    const stored = memory.put(request, entry, replaces);
    if (stored) shared?.put(request, entry).catch(report);
    return stored;
  };

  /** Loads, keeps, and answers; `kept` is the stale entry that the validators name. */
  const load = async (
    request: CacheRequest,
    doLoad: LoadResponse,
    kept: CacheEntry | undefined,
    behind = false,
  ): Promise<CacheAnswer> => {
    let response: StoredResponse;
    try {
      response = await doLoad(kept === undefined ? {} : validatorsOf(kept), behind);
    } catch (error) {
      if (kept !== undefined && isUpstreamFailure(error) && maySubstitute(kept, request))
        return answerFrom(kept, "stale");
      throw error;
    }
    if (kept !== undefined && failingStatuses.has(response.status) && maySubstitute(kept, request)) {
      return answerFrom(kept, "stale");
    }
    // Without validators of ours a 304 answers a condition of the caller's own.
    if (kept !== undefined && response.status === 304 && isValidated(kept)) {
      const entry = createEntry(request, mergeNotModified(kept.response, response));
      const stored = entry !== undefined && keep(request, entry, kept);
      return { ...answerFrom(entry ?? kept, "revalidated"), stored };
    }
    const entry = createEntry(request, response);
    const stored = entry !== undefined && keep(request, entry, kept);
    return { response, outcome: "miss", stored };
  };

  const loadOnce = async (
    request: CacheRequest,
    doLoad: LoadResponse,
    kept: CacheEntry | undefined,
    wait: WaitForOthers,
  ): Promise<CacheAnswer> => {
    const lane = `${request.key} ${request.method}`;
    const underWay = loading.get(lane);
    if (underWay !== undefined) {
      const { entry, failure } = await wait(underWay);
      // An upstream that just failed is not asked once per waiting call; a caller who went away speaks for himself only.
      if (failure !== undefined && !isCancelled(failure)) throw failure;
      if (entry !== undefined && isSelected(entry.selecting, request.headers)) return answerFrom(entry, "coalesced");
      return load(request, doLoad, kept);
    }
    const mine = load(request, doLoad, kept);
    // Others may share the answer only if it was kept: one that may not be kept belongs to its caller alone.
    const forOthers = mine.then(
      ({ stored }) => ({ entry: stored ? memory.newest(request.key) : undefined }),
      (failure: unknown) => ({ failure }),
    );
    loading.set(lane, forOthers);
    void forOthers.then(() => {
      if (loading.get(lane) === forOthers) loading.delete(lane);
    });
    return mine;
  };

  const find = (request: CacheRequest): CacheEntry | undefined =>
    memory
      .get(request.key)
      .find((entry) => isSelected(entry.selecting, request.headers) && servesMethod(entry, request));

  const readShared = async (from: SharedCache, request: CacheRequest): Promise<readonly CacheEntry[]> => {
    try {
      return await from.get(request);
    } catch (error) {
      report(error);
      return [];
    }
  };

  const revalidateBehind = (request: CacheRequest, entry: CacheEntry, doLoad: LoadResponse): void => {
    if (revalidating.has(entry)) return;
    revalidating.add(entry);
    load(request, doLoad, entry, true)
      .catch(report)
      .finally(() => revalidating.delete(entry));
  };

  return {
    peek(request) {
      if (!isCacheable(request)) return undefined;
      const entry = find(request);
      if (entry === undefined) return undefined;
      const freshness = readFreshness(entry);
      return decide(entry, request, freshness) === "fresh" ? answerKept(request, entry, freshness) : undefined;
    },

    async resolve(request, doLoad, wait = (others) => others) {
      const directives = parseCacheControl(request.headers["cache-control"]);
      if (!isCacheable(request) || directives.has("no-store")) {
        return { response: await doLoad({}, false), outcome: "bypass", stored: false };
      }
      let entry = find(request);
      if (entry === undefined && shared !== undefined) {
        for (const found of await readShared(shared, request)) memory.put(request, found);
        entry = find(request);
      }
      let decision: Decision = "revalidate";
      if (entry !== undefined) {
        const freshness = readFreshness(entry);
        decision = decide(entry, request, freshness, directives);
        const answer = decision === "fresh" ? answerKept(request, entry, freshness) : undefined;
        if (answer !== undefined) return answer;
      }
      if (directives.has("only-if-cached") && decision === "revalidate") throw nothingKept();
      if (request.headers.range) return { response: await doLoad({}, false), outcome: "bypass", stored: false };
      if (entry === undefined) return loadOnce(request, doLoad, undefined, wait);
      if (decision === "stale-while-revalidate") {
        revalidateBehind(request, entry, doLoad);
        return answerFrom(entry, "stale");
      }
      // A stored HEAD response cannot vouch for a body, so its validators are not sent for a GET.
      return loadOnce(request, doLoad, entry.method === request.method ? entry : undefined, wait);
    },

    async invalidate(resource) {
      memory.invalidate(resource);
      await shared?.deleteResource(resource);
    },

    async invalidateSeen(resource) {
      if (memory.invalidate(resource) > 0) await shared?.deleteResource(resource);
    },

    isEmpty: () => memory.bytes === 0,

    forget(name, exact) {
      if (exact) memory.invalidate(name);
      else memory.purge(name);
    },

    async purge(prefix) {
      const count = memory.purge(prefix);
      await shared?.deleteScopes(prefix);
      return count;
    },
  };
}

/** Whether what was thrown says that the upstream failed, rather than that the request is wrong (RFC 5861 section 4). */
function isUpstreamFailure(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false;
  return error.upstreamStatus === undefined ? failureCodes.has(error.code) : failingStatuses.has(error.upstreamStatus);
}
const failureCodes: ReadonlySet<string> = new Set([
  "UPSTREAM_UNREACHABLE",
  "UPSTREAM_TIMEOUT",
  "UPSTREAM_TLS_FAILED",
  "ACTION_TIMEOUT",
]);

const isCancelled = (failure: unknown): boolean =>
  failure instanceof ConnectorError && failure.code === "CALL_CANCELLED";

/** Whether a request of that kind is answered from the cache at all. */
const isCacheable = ({ method }: CacheRequest): boolean => method === "GET" || method === "HEAD";

/** The answer to a caller who wants nothing fetched for it (RFC 9111 section 5.2.1.7). */
const nothingKept = (): ConnectorError =>
  new ConnectorError("CACHE_ONLY", "The request says only-if-cached, and no answer is kept that may be used for it.", {
    hint: "Leave only-if-cached out, or warm the cache first.",
  });

/** The answer of an entry that may be used as it is: stale where the caller accepts that. */
function answerKept(request: CacheRequest, entry: CacheEntry, { age, left }: Freshness): CacheAnswer | undefined {
  return answerPart(request, answerFrom(entry, left <= 0 ? "stale" : "hit", age));
}

/** The part that a request for a range gets of an answer; nothing where it cannot be cut from it. */
function answerPart({ headers }: CacheRequest, answer: CacheAnswer): CacheAnswer | undefined {
  if (!headers.range) return answer;
  const response = cutPart(headers, answer.response);
  return response === undefined ? undefined : { ...answer, response };
}

/** A GET response answers HEAD; a HEAD response answers HEAD only. */
const servesMethod = (entry: CacheEntry, { method }: CacheRequest): boolean =>
  entry.method === method || (entry.method === "GET" && method === "HEAD");

type Decision = "fresh" | "stale-while-revalidate" | "revalidate";

/** Seconds since an entry was made, and until it is stale (RFC 9111 section 4.2). */
interface Freshness {
  readonly age: number;
  readonly left: number;
}

function readFreshness({ policy }: CacheEntry): Freshness {
  const age = policy.age();
  return { age, left: policy.maxAge() - age };
}

/** Decides on the use of an entry by its freshness and the request's directives (RFC 9111 sections 4.2, 5.2.1). */
function decide(
  entry: CacheEntry,
  request: CacheRequest,
  { age, left }: Freshness,
  parsed?: CacheDirectives,
): Decision {
  const field = request.headers["cache-control"];
  const directives = parsed ?? (field === undefined ? noDirectives : parseCacheControl(field));
  if (directives.has("no-cache") || directives.has("no-store")) return "revalidate";
  if (field === undefined && request.headers.pragma?.toLowerCase().includes("no-cache")) return "revalidate";
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

const isNoCache = ({ response }: CacheEntry): boolean =>
  asksEachTime(parseCacheControl(joined(response.headers, "cache-control")));

/** Whether a stale entry may stand in for an upstream that failed (RFC 5861; RFC 9111 section 4.2.4). */
function maySubstitute(entry: CacheEntry, request: CacheRequest): boolean {
  if (entry.mustRevalidate || isNoCache(entry)) return false;
  const asked = secondsOf(parseCacheControl(request.headers["cache-control"]), "stale-if-error") ?? 0;
  const { left } = readFreshness(entry);
  return left > 0 || Math.max(entry.staleIfError, asked) > -left;
}

const isValidated = ({ response }: CacheEntry): boolean =>
  response.headers.etag !== undefined || response.headers["last-modified"] !== undefined;

/** Validators for a conditional request (RFC 9110 section 13). */
function validatorsOf({ response }: CacheEntry): Record<string, string> {
  const etag = joined(response.headers, "etag");
  const modified = joined(response.headers, "last-modified");
  return {
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(modified === undefined ? {} : { "if-modified-since": modified }),
  };
}

/** Fields that describe the body that is kept, which a 304 does not bring (RFC 9111 section 3.2). */
const bodyFields: ReadonlySet<string> = new Set([
  "content-length",
  "content-encoding",
  "content-type",
  "content-range",
  "transfer-encoding",
]);

/** Updates the kept header fields with those of a 304; the body stays. */
function mergeNotModified(kept: StoredResponse, notModified: StoredResponse): StoredResponse {
  const headers: Record<string, string | readonly string[]> = { ...kept.headers };
  delete headers.age;
  for (const [name, value] of Object.entries(notModified.headers)) if (!bodyFields.has(name)) headers[name] = value;
  return { status: kept.status, headers, bytes: kept.bytes };
}

/** The kept response as it is sent now: with its age, without what belonged to the connection it came over. */
function answerFrom(entry: CacheEntry, outcome: CacheAnswer["outcome"], age = entry.policy.age()): CacheAnswer {
  const { response } = entry;
  const headers = { ...response.headers, age: String(Math.floor(age)) };
  return { response: { status: response.status, headers, bytes: response.bytes }, outcome, stored: true };
}
