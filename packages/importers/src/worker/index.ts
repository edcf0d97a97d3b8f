export { importInWorker, type MeasuredImport, type WorkerLimits } from "./import-in-worker.ts";
