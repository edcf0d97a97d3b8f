export { type TypedConnector, writeClientTypes } from "./client-types/write-client-types.ts";
export { type ExportResult, exportOpenApi } from "./export/export-openapi.ts";
export { importDocument } from "./import-document.ts";
export type {
  ImportFile,
  ImportOptions,
  ImportResult,
  LintFinding,
  Loss,
  Note,
  Repair,
  Selection,
  SkippedOperation,
} from "./import-result.ts";
export { inferSchema } from "./samples/infer-schema.ts";
export type { SourceFormat } from "./source/detect-format.ts";
export type { ImportLimits } from "./source/limits.ts";
export { formatImport, type ImportSummary, parseSelection, summariseImport } from "./summarise-import.ts";
export { importInWorker, type MeasuredImport, type WorkerLimits } from "./worker/import-in-worker.ts";
