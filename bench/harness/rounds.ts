import { applyLoad, type Load, type Slice } from "./load.ts";
import type { Running } from "./processes.ts";

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  readonly server: Running;
  readonly load: Load;
}

/** Holds the medians of a variant over all rounds. */
export interface Measured extends Slice {
  readonly name: string;
  /** The CPU per request of each round, to judge the noise by. */
  readonly rounds: readonly number[];
}

/** Says how long and how often. */
export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
  readonly folder: string;
}

/**
 * Measures variants interleaved: one slice each per round, the order turned round every time, so that a busy minute of the
 * machine falls on all of them. All servers stay up and are warmed first. The median of the rounds counts.
 */
export async function measureInterleaved(variants: readonly Variant[], pace: Pace): Promise<readonly Measured[]> {
  for (const variant of variants) await warm(variant, pace);
  const slices = new Map<string, Slice[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < pace.rounds; round++) {
    const order = round % 2 === 0 ? variants : variants.toReversed();
    for (const { name, server, load } of order) {
      // A second that doesn't count: the others have emptied the caches meanwhile, and an idle server has tidied up.
      await applyLoad(server, load, 1, pace.folder);
      slices.get(name)?.push(await applyLoad(server, load, pace.seconds, pace.folder));
    }
  }
  return variants.map(({ name }) => summarize(name, slices.get(name) ?? []));
}

/** Most slices that are spent on warming one variant, and the requests that it should have answered by then. */
const MAX_WARMING = 20;
const WARM_REQUESTS = 50_000;

/**
 * Warms a server until it has answered many requests and its cost stops falling: V8's optimised code comes late, on a busy machine very
 * late (seen: 170 µs per request for fifteen seconds, then 85), and a fixed time would measure the compiler's progress.
 */
async function warm({ server, load }: Variant, pace: Pace): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  let unchanged = 0;
  let requests = 0;
  for (let slice = 0; slice < MAX_WARMING && (unchanged < 2 || requests < WARM_REQUESTS); slice++) {
    const measured = await applyLoad(server, load, 2, pace.folder);
    requests += measured.requests;
    unchanged = measured.cpuMicros > best * 0.95 ? unchanged + 1 : 0;
    best = Math.min(best, measured.cpuMicros);
  }
}

function summarize(name: string, slices: readonly Slice[]): Measured {
  const of = (pick: (slice: Slice) => number): number => median(slices.map(pick));
  return {
    name,
    requests: slices.reduce((sum, slice) => sum + slice.requests, 0),
    requestsPerSecond: of((slice) => slice.requestsPerSecond),
    cpuMicros: of((slice) => slice.cpuMicros),
    p50Ms: of((slice) => slice.p50Ms),
    p99Ms: of((slice) => slice.p99Ms),
    rounds: slices.map((slice) => slice.cpuMicros),
  };
}

/** Finds the middle of some numbers; the mean of the two middle ones if their count is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Takes the ratio of two variants round by round and then the median, so that both numbers come from the same minute. */
export function medianRatio(variant: Measured, base: Measured): number {
  return median(variant.rounds.map((value, i) => value / (base.rounds[i] ?? Number.NaN)));
}
