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
 * Where the one that is waited for goes away, or its answer came over what was written to meanwhile, the first of those who
 * wait loads in its place, and the others wait for that.
 * A request for a range gets its part of what is kept whole and fresh; any other goes to the upstream, and its part is
 * not kept. What a write drops while it is loaded is not kept either, and only those who waited before the write get it.
 */

import { ConnectorError } from "../errors/connector-error.ts";
import { cutPart } from "./byte-range.ts";
import { type CacheDirectives, parseCacheControl, secondsOf } from "./cache-control.ts";
import { type CacheEntry, createEntry } from "./cache-entry.ts";
import type { CacheAnswer, CacheRequest, LoadResponse, StoredResponse, WaitForOthers } from "./cache-types.ts";
import { asksAnew, type Decision, decide, type Freshness, maySubstitute, readFreshness } from "./decide-use.ts";
import { LoadsUnderWay } from "./loads-under-way.ts";
import { MemoryCache, type MemoryCacheLimits } from "./memory-cache.ts";
import { isSelected } from "./select-variant.ts";
import type { SharedCache } from "./shared-cache.ts";
import { confirms, isValidated, mergeNotModified, validatorsOf } from "./validation.ts";

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
  /** Whether this process's memory holds nothing and gets nothing, so that nothing need be looked for in it. */
  isEmpty(): boolean;
  /** Drops every scope that begins with `prefix`; an empty one drops everything. Returns how many keys memory held. */
  purge(prefix: string): Promise<number>;
  /** Drops from this process's memory alone what another replica invalidated (a resource, `exact`) or purged (scopes). */
  forget(name: string, exact: boolean): void;
}

/** A load that others may wait for. */
interface Lane {
  readonly turn: number;
  /** Epoch milliseconds. */
  readonly beganAt: number;
  readonly result: Promise<LaneResult>;
}

/** What those who waited for a load learn of it. */
interface LaneResult {
  /** What may be kept, or what stood in for an upstream that failed. */
  readonly entry?: CacheEntry | undefined;
  readonly isStandIn?: boolean;
  /** Whether the entry is kept. */
  readonly stored?: boolean;
  /** Whether the answer came over a resource that was dropped meanwhile: who waits may have come after that. */
  readonly isOutdated?: boolean;
  readonly failure?: unknown;
}

/** One load: its request, how it is fetched, its turn, and whether the caller was answered already. */
interface Fetch {
  readonly request: CacheRequest;
  readonly doLoad: LoadResponse;
  readonly turn: number;
  readonly behind: boolean;
}

/** What a load yields: the answer to its caller, and what those who waited for it may share. */
interface Loaded {
  readonly answer: CacheAnswer;
  readonly entry: CacheEntry | undefined;
  /** What the entry stood in for, where that was thrown. */
  readonly failure?: unknown;
}

/** Statuses of a failing upstream for which `stale-if-error` holds (RFC 5861 section 4). */
const failingStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Creates a cache with its memory. */
export function createHttpCache(options: HttpCacheOptions = {}): HttpCache {
  const memory = new MemoryCache(options.limits);
  const { shared } = options;
  const report = options.onBackgroundError ?? (() => {});
  const underWay = new LoadsUnderWay();
  /** Loads that others may wait for, by key and method: the one that began last. */
  const lanes = new Map<string, Lane>();
  const revalidating = new Set<CacheEntry>();
  /** The turn of the load that brought an entry. */
  const turns = new WeakMap<CacheEntry, number>();

  /** Whether what a load brought is no longer the newest: its resource was dropped, or a load that began later was faster. */
  const isOvertaken = (request: CacheRequest, turn: number, over?: readonly string[]): boolean =>
    !underWay.isCurrent(turn, request, over) ||
    memory
      .look(request.key)
      .some((entry) => (turns.get(entry) ?? 0) > turn && isSelected(entry.selecting, request.headers));

  const keep = (request: CacheRequest, entry: CacheEntry, turn: number, replaces?: CacheEntry): boolean => {
    if (isOvertaken(request, turn, entry.response.over)) return false;
    const stored = memory.put(request, entry, replaces);
    turns.set(entry, turn);
    // The shared cache knows one resource of an answer; a write to another that it came over would leave it there.
    if (stored && shared !== undefined && entry.response.over === undefined)
      void keepShared(shared, request, entry, turn);
    return stored;
  };

  const keepShared = async (to: SharedCache, request: CacheRequest, entry: CacheEntry, turn: number): Promise<void> => {
    underWay.begin();
    try {
      await to.put(request, entry);
      // Dropped before it was there to be dropped.
      if (!underWay.isCurrent(turn, request)) await to.deleteResource(request.resource);
    } catch (error) {
      report(error);
    } finally {
      underWay.end();
    }
  };

  /** Whether an entry may stand in for an upstream that failed, and was not dropped since. */
  const standsIn = ({ request, turn }: Fetch, kept: CacheEntry | undefined): kept is CacheEntry =>
    kept !== undefined && maySubstitute(kept, request) && underWay.isCurrent(turn, request, kept.response.over);

  /** Loads, keeps, and answers; `kept` is the stale entry that the validators name. */
  const load = async (fetch: Fetch, kept: CacheEntry | undefined): Promise<Loaded> => {
    const { request, doLoad, turn, behind } = fetch;
    let response: StoredResponse;
    try {
      response = await doLoad(kept === undefined ? {} : validatorsOf(kept.response), behind);
    } catch (error) {
      if (isUpstreamFailure(error) && standsIn(fetch, kept)) return { ...substitute(kept), failure: error };
      throw error;
    }
    if (failingStatuses.has(response.status) && standsIn(fetch, kept)) return substitute(kept);
    // Without validators of ours a 304 answers a condition of the caller's own.
    if (kept !== undefined && response.status === 304 && isValidated(kept.response)) {
      // What the upstream speaks of is not here: its fields and the kept body do not belong together.
      if (!confirms(response, kept.response)) return load(fetch, undefined);
      const entry = createEntry(request, mergeNotModified(kept.response, response));
      const stored = entry !== undefined && keep(request, entry, turn, kept);
      return { answer: { ...answerFrom(entry ?? kept, "revalidated"), stored }, entry };
    }
    const entry = createEntry(request, response);
    const stored = entry !== undefined && keep(request, entry, turn, kept);
    return { answer: { response, outcome: "miss", stored }, entry };
  };

  /** Loads what nobody waits for. */
  const loadAlone = async (
    request: CacheRequest,
    doLoad: LoadResponse,
    kept: CacheEntry | undefined,
    behind = false,
  ): Promise<CacheAnswer> => {
    const turn = underWay.begin();
    try {
      return (await load({ request, doLoad, turn, behind }, kept)).answer;
    } finally {
      underWay.end();
    }
  };

  const loadOnce = async (
    request: CacheRequest,
    directives: CacheDirectives,
    doLoad: LoadResponse,
    kept: CacheEntry | undefined,
    wait: WaitForOthers,
  ): Promise<CacheAnswer> => {
    let stale = kept;
    for (;;) {
      const other = lanes.get(laneOf(request));
      if (other === undefined || !mayJoin(request, directives, other) || !underWay.isCurrent(other.turn, request))
        return lead(request, doLoad, stale);
      const result = await wait(other.result);
      if (stale !== undefined && !memory.look(request.key).includes(stale)) stale = undefined;
      // A caller who went away speaks for himself only: one of the others asks in his place, and they wait for that one.
      if (result.isOutdated || isCancelled(result.failure)) continue;
      return share(request, result, stale) ?? loadAlone(request, doLoad, stale);
    }
  };

  /** Loads what others may wait for. */
  const lead = async (
    request: CacheRequest,
    doLoad: LoadResponse,
    kept: CacheEntry | undefined,
  ): Promise<CacheAnswer> => {
    const turn = underWay.begin();
    const mine = load({ request, doLoad, turn, behind: false }, kept);
    // Others may share only what may be kept: anything else belongs to its caller alone.
    const result = mine.then(
      ({ entry, answer, failure }): LaneResult => {
        const over = entry?.response.over;
        // Known only while the load counts as under way.
        const isOutdated = over !== undefined && !underWay.isCurrent(turn, request, over);
        return { entry, failure, isOutdated, isStandIn: answer.outcome === "stale", stored: answer.stored };
      },
      (failure: unknown): LaneResult => ({ failure }),
    );
    const name = laneOf(request);
    const lane: Lane = { turn, beganAt: Date.now(), result };
    lanes.set(name, lane);
    void result.then(() => {
      if (lanes.get(name) === lane) lanes.delete(name);
      underWay.end();
    });
    return (await mine).answer;
  };

  const find = (request: CacheRequest): CacheEntry | undefined =>
    memory
      .get(request.key)
      .find((entry) => isSelected(entry.selecting, request.headers) && servesMethod(entry, request));

  /** Takes over what the shared cache has, unless it was dropped or loaded anew while it was read. */
  const readShared = async (from: SharedCache, request: CacheRequest): Promise<void> => {
    const turn = underWay.begin();
    try {
      const found = await from.get(request);
      if (!isOvertaken(request, turn)) for (const entry of found) memory.put(request, entry);
    } catch (error) {
      report(error);
    } finally {
      underWay.end();
    }
  };

  const revalidateBehind = (request: CacheRequest, entry: CacheEntry, doLoad: LoadResponse): void => {
    if (revalidating.has(entry)) return;
    revalidating.add(entry);
    loadAlone(request, doLoad, entry, true)
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
        if (isCacheable(request) && directives.has("only-if-cached")) throw nothingKept();
        return { response: await doLoad({}, false), outcome: "bypass", stored: false };
      }
      let entry = find(request);
      if (entry === undefined && shared !== undefined) {
        await readShared(shared, request);
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
      if (entry === undefined) return loadOnce(request, directives, doLoad, undefined, wait);
      if (decision === "stale-while-revalidate") {
        revalidateBehind(request, entry, doLoad);
        return answerFrom(entry, "stale");
      }
      // A stored HEAD response cannot vouch for a body, so its validators are not sent for a GET.
      return loadOnce(request, directives, doLoad, entry.method === request.method ? entry : undefined, wait);
    },

    async invalidate(resource) {
      underWay.drop(resource);
      memory.invalidate(resource);
      await shared?.deleteResource(resource);
    },

    async invalidateSeen(resource) {
      underWay.drop(resource);
      if (memory.invalidate(resource) > 0) await shared?.deleteResource(resource);
    },

    isEmpty: () => memory.bytes === 0 && underWay.isIdle,

    forget(name, exact) {
      if (exact) {
        underWay.drop(name);
        memory.invalidate(name);
      } else {
        underWay.dropAll();
        memory.purge(name);
      }
    },

    async purge(prefix) {
      underWay.dropAll();
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

/** Calls whose answers may be each other's. */
const laneOf = ({ key, method }: CacheRequest): string => `${key} ${method}`;

/** What a caller who waited gets of it, nothing where it is not for him; rejects where the upstream failed for all. */
function share(request: CacheRequest, result: LaneResult, kept: CacheEntry | undefined): CacheAnswer | undefined {
  const { entry, failure, isStandIn, stored = false } = result;
  const isForIt = entry !== undefined && isSelected(entry.selecting, request.headers);
  if (isForIt && (!isStandIn || maySubstitute(entry, request))) return { ...answerFrom(entry, "coalesced"), stored };
  if (failure === undefined) return undefined;
  if (kept !== undefined && isUpstreamFailure(failure) && maySubstitute(kept, request))
    return answerFrom(kept, "stale");
  // An upstream that just failed is not asked once per waiting call.
  throw failure;
}

/** Whether a request accepts what a load yields that began before it: not one that asks for what is younger. */
function mayJoin(request: CacheRequest, directives: CacheDirectives, { beganAt }: Lane): boolean {
  if (asksAnew(request, directives)) return false;
  const maxAge = secondsOf(directives, "max-age");
  return maxAge === undefined || Date.now() - beganAt < maxAge * 1_000;
}

/** The outcome where something stale stands in for an upstream that failed. */
const substitute = (kept: CacheEntry): Loaded => ({ answer: answerFrom(kept, "stale"), entry: kept });

/** The kept response as it is sent now: with its age, without what belonged to the connection it came over. */
function answerFrom(entry: CacheEntry, outcome: CacheAnswer["outcome"], age = entry.policy.age()): CacheAnswer {
  const { response } = entry;
  const headers = { ...response.headers, age: String(Math.floor(age)) };
  return { response: { status: response.status, headers, bytes: response.bytes }, outcome, stored: true };
}
