import type { CacheRequest } from "./cache-types.ts";

/** How many dropped resources are told apart; where more are dropped while one load lasts, it counts as dropped itself. */
const REMEMBERED = 1_000;

/**
 * Counts loads under way and remembers what was dropped meanwhile, so that an answer from before a write is not kept after
 * it, nor given to a caller who came after it. Costs nothing where nothing is loaded or nothing is dropped.
 *
 *   begin ──────── drop(resource) ─────── end          isCurrent: false; what it brought is for who waited already
 *            begin ───────────────────────── end       isCurrent: true, if it began after the drop
 */
export class LoadsUnderWay {
  #count = 0;
  #turn = 0;
  /** Turns at which resources were dropped, the oldest first. */
  readonly #dropped = new Map<string, number>();
  /** The last turn at which something was dropped, and at which everything was. */
  #lastDrop = 0;
  #dropOfAll = 0;

  /** Counts a load in and returns its turn: a later one has a higher number. Whoever begins also ends. */
  begin(): number {
    this.#count += 1;
    this.#turn += 1;
    return this.#turn;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#dropped.clear();
  }

  get isIdle(): boolean {
    return this.#count === 0;
  }

  /** Remembers that a resource was dropped. */
  drop(resource: string): void {
    if (this.#count === 0) return;
    this.#turn += 1;
    this.#lastDrop = this.#turn;
    this.#dropped.delete(resource);
    this.#dropped.set(resource, this.#turn);
    if (this.#dropped.size <= REMEMBERED) return;
    const [oldest = ["", 0] as const] = this.#dropped;
    this.#dropped.delete(oldest[0]);
    // Everything may have been dropped after that one.
    this.#dropOfAll = Math.max(this.#dropOfAll, oldest[1]);
  }

  /** Remembers that whatever is being loaded was dropped. */
  dropAll(): void {
    this.#turn += 1;
    this.#lastDrop = this.#turn;
    this.#dropOfAll = this.#turn;
  }

  /** Whether nothing was dropped since that turn of a request's resource, or of those that its answer came over. */
  isCurrent(turn: number, request: Pick<CacheRequest, "resource">, over: readonly string[] = none): boolean {
    if (this.#lastDrop < turn) return true;
    if (this.#dropOfAll > turn) return false;
    return !this.#wasDropped(turn, request.resource) && !over.some((resource) => this.#wasDropped(turn, resource));
  }

  #wasDropped(turn: number, resource: string): boolean {
    return (this.#dropped.get(resource) ?? 0) > turn;
  }
}

const none: readonly string[] = [];
