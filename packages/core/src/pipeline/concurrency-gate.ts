/** Lets a limited number of holders in at once; the others wait in line. */
export class ConcurrencyGate {
  readonly #limit: number;
  readonly #running = new Map<string, Entry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place under `key`: at once (true), or says that it has to wait. */
  tryEnter(key: string): boolean {
    const entry = this.#running.get(key);
    if (entry === undefined) {
      this.#open(key);
      return true;
    }
    if (entry.count >= this.#limit) return false;
    entry.count += 1;
    return true;
  }

  /** Waits for a place; resolves false when `ms` passed or the signal fired first. */
  enter(key: string, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    const entry = this.#running.get(key);
    if (entry === undefined || entry.count < this.#limit) return Promise.resolve(this.tryEnter(key));
    return new Promise((resolve) => {
      const settle = (entered: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
        resolve(entered);
      };
      const admit = (): void => settle(true);
      const giveUp = (): void => {
        const position = entry.waiting.indexOf(admit);
        if (position >= 0) entry.waiting.splice(position, 1);
        settle(false);
      };
      const timer = setTimeout(giveUp, ms);
      signal?.addEventListener("abort", giveUp, { once: true });
      entry.waiting.push(admit);
    });
  }

  /** Gives the place back; the longest waiting one takes it over, so the count stays. */
  leave(key: string): void {
    const entry = this.#running.get(key);
    if (entry === undefined) return;
    const next = entry.waiting.shift();
    if (next !== undefined) next();
    else entry.count -= 1;
  }

  /** Makes an entry. Empty ones are kept for the next call of the same key, up to a bound. */
  #open(key: string): Entry {
    if (this.#running.size >= MAX_KEYS) {
      for (const [known, { count }] of this.#running) if (count === 0) this.#running.delete(known);
    }
    const entry: Entry = { count: 1, waiting: [] };
    this.#running.set(key, entry);
    return entry;
  }
}

interface Entry {
  count: number;
  readonly waiting: (() => void)[];
}

const MAX_KEYS = 10_000;
