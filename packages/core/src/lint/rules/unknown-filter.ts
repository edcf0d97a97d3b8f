import type { LintProblem, LintRule } from "../rule.ts";

/** Every filter and test exists. */
export const unknownFilter: LintRule = {
  id: "unknown-filter",
  severity: "error",
  summary: "Every filter and test exists.",
  why: "An unknown filter fails the template where it is reached.",
  incorrect: { "/actions/getBook/request/query": { q: "{{ input.edition | upcase }}" } },
  correct: { "/actions/getBook/request/query": { q: "{{ input.edition | upper }}" } },
  check: ({ templates }) =>
    templates.flatMap(({ pointer, analysis }) =>
      [
        ...analysis.filters.map((use) => ({ ...use, what: "filter" })),
        ...analysis.tests.map((use) => ({ ...use, what: "test" })),
      ]
        .filter(({ known }) => !known)
        .map(
          ({ name, what, line, column }): LintProblem => ({
            pointer,
            inside: { line, column },
            message: `There is no ${what} ${JSON.stringify(name)}`,
            hint: `See the list of ${what}s in the template reference`,
          }),
        ),
    ),
};
