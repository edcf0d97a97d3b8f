import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { HttpPort } from "../ports/http.ts";
import type { Clock } from "../ports/sources.ts";

/**
 * The key sets of issuers (RFC 7517), by address. One is fetched when it is first needed and when it is old; and at once when a
 * token names a key that it does not hold, because issuers change keys whenever they like. Tokens with made-up key ids must not
 * make us fetch without end, so each such fetch that finds nothing new makes the next one wait longer:
 *
 *   unknown key ─► fetched ─► there it is ─► the next one may be fetched in 2 s
 *                     └─────► still unknown ─► in 4 s, 8 s, 16 s, 30 s; again in 2 s after a quiet minute
 *
 * A set that cannot be read is asked for again in the same growing steps. Meanwhile the keys that were read last serve, for a day at
 * most.
 */
export interface KeySets {
  /** Reads the set, from memory while it is young. Rejects when it was never read and cannot be. */
  read(url: string): Promise<JWTVerifyGetKey>;
  /**
   * Reads the set for a token whose key the given one does not hold: anew, or undefined when that was done too lately. Rejects when
   * the set cannot be read.
   */
  readAnew(url: string, lacking: JWTVerifyGetKey): Promise<JWTVerifyGetKey | undefined>;
  /** Says that a set read anew holds the key, so that the next change need not wait. */
  settle(url: string): void;
  forget(): void;
}

interface KeySet {
  readonly keys: JWTVerifyGetKey;
  readonly fetchedAt: number;
}

/** Fetches for unknown keys: when the last one was, and how many found nothing since one did. */
interface Search {
  readonly at: number;
  readonly misses: number;
}

/** Fetches that failed, one after the other: when the last one did, how many, and how. */
interface Failure {
  readonly at: number;
  readonly count: number;
  readonly error: unknown;
}

const lifetimeMs = 10 * 60_000;
const firstWaitMs = 2_000;
const longestWaitMs = 30_000;
const quietMs = 60_000;
const longestUseMs = 24 * 60 * 60_000;

/** How long nothing is fetched after so many fetches in vain, in milliseconds. */
const waitAfter = (misses: number): number => Math.min(longestWaitMs, firstWaitMs * 2 ** misses);

/** Makes the key sets; they are fetched through `http` only. */
export function createKeySets({
  http,
  clock,
}: {
  readonly http: HttpPort;
  readonly clock: Pick<Clock, "now">;
}): KeySets {
  const kept = new Map<string, KeySet>();
  const searches = new Map<string, Search>();
  const failures = new Map<string, Failure>();
  // Whoever needs the same set meanwhile waits for the same answer.
  const pending = new Map<string, Promise<JWTVerifyGetKey>>();

  const fetchSet = async (url: string): Promise<JWTVerifyGetKey> => {
    const response = await http.request({
      method: "GET",
      url,
      headers: ["accept", "application/json"],
      timeoutMs: 5_000,
      maxResponseBytes: 262_144,
    });
    if (response.status !== 200) {
      response.body.discard();
      throw new Error(`status ${response.status}`);
    }
    const keys = createLocalJWKSet(JSON.parse(await response.body.text()) as JSONWebKeySet);
    kept.set(url, { keys, fetchedAt: clock.now() });
    return keys;
  };
  const fetchOnce = (url: string): Promise<JWTVerifyGetKey> => {
    const under = pending.get(url);
    if (under !== undefined) return under;
    const fetching = fetchSet(url)
      .then(
        (keys) => {
          failures.delete(url);
          return keys;
        },
        (error: unknown) => {
          failures.set(url, { at: clock.now(), count: (failures.get(url)?.count ?? 0) + 1, error });
          throw error;
        },
      )
      .finally(() => {
        if (pending.get(url) === fetching) pending.delete(url);
      });
    pending.set(url, fetching);
    return fetching;
  };

  return {
    async read(url) {
      const now = clock.now();
      const known = kept.get(url);
      const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.fetchedAt;
      if (known !== undefined && age < lifetimeMs) return known.keys;
      // Keys that were good a while ago are better than refusing everybody while the issuer is away, but not for ever: one that the
      // issuer withdrew must end.
      const usable = known !== undefined && age < longestUseMs ? known.keys : undefined;
      const failure = failures.get(url);
      if (failure !== undefined && now - failure.at < waitAfter(failure.count - 1)) {
        if (usable !== undefined) return usable;
        throw failure.error;
      }
      try {
        return await fetchOnce(url);
      } catch (error) {
        if (usable !== undefined) return usable;
        throw error;
      }
    },
    async readAnew(url, lacking) {
      const known = kept.get(url);
      // Somebody else's search ended, or is under way.
      if (known !== undefined && known.keys !== lacking) return known.keys;
      const under = pending.get(url);
      if (under !== undefined) return under;
      const now = clock.now();
      const last = searches.get(url);
      const age = last === undefined ? Number.POSITIVE_INFINITY : now - last.at;
      const misses = last === undefined || age > quietMs ? 0 : last.misses;
      if (age < waitAfter(misses)) return undefined;
      searches.set(url, { at: now, misses: misses + 1 });
      return fetchOnce(url);
    },
    settle(url) {
      const last = searches.get(url);
      if (last !== undefined) searches.set(url, { ...last, misses: 0 });
    },
    forget() {
      kept.clear();
      searches.clear();
      failures.clear();
      pending.clear();
    },
  };
}

/** Whether a check failed because the set does not hold the token's key. */
export const lacksKey = (error: unknown): boolean => error instanceof errors.JWKSNoMatchingKey;
