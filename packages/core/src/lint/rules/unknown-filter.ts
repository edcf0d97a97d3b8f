import type { LintProblem, LintRule } from "../rule.ts";

/** Every filter and test exists. */
export const unknownFilter: LintRule = {
  id: "unknown-filter",
  severity: "error",
  summary: "Every filter and test exists.",
  why: "An unknown filter fails the template where it is reached.",
  incorrect: { "/actions/getBook/request/query": { q: "{{ input.edition | upcase }}" } },
  correct: { "/actions/getBook/request/query": { q: "{{ input.edition | upper }}" } },
  check: ({ templates, brokenTemplates }) => [
    ...brokenTemplates
      .filter(({ reason }) => reason === "unknown-name")
      .map(
        ({ pointer, message, line, column }): LintProblem => ({
          pointer,
          inside: { line, column },
          message: message.replace(/[.]$/, ""),
          hint: "See the lists of filters and tests in the template reference",
        }),
      ),
    // In a branch that may never run, the language itself does not complain.
    ...templates.flatMap(({ pointer, analysis }) =>
      [...analysis.filters, ...analysis.tests]
        .filter(({ known }) => !known)
        .map(
          ({ name, line, column }): LintProblem => ({
            pointer,
            inside: { line, column },
            message: `There is no filter or test ${JSON.stringify(name)}`,
            hint: "See the lists of filters and tests in the template reference",
          }),
        ),
    ),
  ],
};
