import type { Fix, Severity } from "../definition/finding.ts";
import type { LintContext } from "./lint-context.ts";

/** What a rule says about one place; the engine adds rule, severity, line and column. */
export interface LintProblem {
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
  /** Where the position is taken: at the value (default), at the member's name, or inside a template. */
  readonly part?: "value" | "key";
  /** Place inside the template at `pointer`, from 1. */
  readonly inside?: { readonly line: number; readonly column: number };
  readonly fix?: Fix;
}

/** Values by JSON pointer that are put into the example definition of the documentation; `undefined` removes. */
export type ExampleChange = Readonly<Record<string, unknown>>;

/**
 * One thing to look for in a definition that the schema accepts. `error` rules are the gate before publishing; `warning`
 * and `info` are advice.
 */
export interface LintRule {
  readonly id: string;
  readonly severity: Severity;
  /** One sentence: what the rule asks for. */
  readonly summary: string;
  /** Why it matters, and what to do. */
  readonly why: string;
  /** A change of the example definition that the rule reports. Shown in the documentation, and tested. */
  readonly incorrect: ExampleChange;
  /** The same place done right; the rule is silent about it. */
  readonly correct: ExampleChange;
  readonly check: (context: LintContext) => Iterable<LintProblem>;
}
