import type { LintRule } from "../rule.ts";

/** Every template parses. */
export const templateSyntax: LintRule = {
  id: "template-syntax",
  severity: "error",
  summary: "Every template parses.",
  why: "A template that does not parse fails every call that reaches it. The position is that of the mistake inside the template.",
  incorrect: { "/actions/getBook/request/path": "/books/{{ input.isbn }" },
  correct: { "/actions/getBook/request/path": "/books/{{ input.isbn }}" },
  check: ({ brokenTemplates }) =>
    brokenTemplates
      .filter(({ reason }) => reason === "syntax")
      .map(({ pointer, message, line, column }) => ({
        pointer,
        inside: { line, column },
        message: `The template does not parse: ${message}`,
        hint: "Close every {{ with }} and every {% with %}; wrap text that contains these marks in {% raw %}",
      })),
};
