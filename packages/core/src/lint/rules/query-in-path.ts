import type { LintProblem, LintRule } from "../rule.ts";

/** Query parameters are written under query. */
export const queryInPath: LintRule = {
  id: "query-in-path",
  severity: "warning",
  summary: "Query parameters are written under query.",
  why: "In a path every interpolation is encoded as one segment, and a question mark in it starts a query that the engine knows nothing of.",
  incorrect: { "/actions/getBook/request/path": "/books?isbn={{ input.isbn }}" },
  correct: {
    "/actions/getBook/request/path": "/books",
    "/actions/getBook/request/query": { isbn: "{{ input.isbn }}" },
  },
  check: ({ requests }) =>
    requests
      .filter(({ request: { path } }) => path !== undefined && /[?#]/.test(path.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, "")))
      .map(
        ({ pointer }): LintProblem => ({
          pointer: `${pointer}/path`,
          message: "The path holds a question mark or a fragment",
          hint: "Move the parameters to query",
        }),
      ),
};
