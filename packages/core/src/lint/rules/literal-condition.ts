import type { LintProblem, LintRule } from "../rule.ts";

/** A condition is an expression in braces. */
export const literalCondition: LintRule = {
  id: "literal-condition",
  severity: "error",
  summary: "A condition is an expression in braces.",
  why: "Without {{ }} a condition is literal text, which is always true: the rule would match every answer.",
  incorrect: { "/actions/getBook/errors": [{ when: "response.status == 404", code: "NO_SUCH_BOOK" }] },
  correct: { "/actions/getBook/errors": [{ when: "{{ response.status == 404 }}", code: "NO_SUCH_BOOK" }] },
  check: ({ strings }) =>
    strings
      .filter(({ part, source }) => part === "condition" && !/^\{\{.*\}\}$/s.test(source.trim()))
      .map(
        ({ pointer, source }): LintProblem => ({
          pointer,
          message: "This condition is text, which is always true",
          hint: `Write it in braces: {{ ${source.replace(/[{}%]/g, "").trim()} }}`,
          ...(/[{}]/.test(source)
            ? {}
            : {
                fix: { title: "Put it in braces", patch: [{ op: "replace", path: pointer, value: `{{ ${source} }}` }] },
              }),
        }),
      ),
};
