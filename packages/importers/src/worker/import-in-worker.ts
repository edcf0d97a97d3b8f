import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ConnectorError } from "@junctor/core";
import type { ImportFile, ImportOptions, ImportResult } from "../import-result.ts";
import { listWorkerFlags } from "./worker-flags.ts";

/**
 * Imports in a process of its own, bounded from outside:
 *
 *   importInWorker ── files ──► child: importDocument ── result ──► resolve
 *        │                        ▲
 *        ├── time is up ──────────┤
 *        ├── too much memory ─────┤ SIGKILL, then IMPORT_LIMIT
 *        └── signal aborted ──────┘
 *
 * The heap limit alone would miss what buffers and native memory take, which is why a second thread of the child watches its
 * resident memory and its time, and kills it, also when nobody is left who would. The child has an empty environment, reads
 * nothing but its own code, and may neither write files nor start processes (`worker-flags.ts`).
 */
export interface WorkerLimits {
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** Resident memory of the child in MB. Default 1,500. */
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
}

/** A result and what it cost. */
export interface MeasuredImport {
  readonly result: ImportResult;
  /** Milliseconds of the import itself, without starting the process. */
  readonly timeMs: number;
  /** Highest resident memory seen, in MB. */
  readonly peakRssMb: number;
}

/** What goes to the child and what comes back. */
export interface WorkerRequest {
  readonly files: readonly ImportFile[];
  readonly options: ImportOptions;
}
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly result: ImportResult; readonly timeMs: number; readonly rssMb: number }
  | { readonly kind: "error"; readonly code: string; readonly message: string; readonly hint: string | undefined };

/** Imports files in a watched process. Rejects with `IMPORT_FAILED` or `IMPORT_LIMIT`. */
export function importInWorker(
  files: readonly ImportFile[],
  options: ImportOptions = {},
  limits: WorkerLimits = {},
): Promise<MeasuredImport> {
  const timeoutMs = limits.timeoutMs ?? 30_000;
  const memoryMb = limits.memoryMb ?? 1_500;
  const own = import.meta.url;
  const script = fileURLToPath(new URL(`./worker-process${own.endsWith(".ts") ? ".ts" : ".js"}`, own));
  const child = fork(script, [String(memoryMb), String(timeoutMs)], {
    execArgv: [...listWorkerFlags(memoryMb)],
    env: {},
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return watch(child, { files, options }, timeoutMs, memoryMb, limits.signal);
}

function watch(
  child: ChildProcess,
  request: WorkerRequest,
  timeoutMs: number,
  memoryMb: number,
  signal: AbortSignal | undefined,
): Promise<MeasuredImport> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      child.removeAllListeners();
      child.kill("SIGKILL");
      act();
    };
    const refuse = (why: string): void => settle(() => reject(limitReached(why)));
    const abort = (): void => settle(() => reject(signal?.reason ?? new Error("aborted")));
    const timer = setTimeout(() => refuse(`it took longer than ${timeoutMs} ms`), timeoutMs);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted === true) {
      abort();
      return;
    }
    child.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") child.send(request, noticeExit);
      else if (message.kind === "error") settle(() => reject(toError(message)));
      else settle(() => resolve({ result: message.result, timeMs: message.timeMs, peakRssMb: message.rssMb }));
    });
    child.once("exit", (code, ended) => {
      // Killed by its watching thread, or aborted by the engine: in both cases there was too little memory for it.
      if (ended === "SIGKILL" || ended === "SIGABRT") refuse(`the process ran out of its ${memoryMb} MB`);
      else settle(() => reject(endedEarly(`It ended with ${ended ?? code}.`)));
    });
    child.once("error", (cause) => settle(() => reject(endedEarly("It could not be started.", cause))));
  });
}

const limitReached = (why: string): ConnectorError =>
  new ConnectorError("IMPORT_LIMIT", `The document was refused: ${why}.`, {
    hint: "Select fewer operations, or import a smaller document.",
  });

const endedEarly = (why: string, cause?: unknown): ConnectorError =>
  new ConnectorError("IMPORT_FAILED", `The import process gave no answer. ${why}`, {
    hint: "Repeat; if it stays so, the installation lacks files, or may start no processes.",
    cause,
  });

/** A child that is gone before it was asked has its `exit` event, which says more. */
const noticeExit = (): void => {};

const toError = (message: Extract<WorkerMessage, { kind: "error" }>): ConnectorError =>
  new ConnectorError(
    message.code === "IMPORT_LIMIT" ? "IMPORT_LIMIT" : "IMPORT_FAILED",
    message.message,
    message.hint === undefined ? {} : { hint: message.hint },
  );
