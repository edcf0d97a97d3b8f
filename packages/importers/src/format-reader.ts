import type { ImportOptions } from "./import-result.ts";
import type { Obj } from "./json-value.ts";
import type { ImportReport } from "./report/import-report.ts";
import type { ImportLimits } from "./source/limits.ts";
import type { OpenedSource } from "./source/open-source.ts";

/** What a reader of one format yields. */
export interface ReadResult {
  readonly definitions: readonly Obj[];
  readonly found: number;
  readonly imported: number;
}

/** Reads one format. */
export type FormatReader = (
  source: OpenedSource,
  report: ImportReport,
  options: ImportOptions,
  limits: ImportLimits,
) => ReadResult;
