export { type TypedConnector, writeClientTypes } from "./client-types/write-client-types.ts";
export type { ChecklistItem } from "./draft/checklist.ts";
export { type DocsDraft, type DraftOptions, draftFromDocs } from "./draft/draft-from-docs.ts";
export {
  type ElementTemplateExport,
  type ElementTemplateOptions,
  exportElementTemplate,
} from "./export/export-element-template.ts";
export { type ActionSchemas, exportJsonSchemas } from "./export/export-json-schemas.ts";
export { type ExportResult, exportOpenApi } from "./export/export-openapi.ts";
export { exportPowerPlatform, type PowerPlatformExport } from "./export/export-power-platform.ts";
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
export type { LintFix, SourceRule } from "./lint/lint-rule.ts";
export { fixSource, lintSource } from "./lint/lint-source.ts";
export { sourceRules } from "./lint/rules/source-rules.ts";
export { listSourceOperations } from "./list-source-operations.ts";
export type { OperationSummary } from "./openapi/select-operations.ts";
export { type Merge, type MergeChange, mergeThreeWays } from "./reimport/merge-three-ways.ts";
export { formatReimport, type Reimport, type ReimportSource, reimport } from "./reimport/reimport.ts";
export { inferSchema } from "./samples/infer-schema.ts";
export { type SourceFormat, sourceFormats } from "./source/detect-format.ts";
export type { ImportLimits } from "./source/limits.ts";
export { formatImport, type ImportSummary, parseSelection, summariseImport } from "./summarise-import.ts";
