import { hasNestedRepetition, listPatterns, patternError } from "../list-patterns.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Patterns take linear time. */
export const slowPattern: LintRule = {
  id: "slow-pattern",
  severity: "warning",
  summary: "Patterns take linear time.",
  why: "A repetition inside a repetition, such as (a+)+, can take exponential time on a text that was made for it: a caller could keep a processor busy.",
  incorrect: { "/actions/order/input/properties/isbn/pattern": "^(\\d+-?)+$" },
  correct: { "/actions/order/input/properties/isbn/pattern": "^\\d[\\d-]*$" },
  check: ({ schemas }) =>
    listPatterns(schemas)
      .filter(({ pattern }) => patternError(pattern) === undefined && hasNestedRepetition(pattern))
      .map(
        ({ pointer, part }): LintProblem => ({
          pointer,
          part,
          message: "This pattern can take exponential time",
          hint: "Avoid a repetition inside a repetition; bound the text with maxLength",
        }),
      ),
};
