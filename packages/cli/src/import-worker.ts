import { parentPort, workerData } from "node:worker_threads";
import { ConnectorError } from "@junctor/core";
import { type ImportFile, type ImportOptions, importDocument } from "@junctor/importers";
import type { WorkerAnswer } from "./import-in-worker.ts";

/** The worker's side of an import: one document in, one answer out. */
const { files, options } = workerData as { readonly files: readonly ImportFile[]; readonly options: ImportOptions };

const answer = (): WorkerAnswer => {
  try {
    // Measured here: starting a worker is no part of the import.
    const startedAt = performance.now();
    const result = importDocument(files, options);
    return { kind: "result", result, timeMs: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof ConnectorError)
      return { kind: "failure", code: error.code, message: error.message, hint: error.hint };
    if (error instanceof RangeError) {
      return {
        kind: "failure",
        code: "IMPORT_LIMIT",
        message: "The document is nested too deeply",
        hint: "Flatten it",
      };
    }
    throw error;
  }
};

parentPort?.postMessage(answer());
