import type { Clock } from "../ports/sources.ts";

/** A clock whose time passes only when somebody sleeps; `slept` lists for how long. */
export interface ManualClock extends Clock {
  readonly slept: readonly number[];
  advance(ms: number): void;
}

/** Makes a clock that starts at `start` (default 2026-01-01) and draws the given chance each time (default 0.5). */
export function createManualClock(start = Date.UTC(2026, 0, 1), chance = 0.5): ManualClock {
  let now = start;
  let ids = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => chance,
    newId: () => `id-${++ids}`,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}
