import type { LintResult, Finding as ShownFinding } from "@junctor/contract";
import { type Finding, parseDefinition, validateDefinition } from "@junctor/core";

/** Checks a definition's text: JSON, schema, then the lint rules. Findings carry their place in the text. */
export function lintText(text: string): LintResult {
  const { document, positions, findings } = parseDefinition(text);
  const all = document === undefined || findings.length > 0 ? findings : validateDefinition(document, positions);
  return { valid: all.every(({ severity }) => severity !== "error"), findings: all.map(showFinding) };
}

/** Shows a finding as the API does. */
export function showFinding({ rule, severity, pointer, message, hint, line, column }: Finding): ShownFinding {
  return {
    rule,
    severity,
    pointer,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(line === null || column === null ? {} : { line, column }),
  };
}
