import { Worker } from "node:worker_threads";
import type { ImportFile, ImportOptions, ImportResult } from "@junctor/importers";
import { CliFailure } from "./cli-failure.ts";

/** Bounds of one import. */
export interface ImportBounds {
  readonly maxMemoryMb: number;
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
}

/** What an import gave and what it cost. */
export interface MeasuredImport {
  readonly result: ImportResult;
  readonly timeMs: number;
  readonly peakRssMb: number;
}

/** What the worker answers. */
export type WorkerAnswer =
  | { readonly kind: "result"; readonly result: ImportResult; readonly timeMs: number }
  | { readonly kind: "failure"; readonly code: string; readonly message: string; readonly hint: string | undefined };

/** How often the memory of the process is looked at. A heap limit misses buffers, so it is watched from outside as well. */
const LOOK_MS = 50;

const MB = 1024 * 1024;

/**
 * Runs an import in a worker that can be stopped: documents are hostile. The worker's heap is bounded, its time is, and the
 * memory of the whole process is watched from here.
 */
export const runImportInWorker = (
  files: readonly ImportFile[],
  options: ImportOptions,
  bounds: ImportBounds,
): Promise<MeasuredImport> => {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const startedAt = performance.now();
  const before = process.memoryUsage().rss;
  let peak = before;
  const worker = new Worker(new URL(`./import-worker.${extension}`, import.meta.url), {
    workerData: { files, options },
    resourceLimits: { maxOldGenerationSizeMb: bounds.maxMemoryMb },
    ...(extension === "ts" ? { execArgv: ["--conditions=source"] } : {}),
  });
  return new Promise<MeasuredImport>((resolve, reject) => {
    const stop = (failure: CliFailure): void => {
      reject(failure);
      void worker.terminate();
    };
    const look = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
      if (peak - before > bounds.maxMemoryMb * MB) {
        stop(
          limit(`The import took more than ${bounds.maxMemoryMb} MB`, "Select fewer operations, or raise --max-memory"),
        );
      } else if (performance.now() - startedAt > bounds.maxSeconds * 1000) {
        stop(
          limit(`The import took longer than ${bounds.maxSeconds} s`, "Select fewer operations, or raise --max-time"),
        );
      } else if (bounds.signal.aborted) stop(new CliFailure("Interrupted", { kind: "interrupted" }));
    }, LOOK_MS);
    worker.once("message", (answer: WorkerAnswer) => {
      peak = Math.max(peak, process.memoryUsage().rss);
      if (answer.kind === "result") {
        resolve({ result: answer.result, timeMs: answer.timeMs, peakRssMb: peak / MB });
      } else {
        const { code, message, hint } = answer;
        reject(new CliFailure(message, { ...(hint === undefined ? {} : { hint }), details: { code, message, hint } }));
      }
    });
    worker.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? limit(
              `The import took more than ${bounds.maxMemoryMb} MB`,
              "Select fewer operations, or raise --max-memory",
            )
          : new CliFailure(`The import failed: ${error.message}`, { cause: error }),
      );
    });
    worker.once("exit", () => clearInterval(look));
  });
};

const limit = (message: string, hint: string): CliFailure =>
  new CliFailure(message, { hint, details: { code: "IMPORT_LIMIT", message, hint } });
