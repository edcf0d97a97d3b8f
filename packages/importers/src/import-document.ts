import type { JsonObject } from "@junctor/core";
import { checkDefinition } from "./check-definition.ts";
import type { ImportFile, ImportOptions, ImportResult } from "./import-result.ts";
import { asList, asObject, isObject, type Obj } from "./json-value.ts";
import { lintSource } from "./lint/lint-source.ts";
import { readers } from "./readers.ts";
import { ImportReport } from "./report/import-report.ts";
import { type SourceFormat, sourceFormats } from "./source/detect-format.ts";
import { defaultLimits, type ImportLimits, importError } from "./source/limits.ts";
import { openSource } from "./source/open-source.ts";

/**
 * Turns an API description into a connector definition and says what did not come through. Bytes in, data out: nothing
 * is read from disk or network. Throws a `ConnectorError` (`IMPORT_FAILED`, `IMPORT_LIMIT`) only where there is no
 * document to speak of, or a hostile one; everything else is in the result.
 */
export function importDocument(files: readonly ImportFile[], options: ImportOptions = {}): ImportResult {
  const limits: ImportLimits = { ...defaultLimits, ...options.limits };
  refuseUnknownFormat(options.format);
  const report = new ImportReport();
  const source = openSource(files, options, report, limits);
  const read = readers[source.format](source, report, options, limits);
  const [definition, ...further] = read.definitions;
  if (isApiDocument(source.format)) {
    const strictness = options.strictness ?? "advice";
    report.lint.push(
      ...lintSource(source.tree.document().value, { isPowerPlatform: source.format === "power-platform", strictness }),
    );
  }
  const level = options.lint ?? "gate";
  for (const one of read.definitions) for (const finding of checkDefinition(one, level)) report.lint.push(finding);
  const hasErrors = report.lint.some((finding) => finding.about === "definition" && finding.severity === "error");
  return {
    ok: definition !== undefined && !hasErrors,
    format: source.format,
    definition: definition as JsonObject | undefined,
    further: further as readonly JsonObject[],
    losses: report.losses,
    notes: report.notes,
    repairs: report.repairs,
    lint: report.lint,
    operations: { source: read.found, imported: read.imported, skipped: report.skipped },
    triggers: countTriggers(read.definitions),
    auth: [
      ...new Set(
        read.definitions.flatMap((one) =>
          asList(asObject(one.connection).auth).map((method) => String(asObject(method).type)),
        ),
      ),
    ],
    stats: {
      sourceBytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
      definitionBytes: definition === undefined ? 0 : sizeOf(definition),
      policies: { ...report.policies },
      dynamicLinks: { ...report.dynamicLinks },
      schemas: read.definitions.reduce((sum, one) => sum + Object.keys(asObject(one.$defs)).length, 0),
    },
  };
}

/** Callers without types may name anything. */
function refuseUnknownFormat(format: string | undefined): void {
  if (format === undefined || (sourceFormats as readonly string[]).includes(format)) return;
  throw importError(
    "There is no such source format.",
    `Choose one of ${sourceFormats.join(", ")}, or leave it out to have it found.`,
  );
}

const isApiDocument = (format: SourceFormat): boolean => ["openapi", "swagger", "power-platform"].includes(format);

/** Estimates the size of a definition as JSON without writing it out: a document may be larger than a text can be. */
function sizeOf(value: unknown): number {
  let size = 0;
  const stack: unknown[] = [value];
  for (let next = stack.pop(); stack.length > 0 || next !== undefined; next = stack.pop()) {
    if (Array.isArray(next)) {
      size += next.length + 1;
      for (const item of next) stack.push(item ?? null);
    } else if (isObject(next)) {
      for (const [name, item] of Object.entries(next)) {
        size += name.length + 4;
        stack.push(item ?? null);
      }
      size += 1;
    } else if (typeof next === "string") size += next.length + 2;
    else size += 4;
  }
  return size;
}

function countTriggers(definitions: readonly Obj[]): ImportResult["triggers"] {
  const triggers = definitions.flatMap((definition) => Object.values(asObject(definition.triggers)).map(asObject));
  return {
    webhook: triggers.filter((trigger) => trigger.webhook !== undefined).length,
    polling: triggers.filter((trigger) => trigger.poll !== undefined).length,
  };
}

export type { SourceFormat };
