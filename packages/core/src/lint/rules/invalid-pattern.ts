import { listPatterns, patternError } from "../list-patterns.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Patterns are regular expressions. */
export const invalidPattern: LintRule = {
  id: "invalid-pattern",
  severity: "error",
  summary: "Patterns are regular expressions.",
  why: "A pattern that is none makes the schema unusable. JSON Schema reads patterns as ECMAScript with the u flag.",
  incorrect: { "/actions/order/input/properties/isbn/pattern": "^[0-9" },
  correct: { "/actions/order/input/properties/isbn/pattern": "^[0-9]+$" },
  check: ({ schemas }) =>
    listPatterns(schemas).flatMap(({ pointer, pattern, part }): LintProblem[] => {
      const message = patternError(pattern);
      return message === undefined
        ? []
        : [{ pointer, part, message: `This is no regular expression: ${message}`, hint: "Correct it, or remove it" }];
    }),
};
