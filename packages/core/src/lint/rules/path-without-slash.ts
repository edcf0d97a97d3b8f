import type { LintProblem, LintRule } from "../rule.ts";

/** A path begins with a slash. */
export const pathWithoutSlash: LintRule = {
  id: "path-without-slash",
  severity: "error",
  summary: "A path begins with a slash.",
  why: "The path is appended to the base URL as it is; without a slash the two run together.",
  incorrect: { "/actions/getBook/request/path": "books/{{ input.isbn }}" },
  correct: { "/actions/getBook/request/path": "/books/{{ input.isbn }}" },
  check: ({ requests }) =>
    requests.flatMap(({ pointer, request: { path } }): LintProblem[] =>
      path === undefined || path.startsWith("/")
        ? []
        : [
            {
              pointer: `${pointer}/path`,
              message: "The path does not begin with a slash",
              hint: "Put / in front",
              fix: { title: "Put / in front", patch: [{ op: "replace", path: `${pointer}/path`, value: `/${path}` }] },
            },
          ],
    ),
};
