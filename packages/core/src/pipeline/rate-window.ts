import type { Clock } from "../ports/sources.ts";
import type { RateLimitStore } from "../ports/stores.ts";

interface Bucket {
  tokens: number;
  resetAt: number;
  /** The store had nothing left until then. */
  emptyUntil: number;
  leasing: Promise<void> | null;
}

const MAX_BUCKETS = 10_000;

/**
 * Counts an upstream's rate limits. Tokens are leased from the store several at once, so that not every call costs a
 * statement; what is left of a lease ends with its window.
 *
 *   take ─ token at hand ──► go
 *     └─ none ─► lease ─ granted ─► go
 *                   └─ nothing left ─► wait until the window ends, if the call has that long
 */
export class RateWindows {
  readonly #store: RateLimitStore;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(store: RateLimitStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes a token if one is at hand. */
  tryTake(key: string): boolean {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined || bucket.tokens <= 0 || this.#clock.now() >= bucket.resetAt) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Takes a token, waiting up to `deadline`; returns when the next window begins if that is too late, else undefined. */
  async take(
    key: string,
    limit: number,
    windowMs: number,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<number | undefined> {
    for (;;) {
      if (this.tryTake(key)) return undefined;
      const bucket = this.#bucket(key);
      const now = this.#clock.now();
      if (bucket.emptyUntil > now) {
        if (bucket.emptyUntil >= deadline) return bucket.emptyUntil;
        await this.#clock.sleep(bucket.emptyUntil - now, signal);
        continue;
      }
      bucket.leasing ??= this.#lease(key, bucket, limit, windowMs);
      await bucket.leasing;
    }
  }

  /** Takes over what an answer said: how many requests are left, and until when. */
  observe(key: string, limit: number, windowMs: number, remaining: number, resetAt: number): Promise<void> {
    const bucket = this.#bucket(key);
    bucket.tokens = Math.min(bucket.tokens, remaining);
    if (remaining <= 0) bucket.emptyUntil = Math.max(bucket.emptyUntil, resetAt);
    return this.#store.observe(key, limit, windowMs, remaining, resetAt);
  }

  async #lease(key: string, bucket: Bucket, limit: number, windowMs: number): Promise<void> {
    try {
      const { granted, resetAt } = await this.#store.lease(key, limit, windowMs, Math.max(1, Math.floor(limit / 20)));
      bucket.tokens = granted;
      bucket.resetAt = resetAt;
      if (granted === 0) bucket.emptyUntil = Math.max(resetAt, this.#clock.now() + 1);
    } finally {
      bucket.leasing = null;
    }
  }

  #bucket(key: string): Bucket {
    const present = this.#buckets.get(key);
    if (present !== undefined) return present;
    if (this.#buckets.size >= MAX_BUCKETS) this.#dropOld();
    const bucket: Bucket = { tokens: 0, resetAt: 0, emptyUntil: 0, leasing: null };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #dropOld(): void {
    const now = this.#clock.now();
    for (const [key, bucket] of this.#buckets) {
      if (bucket.resetAt <= now && bucket.emptyUntil <= now && bucket.leasing === null) this.#buckets.delete(key);
    }
  }
}
