import type { Clock } from "../ports/sources.ts";
import type { RateLimitStore } from "../ports/stores.ts";
import { ConcurrencyGate } from "./concurrency-gate.ts";
import { RateWindows } from "./rate-window.ts";

/** The limits that all calls of an engine share. */
export interface Budget {
  readonly connections: ConcurrencyGate;
  readonly workspaces: ConcurrencyGate;
  readonly rates: RateWindows;
}

/** Makes the budget of an engine. */
export function createBudget(
  limits: { readonly concurrencyPerConnection: number; readonly concurrencyPerWorkspace: number },
  store: RateLimitStore,
  clock: Clock,
): Budget {
  return {
    connections: new ConcurrencyGate(limits.concurrencyPerConnection),
    workspaces: new ConcurrencyGate(limits.concurrencyPerWorkspace),
    rates: new RateWindows(store, clock),
  };
}
