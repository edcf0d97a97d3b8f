import { type DefinitionDiff, diffDefinitions, type JsonObject } from "@junctor/core";
import type { ConnectorDefinition } from "@junctor/sdk";
import { checkDefinition } from "../check-definition.ts";
import { importDocument } from "../import-document.ts";
import type { ImportFile, ImportOptions, ImportResult, LintFinding } from "../import-result.ts";
import type { Obj } from "../json-value.ts";
import { type MergeChange, mergeThreeWays } from "./merge-three-ways.ts";

/** What a re-import starts from. */
export interface ReimportSource {
  /** The definition as it is now, hand-made edits included. */
  readonly definition: JsonObject;
  /** The files it was imported from. */
  readonly previous: readonly ImportFile[];
  /** The files as they are now. */
  readonly next: readonly ImportFile[];
}

/** What a re-import proposes; nothing is published by it. */
export interface Reimport {
  /** The merged definition; its version is the old one, for the author to raise. */
  readonly definition: JsonObject;
  readonly changes: readonly MergeChange[];
  /** What the changes mean for callers, and the version step that they ask for. */
  readonly diff: DefinitionDiff;
  /** Errors of the merged definition; empty when it may be published. */
  readonly lint: readonly LintFinding[];
  /** The import of the new source. */
  readonly result: ImportResult;
}

/**
 * Imports a changed source and carries hand-made edits over. Both sources are imported with the same options, so that what
 * differs is the source's doing; what differs between the first import and the definition is the author's.
 */
export function reimport(source: ReimportSource, options: ImportOptions = {}): Reimport {
  const before = importDocument(source.previous, options).definition ?? {};
  const result = importDocument(source.next, options);
  const after = result.definition ?? before;
  const kept = { ...(after as Obj), name: source.definition.name, version: source.definition.version };
  const base = { ...(before as Obj), name: source.definition.name, version: source.definition.version };
  const { value, changes } = mergeThreeWays(base, source.definition, kept);
  const definition = value as JsonObject;
  const diff = diffDefinitions(
    source.definition as unknown as ConnectorDefinition,
    definition as unknown as ConnectorDefinition,
  );
  return { definition, changes, diff, lint: checkDefinition(definition as Obj, "gate"), result };
}

/** Writes the changes of a re-import for people: what the source changed, what was kept, and where both changed. */
export function formatReimport(outcome: Reimport): string {
  const show = (value: unknown): string => (value === undefined ? "(nothing)" : JSON.stringify(value).slice(0, 120));
  const lines = outcome.changes.map(({ kind, pointer, before, after, wanted }) => {
    if (kind === "conflict") return `! ${pointer}: kept ${show(after)}, the source wants ${show(wanted)}`;
    return kind === "source" ? `~ ${pointer}: ${show(before)} → ${show(after)}` : `= ${pointer}: kept ${show(after)}`;
  });
  return [...lines, `version step: ${outcome.diff.step ?? "none"}`].join("\n");
}
