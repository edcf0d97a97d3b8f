import { Worker } from "node:worker_threads";
import { ConnectorError } from "@junctor/core";
import { importDocument } from "../import-document.ts";
import type { WorkerMessage, WorkerRequest } from "./import-in-worker.ts";

/** The process in which a document is imported; its arguments are how many MB may be resident, and for how many ms it may run. */
const limits = { memoryMb: Number(process.argv[2] ?? 1_500), timeoutMs: Number(process.argv[3] ?? 30_000) };

/**
 * Runs beside the import, which keeps its own thread busy: ends the process at once when too much memory is resident. The time is
 * the parent's to watch; a second later the child does it, because a parent that was killed watches nothing.
 */
const watchdog = `
  const { memoryMb, timeoutMs } = require("node:worker_threads").workerData;
  const end = performance.now() + timeoutMs + 1000;
  setInterval(() => {
    if (process.memoryUsage.rss() / 1e6 > memoryMb || performance.now() > end) process.kill(process.pid, "SIGKILL");
  }, 50);
`;

const send = (message: WorkerMessage): void => {
  process.send?.(message);
};

function importRequest(request: WorkerRequest): void {
  try {
    const started = performance.now();
    const result = importDocument(request.files, request.options);
    send({ kind: "result", result, timeMs: performance.now() - started, rssMb: process.resourceUsage().maxRSS / 1000 });
  } catch (thrown) {
    const error = thrown as Error;
    if (error instanceof RangeError) {
      send({ kind: "error", code: "IMPORT_LIMIT", message: "The document is nested too deeply.", hint: "Flatten it." });
    } else if (error instanceof ConnectorError) {
      send({ kind: "error", code: error.code, message: error.message, hint: error.hint });
    } else {
      const message = `The document made the importer fail: ${error.message}`;
      send({ kind: "error", code: "IMPORT_FAILED", message, hint: "Please report this with the document." });
    }
  }
}

/** Validators and templates are compiled on first use; that is part of starting, not of the import. */
function warmUp(): void {
  const document = {
    openapi: "3.1.0",
    info: { title: "Warm", version: "1.0.0" },
    servers: [{ url: "https://warm.example" }],
    paths: { "/{id}": { get: { operationId: "warm", responses: {} } } },
  };
  importDocument([{ path: "warm.json", bytes: new TextEncoder().encode(JSON.stringify(document)) }]);
}

new Worker(watchdog, { eval: true, workerData: limits }).unref();
warmUp();
process.once("message", importRequest);
send({ kind: "ready" });
