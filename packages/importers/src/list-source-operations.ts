import type { ImportFile, ImportOptions } from "./import-result.ts";
import { asObject } from "./json-value.ts";
import { listOperations, versionOf } from "./openapi/read-model.ts";
import { type OperationSummary, summariseEntry } from "./openapi/select-operations.ts";
import { ImportReport } from "./report/import-report.ts";
import { SchemaRegistry } from "./schemas/schema-registry.ts";
import { defaultLimits } from "./source/limits.ts";
import { openSource } from "./source/open-source.ts";

/** Lists the operations of an OpenAPI or Swagger document for a picker, without importing them; other formats have none to pick. */
export function listSourceOperations(
  files: readonly ImportFile[],
  options: ImportOptions = {},
): readonly OperationSummary[] {
  const limits = { ...defaultLimits, ...options.limits };
  const report = new ImportReport();
  const { tree, format } = openSource(files, options, report, limits);
  if (!["openapi", "swagger", "power-platform"].includes(format)) return [];
  const schemas = new SchemaRegistry(tree, report, limits, versionOf(asObject(tree.document().value)) === "3.1");
  return listOperations({ tree, schemas, report }, "paths").map(summariseEntry);
}
