import type { ComposeOptions } from "@junctor/server";

/** What a worker of the storm is told. */
export interface WorkerOrders {
  readonly worker: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly connections: readonly string[];
  readonly calls: number;
  /** Time over which the calls are spread. */
  readonly durationMs: number;
}

/** How a worker's calls ended. */
export interface WorkerReport {
  readonly kind: "report";
  readonly worker: number;
  readonly succeeded: number;
  readonly errors: ReadonlyArray<readonly [code: string, count: number]>;
  /** The first few messages of failures. */
  readonly samples: readonly string[];
}

/** Tokens live this long in the storm. */
export const tokenLifetimeMs = 5_000;

/**
 * Times scaled to tokens of five seconds. The margins are shares of the lifetime and need no scaling: a quarter (soft) and a
 * tenth (hard). Lease and request times are those of production divided by ten.
 */
export const stormTiming: NonNullable<ComposeOptions["timing"]> = {
  limits: { requestMs: 1_500, leaseMs: 2_500, pollMs: 40 },
  backoff: { firstMs: 100, maxMs: 2_000 },
  forceEveryMs: 1_000,
};
