import { createHook } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds after the start at which what starting needed is no longer needed. */
const settledMs = 1_500;

/**
 * Fits the JavaScript engine to a process that is the server and nothing else (docs/adr/0156). Call it once, when the
 * server listens:
 *
 *   now ────► optimised code outlives quiet times
 *   1.5 s ──► what starting left is given back to the system
 */
export function tuneProcess(): void {
  keepTickShape();
  keepOptimisedCode();
  setTimeout(settleMemory, settledMs).unref();
}

/**
 * V8 throws optimised code away when the shapes of objects it was made for have no object left. In a quiet server that is all
 * of them, so the first calls after a pause would pay for compiling again, as after a start.
 */
function keepOptimisedCode(): void {
  setFlagsFromString("--retain-maps-for-n-gc=1000000");
  // The collections it starts in quiet times don't heed the flag above.
  setFlagsFromString("--no-memory-reducer");
}

const keptTicks: object[] = [];

/**
 * Keeps one of Node's tick objects. Once no object of their shape is left at a collection, every later `process.nextTick`
 * takes V8's slow way for a computed member name, for good, and each request needs a dozen ticks.
 */
function keepTickShape(): void {
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === "TickObject") keptTicks.push(resource);
    },
  });
  hook.enable();
  process.nextTick(() => undefined);
  hook.disable();
}

/**
 * Gives memory back: loading modules and compiling schemas leaves a quarter of the process as garbage that V8 would keep
 * until load makes it collect.
 */
function settleMemory(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => Promise<void>;
  void collect({ type: "major", execution: "async", flavor: "last-resort" });
}
