import type { ReadResult } from "../format-reader.ts";
import type { ImportOptions, Loss } from "../import-result.ts";
import { importOpenApi } from "../openapi/import-openapi.ts";
import { ImportReport } from "../report/import-report.ts";
import type { ImportLimits } from "../source/limits.ts";
import { SourceTree } from "../source/source-tree.ts";
import type { GeneratedDocument } from "./recorded-requests.ts";

/** Imports documents that a reader made of another format; what is reported points into that format's source. */
export function importGenerated(
  documents: readonly GeneratedDocument[],
  report: ImportReport,
  options: ImportOptions,
  limits: ImportLimits,
): ReadResult {
  const definitions: Record<string, unknown>[] = [];
  let found = 0;
  let imported = 0;
  for (const { document, places } of documents) {
    const own = new ImportReport();
    const tree = new SourceTree("generated", new Map([["generated", ""]]), () => document, own);
    const result = importOpenApi(tree, own, options, limits);
    definitions.push(result.definition);
    found += result.found;
    imported += result.imported;
    const here = <Item extends { readonly pointer: string }>(item: Item): Item => ({
      ...item,
      pointer: placeOf(item.pointer, places),
    });
    report.losses.push(...own.losses.map(here));
    report.notes.push(...own.notes.filter(isAboutSource).map(here));
    report.skipped.push(...own.skipped.map(here));
  }
  return { definitions, found, imported };
}

/** Notes about what the reader itself wrote tell nobody anything. */
const isAboutSource = (note: Loss): boolean => !["security-unused", "path-fragment"].includes(note.code);

function placeOf(pointer: string, places: ReadonlyMap<string, string>): string {
  for (const [from, to] of places) if (pointer === from || pointer.startsWith(`${from}/`)) return to;
  return pointer === "" || pointer.startsWith("/paths") ? "" : "";
}
