import type { HttpCache } from "../cache/http-cache.ts";
import { runAttempts } from "./attempts.ts";
import { enterGates, leaveGates } from "./budget.ts";
import { changesThings, forgetChanged, runCached } from "./cache.ts";
import type { CallState } from "./call-state.ts";
import { filterOutput } from "./filter.ts";
import { joinTokenValues } from "./join-token-values.ts";
import { observeLimits } from "./observe-limits.ts";
import { readPages } from "./pages.ts";
import { renderPlan } from "./render.ts";
import { markStage } from "./trace.ts";
import { transformResponse } from "./transform.ts";

/**
 * Runs an admitted call from *render* to *filter*; the order of the stages is drawn in `stages.ts`. Rejects with what
 * ended the call. The caller records it, whichever way it ends.
 */
export async function runCall(state: CallState): Promise<void> {
  const entering = enterGates(state);
  if (entering !== undefined) await entering;
  try {
    const values = state.auth?.values;
    if (values != null) await joinTokenValues(state, values);
    const { pagination } = state.action;
    if (pagination !== null) await readPages(state, pagination, runExchange);
    else {
      await runExchange(state);
      const transformed = transformResponse(state);
      if (transformed !== undefined) await transformed;
      if (state.call.trace === true) markStage(state, "transform");
    }
    filterOutput(state);
    if (state.call.trace === true) markStage(state, "filter");
  } finally {
    leaveGates(state);
  }
}

/** One request and its answer: *render*, *cache*, and the attempts. */
function runExchange(state: CallState): Promise<void> {
  renderPlan(state);
  if (state.call.trace === true) return runTraced(state);
  return runPlanned(state);
}

/** The same with the time of its two parts. */
async function runTraced(state: CallState): Promise<void> {
  markStage(state, "render");
  await runPlanned(state);
  markStage(state, state.attempts === 0 ? "cache" : "attempts");
}

function runPlanned(state: CallState): Promise<void> {
  const { cache } = state.context;
  const { action } = state;
  // The common case first: nothing is kept, changed or counted.
  const isPlain = cache === null || (action.cache === null && !changesThings(action.exchange.request.method));
  if (isPlain && action.rateLimits.length === 0) return runAttempts(state);
  return runWithCache(state, cache);
}

async function runWithCache(state: CallState, cache: HttpCache | null): Promise<void> {
  if (cache === null) await runAttempts(state);
  else if (state.action.cache === null) {
    await runAttempts(state);
    forgetChanged(state, cache);
  } else {
    const cached = runCached(state, cache, runAttempts);
    if (cached !== undefined) await cached;
  }
  if (state.action.rateLimits.length > 0) observeLimits(state);
}
