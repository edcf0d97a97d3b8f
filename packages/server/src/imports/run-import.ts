import { Worker } from "node:worker_threads";
import type { ErrorCode } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import type { ImportFile, ImportOptions, ImportResult } from "@junctor/importers";

/** Bounds of one import. */
export interface ImportBounds {
  readonly maxMemoryMb: number;
  readonly maxSeconds: number;
  readonly signal?: AbortSignal;
}

/** What the worker answers. */
export type WorkerAnswer =
  | { readonly kind: "result"; readonly result: ImportResult }
  | { readonly kind: "failure"; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };

/** How often time and memory are looked at. */
const lookMs = 50;
const megabyte = 1024 * 1024;

/**
 * Runs an import in a worker that can be stopped, because documents are hostile. The worker's heap is bounded; its time, and
 * the memory of the whole process (buffers escape a heap limit), are watched from here. Rejects with IMPORT_LIMIT,
 * IMPORT_FAILED or CALL_CANCELLED.
 */
export function runImport(
  files: readonly ImportFile[],
  options: ImportOptions,
  { maxMemoryMb, maxSeconds, signal }: ImportBounds,
): Promise<ImportResult> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./import-worker.${extension}`, import.meta.url), {
    workerData: { files, options },
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
    // The worker gets no setting of the server: it needs none.
    env: {},
    ...(extension === "ts" ? { execArgv: ["--conditions=source"] } : {}),
  });
  const startedAt = performance.now();
  const before = process.memoryUsage().rss;
  return new Promise<ImportResult>((resolve, reject) => {
    const look = setInterval(() => {
      if (process.memoryUsage().rss - before > maxMemoryMb * megabyte) reject(limit(`${maxMemoryMb} MB`));
      else if (performance.now() - startedAt > maxSeconds * 1000) reject(limit(`${maxSeconds} s`));
      else if (signal?.aborted === true) reject(new ConnectorError("CALL_CANCELLED", "The caller went away."));
      else return;
      void worker.terminate();
    }, lookMs);
    worker.once("exit", () => {
      clearInterval(look);
      // Settles nothing that is settled already.
      reject(new Error("The import ended without an answer."));
    });
    worker.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? limit(`${maxMemoryMb} MB`) : error),
    );
    worker.once("message", (answer: WorkerAnswer) => {
      if (answer.kind === "result") return resolve(answer.result);
      const { code, message, hint } = answer;
      reject(new ConnectorError(code, message, hint === undefined ? {} : { hint }));
    });
  });
}

function limit(bound: string): ConnectorError {
  return new ConnectorError("IMPORT_LIMIT", `The import took more than ${bound}.`, {
    hint: "Select fewer operations, or split the document.",
  });
}
