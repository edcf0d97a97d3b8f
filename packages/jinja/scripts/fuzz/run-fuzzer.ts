import { Worker } from "node:worker_threads";

/** Is a case that crashed or hung. */
export interface Finding {
  readonly seed: number;
  readonly source: string;
  readonly what: string;
}

/** Sums up a run. */
export interface FuzzReport {
  readonly cases: number;
  readonly rendered: number;
  readonly refused: number;
  readonly seconds: number;
  readonly slowest: number;
  readonly findings: readonly Finding[];
}

/** Says how long to run and from which seed. */
export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
}

/** Time without a finished case after which the worker counts as hung, in milliseconds. */
const PATIENCE = 20_000;

/** Runs the fuzzer in a worker and watches it from here, so that a hang ends the run instead of stopping it. */
export async function runFuzzer(options: FuzzOptions): Promise<FuzzReport> {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./fuzz-worker.ts", import.meta.url), {
    workerData: { ...options, progress },
    execArgv: ["--conditions=source"],
  });
  let last = 0;
  let since = performance.now();
  return await new Promise<FuzzReport>((resolve, reject) => {
    const watch = setInterval(() => {
      const now = Atomics.load(progress, 0);
      if (now !== last) {
        last = now;
        since = performance.now();
      } else if (performance.now() - since > PATIENCE) {
        const finding = { seed: Atomics.load(progress, 1), source: "", what: "hang: no case finished for 20 s" };
        finish(() =>
          resolve({ cases: now, rendered: 0, refused: 0, seconds: 0, slowest: PATIENCE, findings: [finding] }),
        );
      }
    }, 500);
    const finish = (settle: () => void): void => {
      clearInterval(watch);
      worker.terminate().then(settle, reject);
    };
    worker.once("message", (report: FuzzReport) => finish(() => resolve(report)));
    worker.once("error", (error) => finish(() => reject(error)));
  });
}
