import type { LintProblem, LintRule } from "../rule.ts";

/** An action declares the query parameters that it sends. */
export const forwardedQuery: LintRule = {
  id: "forwarded-query",
  severity: "info",
  summary: "An action declares the query parameters that it sends.",
  why: "Parameters that callers choose freely reach the upstream unchecked. Declare them, and close input.query.",
  incorrect: {
    "/actions/getBook/input/properties/query": { type: "object", additionalProperties: { type: "string" } },
    "/actions/getBook/request/query": "{{ input.query | default({}) }}",
  },
  correct: { "/actions/getBook/request/query": { edition: "{{ input.edition }}" } },
  check: ({ templates }) =>
    templates
      .filter(
        ({ pointer, kind, analysis }) =>
          /\/request\/query$/.test(pointer) && kind === "expression" && analysis.roots.includes("input"),
      )
      .map(
        ({ pointer }): LintProblem => ({
          pointer,
          message: "Query parameters of the caller's choice are forwarded",
          hint: "Write the parameters by name",
        }),
      ),
};
