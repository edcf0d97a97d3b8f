import type { LintFinding } from "./import-result.ts";
import type { Obj } from "./json-value.ts";

/** Checks a definition against the schema and the gate of the engine. */
export function checkDefinition(_definition: Obj): readonly LintFinding[] {
  return [];
}
