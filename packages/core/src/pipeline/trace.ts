/**
 * The trace of a call whose caller asked for one and may see it: how long each stage took. Kept beside the state, so that
 * the calls of everybody else carry nothing of it.
 */
import type { StageTime } from "../execute/call-trace.ts";
import type { CallState } from "./call-state.ts";

interface Trace {
  last: number;
  readonly stages: StageTime[];
}

const traces = new WeakMap<CallState, Trace>();

/** Starts the trace of a call that was admitted `sinceMs` ago; does nothing unless the call asks for one. */
export function startTrace(state: CallState, sinceMs: number): void {
  if (state.call.trace !== true) return;
  traces.set(state, { last: performance.now(), stages: [{ stage: "admit", ms: round(sinceMs) }] });
}

/** Notes that a stage ended now. */
export function markStage(state: CallState, stage: string): void {
  const trace = traces.get(state);
  if (trace === undefined) return;
  const now = performance.now();
  trace.stages.push({ stage, ms: round(now - trace.last) });
  trace.last = now;
}

/** Notes a step of a composite, which ran as a call of its own. */
export function markStep(frame: CallState, id: string, step: CallState, ms: number): void {
  traces.get(frame)?.stages.push({ stage: `step ${id}`, ms: round(ms), stages: readTrace(step) });
}

/** The stages noted so far. */
export const readTrace = (state: CallState): readonly StageTime[] => traces.get(state)?.stages ?? [];

const round = (ms: number): number => Math.round(ms * 100) / 100;
