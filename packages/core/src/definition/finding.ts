import type { ProblemDetail } from "@junctor/contract";

/** How bad a finding is. `error` stops publishing, `warning` asks for a second look, `info` is advice. */
export type Severity = "error" | "warning" | "info";

/** A change of the document that settles a finding: JSON Patch operations (RFC 6902) on the document that was looked at. */
export interface Fix {
  readonly title: string;
  readonly patch: readonly PatchOperation[];
}

/** An operation of RFC 6902, as far as fixes need them. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move"; readonly from: string; readonly path: string };

/** Something to say about a place of a definition. */
export interface Finding {
  /** Id of the rule; ids of the schema check begin with `schema/`, those of the parser with `json/`. */
  readonly rule: string;
  readonly severity: Severity;
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** Place in the author's text, from 1; null where there was no text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly fix?: Fix;
}

/** Turns findings into the details of a problem document. */
export const findingsToDetails = (findings: readonly Finding[]): readonly ProblemDetail[] =>
  findings.map(({ pointer, message, hint, line, column }) => ({
    pointer,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(line === null || column === null ? {} : { line, column }),
  }));

/** Orders findings as a reader meets them: by place in the text, else by pointer. */
export const sortFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort(
    (a, b) =>
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0),
  );
