import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds after the start at which what starting needed is no longer needed. */
const settledMs = 1_500;

/**
 * Gives memory back once, soon after a start: loading modules and compiling schemas leaves a quarter of the process as
 * garbage that V8 would keep until load makes it collect. For a process that is the server and nothing else.
 */
export function settleMemory(): void {
  const timer = setTimeout(() => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as (options: object) => Promise<void>;
    void collect({ type: "major", execution: "async", flavor: "last-resort" });
  }, settledMs);
  timer.unref();
}
