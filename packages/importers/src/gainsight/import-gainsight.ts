import { normalizeDefinition, validateDefinition } from "@junctor/core";
import type { ShortConnector } from "@junctor/sdk";
import type { FormatReader, ReadResult } from "../format-reader.ts";
import type { ImportOptions } from "../import-result.ts";
import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { importError } from "../source/limits.ts";

const plainMembers = new Set([
  "name",
  "url",
  "method",
  "headers",
  "query_parameters",
  "path_parameters",
  "authentication",
  "request_body",
  "response_body",
  "response_content_type",
  "permalink",
]);
const compositeMembers = new Set(["name", "permalink", "steps"]);

/** Imports the object of Code Mode: one widget connector. */
export const importCodeMode: FormatReader = (source, report, options) => {
  const document = asObject(source.tree.document().value);
  return result([{ place: "", value: document }], report, options);
};

/** Imports `connectors_registry.json`: every connector and composite of it. */
export const importRegistry: FormatReader = (source, report, options) => {
  const document = asObject(source.tree.document().value);
  const entries = ["connectors", "composite_connectors"].flatMap((section) =>
    asList(document[section]).map((value, index) => ({ place: `/${section}/${index}`, value: asObject(value) })),
  );
  for (const name of Object.keys(document)) {
    if (name !== "connectors" && name !== "composite_connectors" && name !== "$schema")
      report.lose(`/${name}`, "member-unknown", `The registry knows no ${JSON.stringify(name)}.`, "Remove it.");
  }
  if (entries.length === 0)
    throw importError("The registry holds no connector.", "Add connectors or composite_connectors.");
  return result(entries, report, options);
};

function result(
  entries: readonly { readonly place: string; readonly value: Obj }[],
  report: ImportReport,
  options: ImportOptions,
): ReadResult {
  const definitions: Obj[] = [];
  for (const { place, value } of entries) {
    const short = knownMembers(value, place, report);
    if (typeof short.url !== "string" && !Array.isArray(short.steps)) {
      report.lint.push({
        rule: "widget-url",
        severity: "error",
        pointer: `${place}/url`,
        message: "The connector has neither url nor steps",
        hint: "Add url",
        about: "source",
      });
      report.skip(place, "connector-invalid", `${String(value.name ?? place)}: it has neither url nor steps.`);
      continue;
    }
    const broken = validateDefinition(short);
    if (broken.length > 0) {
      for (const finding of broken)
        report.lint.push({
          rule: finding.rule,
          severity: "error",
          pointer: `${place}${finding.pointer}`,
          message: finding.message,
          about: "source",
          ...(finding.hint === undefined ? {} : { hint: finding.hint }),
        });
      report.skip(
        place,
        "connector-invalid",
        `${String(value.name ?? place)}: ${broken[0]?.message ?? "the connector is not valid"}.`,
      );
      continue;
    }
    const undeclared = options.undeclaredQuery === undefined ? {} : { undeclaredQuery: options.undeclaredQuery };
    definitions.push(asObject(normalizeDefinition(short as unknown as ShortConnector, undeclared)));
  }
  return { definitions, found: entries.length, imported: definitions.length };
}

/** The platform ignores members that it does not know; here each of them is named. */
function knownMembers(value: Obj, place: string, report: ImportReport): Obj {
  const known = Array.isArray(value.steps) ? compositeMembers : plainMembers;
  const kept: Obj = {};
  for (const [name, member] of Object.entries(value)) {
    if (known.has(name))
      setMember(
        kept,
        name,
        Array.isArray(value.steps) && name === "steps" ? stepsOf(value.steps, place, report) : member,
      );
    else
      report.lose(
        `${place}/${name}`,
        "member-unknown",
        `A widget connector has no ${JSON.stringify(name)}; the platform ignores it too.`,
        "Remove it.",
      );
  }
  return kept;
}

const stepsOf = (steps: readonly unknown[], place: string, report: ImportReport): readonly unknown[] =>
  steps.map((step, index) => {
    if (!isObject(step)) return step;
    const kept: Obj = {};
    for (const [name, member] of Object.entries(step)) {
      if (plainMembers.has(name) && name !== "permalink") setMember(kept, name, member);
      else
        report.lose(
          `${place}/steps/${index}/${name}`,
          "member-unknown",
          `A step has no ${JSON.stringify(name)}.`,
          "Remove it.",
        );
    }
    return kept;
  });
