import type { Obj } from "../json-value.ts";

/** An operation as rules see it: references of parameters followed. */
export interface LintOperation {
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  readonly operation: Obj;
  readonly parameters: readonly { readonly parameter: Obj; readonly pointer: string }[];
}

/** A document that is linted. */
export interface LintSource {
  readonly document: Obj;
  readonly version: "2.0" | "3.0" | "3.1";
  /** Whether the document belongs to a Power-Platform connector. */
  readonly isPowerPlatform: boolean;
  readonly operations: readonly LintOperation[];
  /** Every schema object with its place, each once. */
  readonly schemas: readonly { readonly schema: Obj; readonly pointer: string }[];
  /** Follows references within the document. */
  readonly follow: (value: unknown) => unknown;
}

/** What a rule found. */
export interface LintProblem {
  readonly pointer: string;
  readonly message: string;
  /** What the source should say instead; applied by {@link fixSource}. */
  readonly fix?: LintFix;
}

/** A change of the source: a member is set, renamed or removed. */
export type LintFix =
  | { readonly kind: "set"; readonly pointer: string; readonly value: unknown }
  | { readonly kind: "rename"; readonly pointer: string; readonly to: string }
  | { readonly kind: "remove"; readonly pointer: string };

/**
 * A rule about sources. `severity` is what it says to somebody who imports; in `certification` strictness it is
 * `certification`. `bad` and `good` are shown on its page and are its test: in `bad` it reports the pointers, in `good` nothing.
 */
export interface SourceRule {
  readonly id: string;
  readonly severity: "error" | "warning" | "advice";
  readonly certification: "error" | "warning" | "advice";
  readonly summary: string;
  readonly reason: string;
  readonly bad: { readonly document: Obj; readonly pointers: readonly string[] };
  readonly good: Obj;
  readonly check: (source: LintSource) => Iterable<LintProblem>;
}
