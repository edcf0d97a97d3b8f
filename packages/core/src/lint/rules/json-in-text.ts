import type { LintProblem, LintRule } from "../rule.ts";

/** JSON is written as a tree, not as one template that prints it. */
export const jsonInText: LintRule = {
  id: "json-in-text",
  severity: "warning",
  summary: "JSON is written as a tree, not as one template that prints it.",
  why: "A text that looks like JSON does not encode the values in it and turns numbers and absent values into text. Write the object itself, with a template in each value.",
  incorrect: { "/actions/order/request/body": '{"book": "{{ input.isbn }}"}' },
  correct: { "/actions/order/request/body": { book: "{{ input.isbn }}" } },
  check: ({ templates, compat }) =>
    compat
      ? []
      : templates
          .filter(
            ({ part, kind, source }) =>
              (part === "body" || part === "response") && kind === "text" && /^\s*[[{](?![{%#])/.test(source),
          )
          .map(
            ({ pointer }): LintProblem => ({
              pointer,
              message: "This text looks like JSON, but nothing in it is encoded",
              hint: "Write it as an object or a list whose values are templates",
            }),
          ),
};
