import { singleExpression } from "../../definition/template-text.ts";
import { listRepetitions } from "../list-repetitions.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** $each goes through a list or an object. */
export const eachOverText: LintRule = {
  id: "each-over-text",
  severity: "error",
  summary: "$each goes through a list or an object.",
  why: "A literal text, number or boolean has no elements. Give an expression that yields a list, or a literal list.",
  incorrect: { "/actions/order/request/body": { books: { $each: "input.books", value: "{{ item.isbn }}" } } },
  correct: { "/actions/order/request/body": { books: { $each: "{{ input.books }}", value: "{{ item.isbn }}" } } },
  check: ({ definition }) =>
    listRepetitions(definition)
      .filter(({ each: { $each: list } }) =>
        typeof list === "string"
          ? singleExpression(list.trim()) === undefined
          : typeof list !== "object" || list === null,
      )
      .map(
        ({ pointer }): LintProblem => ({
          pointer: `${pointer}/$each`,
          message: "This is neither a list nor an expression that yields one",
          hint: "Write one expression in braces, such as {{ input.rows }}",
        }),
      ),
};
