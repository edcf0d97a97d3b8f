import type { LintProblem, LintRule } from "../rule.ts";

/** What a path reads is always there. */
export const optionalInPath: LintRule = {
  id: "optional-in-path",
  severity: "warning",
  summary: "What a path reads is always there.",
  why: "An input that may be absent makes the path undefined, and the call fails. Make the input required, give it a default, or use the default filter.",
  incorrect: { "/actions/getBook/request/path": "/books/{{ input.edition }}" },
  correct: { "/actions/getBook/request/path": "/books/{{ input.edition | default('first') }}" },
  check: ({ templates }) =>
    templates
      .filter(({ part }) => part === "path")
      .flatMap(({ pointer, analysis, owner }) => {
        if (analysis.filters.some(({ name }) => name === "default" || name === "d") || analysis.tests.length > 0)
          return [];
        return analysis.reads.flatMap(({ root, path, line, column }): LintProblem[] => {
          const name = path[0];
          if (root !== "input" || typeof name !== "string" || owner.certainInput === null) return [];
          if (owner.certainInput.has(name) || owner.input?.has(name) !== true) return [];
          return [
            {
              pointer,
              inside: { line, column },
              message: `input.${name} may be absent, and a path cannot be`,
              hint: "Require it, give it a default, or write a default filter",
            },
          ];
        });
      }),
};
