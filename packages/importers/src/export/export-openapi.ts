import type { JsonObject } from "@junctor/core";
import type { Loss } from "../import-result.ts";
import { asObject, type Obj } from "../json-value.ts";
import { importOpenApi } from "../openapi/import-openapi.ts";
import { ImportReport } from "../report/import-report.ts";
import { difference } from "../residue/difference.ts";
import { defaultLimits } from "../source/limits.ts";
import { SourceTree } from "../source/source-tree.ts";
import { openApiOf } from "./write-openapi.ts";

/** An exported document and what it could not say. */
export interface ExportResult {
  readonly document: JsonObject;
  readonly losses: readonly Loss[];
}

/** Root member under which an export keeps what OpenAPI cannot say, for an import to take it back. */
export const definitionMember = "x-junctor-definition";

/**
 * Exports a definition as OpenAPI 3.1. Importing the result gives the same definition again: what an import of the plain
 * document would not yield (triggers, steps, templates, policies of retry and cache) stands under `x-junctor-definition`
 * as the difference. `plain` leaves that out, for readers who are not to see it.
 */
export function exportOpenApi(definition: JsonObject, options: { readonly plain?: boolean } = {}): ExportResult {
  const document = openApiOf(definition as Obj);
  if (options.plain === true) return { document: document as JsonObject, losses: [] };
  const rest = difference(readPlain(document), definition);
  const complete = rest === undefined ? document : { ...document, [definitionMember]: rest };
  return { document: complete as JsonObject, losses: [] };
}

/** What an import makes of an exported document without its difference. */
export function readPlain(document: Obj): Obj {
  const report = new ImportReport();
  const copy = asObject(JSON.parse(JSON.stringify(document)));
  const tree = new SourceTree("export", new Map([["export", ""]]), () => copy, report);
  return importOpenApi(tree, report, {}, defaultLimits).definition;
}
