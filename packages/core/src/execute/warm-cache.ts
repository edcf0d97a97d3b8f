/**
 * Keeps what was loaded, by key, the least recently loaded going first. Null is kept as well: that something is not there
 * is worth knowing. A load that was under way when something changed is not kept, because it may have read the old state.
 */
export class WarmCache<Value> {
  readonly #entries = new Map<string, Value | null>();
  readonly #loading = new Map<string, Promise<Value | null>>();
  readonly #limit: number;
  #generation = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Gives what is kept; null for what is known to be absent, undefined for what is not known. */
  peek(key: string): Value | null | undefined {
    return this.#entries.get(key);
  }

  /** Loads under a key; callers that ask for the same key meanwhile share one load. */
  load(key: string, read: () => Promise<Value | null>): Promise<Value | null> {
    const present = this.#loading.get(key);
    if (present !== undefined) return present;
    const loading = this.#run(key, read);
    this.#loading.set(key, loading);
    return loading;
  }

  /** Drops the entries for which `concerns` is true. */
  drop(concerns: (key: string, value: Value | null) => boolean): void {
    this.#generation += 1;
    this.#loading.clear();
    for (const [key, value] of this.#entries) if (concerns(key, value)) this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }

  async #run(key: string, read: () => Promise<Value | null>): Promise<Value | null> {
    const generation = this.#generation;
    try {
      const value = await read();
      if (generation === this.#generation) this.#keep(key, value);
      return value;
    } finally {
      if (generation === this.#generation) this.#loading.delete(key);
    }
  }

  #keep(key: string, value: Value | null): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const oldest = this.#entries.keys().next().value;
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
