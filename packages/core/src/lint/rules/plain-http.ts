import type { LintProblem, LintRule } from "../rule.ts";

/** Connections are encrypted. */
export const plainHttp: LintRule = {
  id: "plain-http",
  severity: "warning",
  summary: "Connections are encrypted.",
  why: "Over http:// credentials and data can be read and changed on the way. Addresses of the same machine are exempt.",
  incorrect: { "/baseUrl": "http://api.books.example" },
  correct: { "/baseUrl": "https://api.books.example" },
  check: ({ strings }) =>
    strings
      .filter(({ part }) => part === "baseUrl" || part === "url")
      .filter(({ source }) => /^http:\/\//i.test(source) && !/^http:\/\/(localhost|127\.|\[::1\])/i.test(source))
      .map(
        ({ pointer, source }): LintProblem => ({
          pointer,
          message: "This address is not encrypted",
          hint: "Use https://",
          fix: {
            title: "Use https",
            patch: [{ op: "replace", path: pointer, value: source.replace(/^http:/i, "https:") }],
          },
        }),
      ),
};
