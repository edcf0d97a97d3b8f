import { singleExpression } from "../../definition/template-text.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A single expression has no blanks around its braces. */
export const paddedExpression: LintRule = {
  id: "padded-expression",
  severity: "warning",
  summary: "A single expression has no blanks around its braces.",
  why: "Blanks around {{ }} make the value text: numbers become strings, and an absent value is an error instead of being left out.",
  incorrect: { "/actions/getBook/request/query": { edition: " {{ input.edition }}" } },
  correct: { "/actions/getBook/request/query": { edition: "{{ input.edition }}" } },
  check: ({ templates }) =>
    templates
      .filter(
        ({ source, kind }) =>
          kind === "text" && source !== source.trim() && singleExpression(source.trim()) !== undefined,
      )
      .map(
        ({ pointer, source }): LintProblem => ({
          pointer,
          message: "Blanks around the braces make this text instead of a value",
          hint: "Remove the blanks",
          fix: { title: "Remove the blanks", patch: [{ op: "replace", path: pointer, value: source.trim() }] },
        }),
      ),
};
