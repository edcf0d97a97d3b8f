import type { HttpCache } from "../cache/http-cache.ts";
import { runAttempts } from "./attempts.ts";
import { enterGates, leaveGates } from "./budget.ts";
import { runCached } from "./cache.ts";
import type { CallState } from "./call-state.ts";
import { filterOutput } from "./filter.ts";
import { changesThings, forgetChanged } from "./forget-changed.ts";
import { ignoreFailure, requireAnswer } from "./ignored-failure.ts";
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
      const exchange = runExchange(state);
      if (exchange !== undefined) await exchange;
      const transformed = transformResponse(state);
      if (transformed !== undefined) await transformed;
      if (state.call.trace === true) markStage(state, "transform");
    }
    filterOutput(state);
    if (state.call.trace === true) markStage(state, "filter");
  } catch (thrown) {
    discardUnread(state);
    throw thrown;
  } finally {
    leaveGates(state);
  }
}

/** A call that fails after the head of its answer would hold the connection for a body that nobody reads. */
function discardUnread({ response }: CallState): void {
  if (response === null) return;
  response.source?.discard();
  response.source = null;
}

/** One request and its answer: *render*, *cache*, and the attempts. Nothing is waited for where a fresh answer is in memory. */
function runExchange(state: CallState): Promise<void> | undefined {
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

function runPlanned(state: CallState): Promise<void> | undefined {
  const { cache } = state.context;
  const { action } = state;
  // The common case first: nothing is kept, changed or counted.
  const isPlain = cache === null || (action.cache === null && !changesThings(action.exchange.request.method));
  if (isPlain && action.rateLimits.length === 0) return runAttempts(state);
  const run = cache === null || action.cache === null ? runChanging(state, cache) : runKept(state, cache);
  return action.rateLimits.length === 0 ? run : runCounted(state, run);
}

/** An action whose answers are kept. Only one with rules of its own can ignore a failure. */
function runKept(state: CallState, cache: HttpCache): Promise<void> | undefined {
  if (state.action.exchange.errors.length === 0) return runCached(state, cache, runAttempts);
  const answering = runCached(state, cache, runAnswered);
  return answering === undefined ? undefined : ignoreFailure(state, answering);
}

const runAnswered = (state: CallState): Promise<void> => requireAnswer(state, runAttempts);

/** The attempts of an action whose answers are not kept, but which may change what others keep. */
async function runChanging(state: CallState, cache: HttpCache | null): Promise<void> {
  try {
    await runAttempts(state);
  } finally {
    // Also where a rule takes the answer for an error: the upstream did what it was asked for.
    if (cache !== null) forgetChanged(state, cache);
  }
}

async function runCounted(state: CallState, run: Promise<void> | undefined): Promise<void> {
  await run;
  observeLimits(state);
}
