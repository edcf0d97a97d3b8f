import type { LintProblem, LintRule } from "../rule.ts";

/** A body is a tree, not raw text. */
export const textBody: LintRule = {
  id: "text-body",
  severity: "warning",
  summary: "A body is a tree, not raw text.",
  why: "Raw text is not encoded: a value with a quote in it breaks out of its place. Write body as a tree, whose values are encoded and whose absent members are left out. The key text exists for imported templates.",
  incorrect: {
    "/actions/order/request/body": undefined,
    "/actions/order/request/text": '{"book": "{{ input.isbn }}"}',
  },
  correct: { "/actions/order/request/body": { book: "{{ input.isbn }}" } },
  check: ({ requests, compat }) =>
    compat
      ? []
      : requests
          .filter(({ request }) => request.text !== undefined)
          .map(
            ({ pointer }): LintProblem => ({
              pointer: `${pointer}/text`,
              part: "key",
              message: "A raw text body does not encode the values in it",
              hint: "Write body as a tree of templates",
            }),
          ),
};
