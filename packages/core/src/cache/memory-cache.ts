import type { CacheEntry } from "./cache-entry.ts";
import type { CacheRequest } from "./cache-types.ts";

/** Bounds of the memory; all have defaults. */
export interface MemoryCacheLimits {
  /** Bytes of all bodies and headers together. Default 64 MiB. */
  readonly bytes: number;
  /** Bytes of one response. Default 2 MiB: a larger one is not kept. */
  readonly entryBytes: number;
  /** Variants of one key, by `Vary`. Default 16. */
  readonly variants: number;
}

/** Approximate size of what an entry keeps beside its body. */
const overheadBytes = 1_024;

interface Slot {
  readonly entries: CacheEntry[];
  /** That of the request, and those that its answers came over. */
  readonly resources: readonly string[];
  readonly scope: string;
  bytes: number;
  /** Read since room was last looked for. */
  used: boolean;
}

/**
 * Keeps entries in memory by key, with their variants, within a budget of bytes. The oldest key makes room, unless it was
 * read since room was last looked for: then it counts as new once more. A hit so costs one look-up and no reordering.
 * A resource index finds every key of a resource, so that a write to it can drop them.
 */
export class MemoryCache {
  readonly #limits: MemoryCacheLimits;
  /** A Map keeps insertion order: the first key is the oldest. */
  readonly #slots = new Map<string, Slot>();
  readonly #resources = new Map<string, Set<string>>();
  #bytes = 0;

  constructor(limits: Partial<MemoryCacheLimits> = {}) {
    this.#limits = { bytes: 64 * 1024 * 1024, entryBytes: 2 * 1024 * 1024, variants: 16, ...limits };
  }

  /** The variants kept under a key, the newest first; they count as used. */
  get(key: string): readonly CacheEntry[] {
    const slot = this.#slots.get(key);
    if (slot === undefined) return none;
    slot.used = true;
    return slot.entries;
  }

  /** The same for whoever is about to put one there: that is no use of them. */
  look(key: string): readonly CacheEntry[] {
    return this.#slots.get(key)?.entries ?? none;
  }

  /** Keeps an entry in place of the variant it replaces; returns whether it was small enough. */
  put(
    { key, resource, scope }: Pick<CacheRequest, "key" | "resource" | "scope">,
    entry: CacheEntry,
    replaces?: CacheEntry,
  ): boolean {
    const size = sizeOf(entry);
    if (size > this.#limits.entryBytes) return false;
    const slot = this.#slots.get(key) ?? { entries: [], resources: [], scope, bytes: 0, used: false };
    const selecting = JSON.stringify(entry.selecting);
    const kept = slot.entries.filter((other) => other !== replaces && JSON.stringify(other.selecting) !== selecting);
    kept.unshift(entry);
    kept.length = Math.min(kept.length, this.#limits.variants);
    this.#remove(key, slot);
    const bytes = kept.reduce((sum, other) => sum + sizeOf(other), 0);
    const resources = [resource, ...kept.flatMap(({ response }) => response.over ?? none)];
    this.#slots.set(key, { entries: kept, resources, scope, bytes, used: false });
    this.#bytes += bytes;
    for (const name of resources) {
      const keys = this.#resources.get(name) ?? new Set();
      this.#resources.set(name, keys.add(key));
    }
    this.#makeRoom(key);
    return true;
  }

  /** Drops every entry of a resource and returns how many keys were dropped. */
  invalidate(resource: string): number {
    const keys = [...(this.#resources.get(resource) ?? [])];
    for (const key of keys) this.#remove(key, this.#slots.get(key));
    return keys.length;
  }

  /** Drops every entry whose scope begins with the prefix and returns how many keys were dropped. */
  purge(prefix: string): number {
    const slots = [...this.#slots].filter(([, { scope }]) => scope.startsWith(prefix));
    for (const [key, slot] of slots) this.#remove(key, slot);
    return slots.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What came last stays unless it is all there is. Ends, because every other key goes at its second turn at the latest. */
  #makeRoom(last: string): void {
    for (const [key, slot] of this.#slots) {
      if (this.#bytes <= this.#limits.bytes) return;
      if (slot.used || (key === last && this.#slots.size > 1)) {
        slot.used = false;
        this.#slots.delete(key);
        this.#slots.set(key, slot);
      } else this.#remove(key, slot);
    }
  }

  #remove(key: string, slot: Slot | undefined): void {
    if (slot === undefined || this.#slots.get(key) !== slot) return;
    this.#slots.delete(key);
    this.#bytes -= slot.bytes;
    for (const name of slot.resources) {
      const keys = this.#resources.get(name);
      keys?.delete(key);
      if (keys?.size === 0) this.#resources.delete(name);
    }
  }
}

const none: readonly never[] = [];

const sizeOf = ({ response }: CacheEntry): number => response.bytes.byteLength + overheadBytes;
