import type { ConnectorDefinition } from "@junctor/sdk";
import { type Finding, sortFindings } from "../definition/finding.ts";
import { valueAt } from "../definition/json-pointer.ts";
import { isShortForm, normalizeDefinition } from "../definition/normalize-definition.ts";
import { parseDefinition } from "../definition/parse-definition.ts";
import { noPositions, type Positions, type TextPosition } from "../definition/positions.ts";
import { validateDefinition } from "../definition/validate-definition.ts";
import { createLintContext } from "./lint-context.ts";
import type { LintProblem, LintRule } from "./rule.ts";
import { lintRules } from "./rules/lint-rules.ts";

/**
 * How much is wanted. `gate`: only what stops publishing, errors of the format and of the `error` rules. `advice`: warnings
 * and suggestions too.
 */
export type LintLevel = "gate" | "advice";

export interface LintOptions {
  /** Default `advice`. */
  readonly level?: LintLevel;
  /** Default: all of them. */
  readonly rules?: readonly LintRule[];
}

/** The result of looking at a text: findings in the order of the text. */
export interface LintReport {
  readonly findings: readonly Finding[];
  /** Whether the definition may be published: there is no error. */
  readonly passed: boolean;
}

/**
 * Lints a definition's text: JSON, then the schema, then the rules. Each layer is reached when the one before has no errors,
 * so that one mistake is told once. Never throws for a bad document.
 */
export const lintText = (text: string, options: LintOptions = {}): LintReport => {
  const { document, positions, findings } = parseDefinition(text);
  if (document === undefined) return report(findings);
  const broken = [...findings, ...validateDefinition(document, positions)];
  if (broken.length > 0) return report(sortFindings(broken));
  return report(lintDefinition(document as unknown as ConnectorDefinition, positions, options));
};

const report = (findings: readonly Finding[]): LintReport => ({
  findings,
  passed: !findings.some((finding) => finding.severity === "error"),
});

/**
 * Runs the rules over a valid definition. The short form is linted as what it becomes; its findings have pointers into that,
 * and no positions.
 */
export const lintDefinition = (
  document: ConnectorDefinition,
  positions: Positions = noPositions,
  options: LintOptions = {},
): readonly Finding[] => {
  const short = isShortForm(document);
  const definition = short ? normalizeDefinition(document) : document;
  const places = short ? noPositions : positions;
  const context = createLintContext(definition);
  const findings: Finding[] = [];
  for (const rule of options.rules ?? lintRules) {
    if (options.level === "gate" && rule.severity !== "error") continue;
    for (const problem of rule.check(context)) findings.push(toFinding(rule, problem, definition, places));
  }
  return sortFindings(findings);
};

const toFinding = (
  rule: LintRule,
  problem: LintProblem,
  definition: ConnectorDefinition,
  positions: Positions,
): Finding => {
  const { pointer, message, hint, part, inside, fix } = problem;
  const place =
    inside === undefined ? positions.find(pointer, part) : findInTemplate(definition, positions, pointer, inside);
  return {
    rule: rule.id,
    severity: rule.severity,
    pointer,
    line: place?.line ?? null,
    column: place?.column ?? null,
    message,
    hint,
    ...(fix === undefined ? {} : { fix }),
  };
};

/** Turns a place inside a template into one of the text, through the escapes of JSON. */
const findInTemplate = (
  definition: ConnectorDefinition,
  positions: Positions,
  pointer: string,
  inside: { readonly line: number; readonly column: number },
): TextPosition | null => {
  const source = valueAt(definition, pointer);
  if (typeof source !== "string") return positions.find(pointer);
  let offset = 0;
  for (let line = 1; line < inside.line; line += 1) {
    const end = source.indexOf("\n", offset);
    if (end === -1) break;
    offset = end + 1;
  }
  return positions.findInside(pointer, Math.min(offset + inside.column - 1, source.length));
};
