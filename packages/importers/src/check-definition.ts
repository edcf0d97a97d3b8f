import { type Finding, lintDefinition, validateDefinition } from "@junctor/core";
import type { ConnectorDefinition } from "@junctor/sdk";
import type { LintFinding } from "./import-result.ts";
import type { Obj } from "./json-value.ts";

/**
 * Checks a definition against the published schema and, if it matches, against the engine's lint. Errors are the gate:
 * with one of them the definition cannot be published.
 */
export function checkDefinition(definition: Obj, level: "gate" | "advice"): readonly LintFinding[] {
  const broken = validateDefinition(definition);
  const findings =
    broken.length > 0 ? broken : lintDefinition(definition as unknown as ConnectorDefinition, undefined, { level });
  return findings.map(toFinding);
}

const toFinding = (finding: Finding): LintFinding => ({
  rule: finding.rule,
  severity: finding.severity === "info" ? "advice" : finding.severity,
  pointer: finding.pointer,
  message: finding.message,
  about: "definition",
  ...(finding.hint === undefined ? {} : { hint: finding.hint }),
});
