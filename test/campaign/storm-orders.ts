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

/** A request was handed to the network with this access token; what "at send" means. */
export interface SentNote {
  readonly kind: "sent";
  readonly token: string;
  readonly at: number;
}

/**
 * Times scaled to tokens of five seconds. The margins are shares of the lifetime and need no scaling: two fifths (soft) and
 * a fifth (hard). A dead replica's lease must end within a call's timeout; a token request may take as long as a machine with
 * eight busy processes on two cores makes it take, since giving up on one loses its answer.
 */
export const stormTiming: NonNullable<ComposeOptions["timing"]> = {
  limits: { requestMs: 6_000, leaseMs: 10_000, pollMs: 40 },
  backoff: { firstMs: 100, maxMs: 2_000 },
  forceEveryMs: 1_000,
};
