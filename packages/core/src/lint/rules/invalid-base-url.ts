import type { LintProblem, LintRule } from "../rule.ts";

/** A base URL is scheme and host, optionally a path. */
export const invalidBaseUrl: LintRule = {
  id: "invalid-base-url",
  severity: "error",
  summary: "A base URL is scheme and host, optionally a path.",
  why: "Query, fragment and user information do not belong into it, and the scheme is written out or part of a parameter that supplies the whole origin.",
  incorrect: { "/baseUrl": "https://api.books.example/v1?key=1" },
  correct: { "/baseUrl": "https://api.books.example/v1" },
  check: ({ strings }) =>
    strings
      .filter(({ part }) => part === "baseUrl")
      .flatMap(({ pointer, source }): LintProblem[] => {
        const literal = source.replace(/\{\{.*?\}\}/gs, "x");
        const startsWithTemplate = source.startsWith("{{");
        const wrong = /[?#]/.test(literal)
          ? "A base URL has no query and no fragment"
          : /^[a-z]+:\/\/[^/]*@/i.test(literal)
            ? "A base URL holds no user name and password"
            : startsWithTemplate || /^https?:\/\/[^/]/i.test(literal)
              ? undefined
              : "A base URL begins with https://";
        return wrong === undefined
          ? []
          : [
              {
                pointer,
                message: wrong,
                hint: "Write it like https://api.example.com/v1, and the rest in the requests",
              },
            ];
      }),
};
