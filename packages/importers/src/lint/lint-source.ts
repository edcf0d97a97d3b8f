import type { ImportOptions, LintFinding } from "../import-result.ts";
import { isObject, type Obj, setMember } from "../json-value.ts";
import { tokens } from "../source/json-pointer.ts";
import type { LintFix } from "./lint-rule.ts";
import { readLintSource } from "./read-lint-source.ts";
import { sourceRules } from "./rules/source-rules.ts";

/** How many findings of one rule are worth reading. */
const most = 50;

/** Lints a source: advice about the document as its author wrote it. Never throws for what is in it. */
export function lintSource(
  document: unknown,
  options: { readonly isPowerPlatform: boolean; readonly strictness: NonNullable<ImportOptions["strictness"]> },
): readonly LintFinding[] {
  if (!isObject(document)) return [];
  const source = readLintSource(document, options.isPowerPlatform);
  const findings: LintFinding[] = [];
  for (const rule of sourceRules) {
    let count = 0;
    for (const { pointer, message } of rule.check(source)) {
      if (++count > most) break;
      findings.push({
        rule: rule.id,
        severity: options.strictness === "certification" ? rule.certification : rule.severity,
        pointer,
        message,
        about: "source",
      });
    }
  }
  return findings;
}

/** Applies every fix that a rule offers; yields a new document and what was done. */
export function fixSource(
  document: Obj,
  options: { readonly isPowerPlatform: boolean },
): { readonly document: Obj; readonly fixed: readonly string[] } {
  const copy = structuredClone(document);
  const source = readLintSource(copy, options.isPowerPlatform);
  const fixes = sourceRules.flatMap((rule) =>
    [...rule.check(source)].flatMap((problem) =>
      problem.fix === undefined ? [] : [{ rule: rule.id, pointer: problem.pointer, fix: problem.fix }],
    ),
  );
  for (const { fix } of fixes) applyFix(copy, fix);
  return { document: copy, fixed: fixes.map(({ rule, pointer }) => `${rule} ${pointer}`) };
}

function applyFix(document: Obj, fix: LintFix): void {
  const path = tokens(fix.pointer);
  const last = path.at(-1) ?? "";
  let holder: unknown = document;
  for (const token of path.slice(0, -1))
    holder = Array.isArray(holder) ? holder[Number(token)] : isObject(holder) ? holder[token] : undefined;
  if (!isObject(holder)) return;
  if (fix.kind === "set") setMember(holder, last, fix.value);
  else {
    const value = holder[last];
    delete holder[last];
    if (fix.kind === "rename" && !Object.hasOwn(holder, fix.to)) setMember(holder, fix.to, value);
  }
}
