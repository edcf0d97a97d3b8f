import { listDurations } from "../list-durations.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Durations are longer than nothing. */
export const zeroDuration: LintRule = {
  id: "zero-duration",
  severity: "error",
  summary: "Durations are longer than nothing.",
  why: "A timeout of zero lets no call succeed, a window of zero divides by nothing, an interval of zero never rests.",
  incorrect: { "/actions/getBook/timeout": "PT0S" },
  correct: { "/actions/getBook/timeout": "PT5S" },
  check: ({ definition }) =>
    listDurations(definition)
      .filter(({ value }) => /^P[^1-9]*$/.test(value))
      .map(
        ({ pointer }): LintProblem => ({
          pointer,
          message: "This duration is zero",
          hint: "Write a longer one, or remove the setting",
        }),
      ),
};
