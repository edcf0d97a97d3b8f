import { listRepetitions } from "../list-repetitions.ts";
import type { LintProblem, LintRule } from "../rule.ts";

const ROOTS: ReadonlySet<string> = new Set([
  "input",
  "connection",
  "user",
  "workspace",
  "call",
  "page",
  "steps",
  "response",
  "items",
  "index",
]);

/** The name of an element hides nothing. */
export const eachShadowsRoot: LintRule = {
  id: "each-shadows-root",
  severity: "warning",
  summary: "The name of an element hides nothing.",
  why: "With as, $each names its element. A name that is also a context root, such as input, hides that root inside the repetition.",
  incorrect: {
    "/actions/order/request/body": { books: { $each: "{{ input.books }}", as: "input", value: "{{ input.isbn }}" } },
  },
  correct: {
    "/actions/order/request/body": { books: { $each: "{{ input.books }}", as: "book", value: "{{ book.isbn }}" } },
  },
  check: ({ definition }) =>
    listRepetitions(definition)
      .filter(({ each }) => typeof each.as === "string" && ROOTS.has(each.as))
      .map(
        ({ pointer, each }): LintProblem => ({
          pointer: `${pointer}/as`,
          message: `${JSON.stringify(each.as)} hides the context root of that name`,
          hint: "Choose another name",
        }),
      ),
};
