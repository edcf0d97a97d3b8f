import { extendPointer } from "../../definition/json-pointer.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** What is deprecated says what to use instead. */
export const deprecatedWithoutReplacement: LintRule = {
  id: "deprecated-without-replacement",
  severity: "warning",
  summary: "What is deprecated says what to use instead.",
  why: "Users who see the notice need to know what to do: name the replacement, or say in message that there is none.",
  incorrect: { "/actions/getBook/deprecated": { since: "1.2.0" } },
  correct: { "/actions/getBook/deprecated": { since: "1.2.0", replacedBy: "whoAmI" } },
  check: ({ definition }) =>
    (["actions", "triggers"] as const).flatMap((kind) => {
      const known = new Set(Object.keys(definition[kind] ?? {}));
      return Object.entries(definition[kind] ?? {}).flatMap(([name, { deprecated }]): LintProblem[] => {
        if (deprecated === undefined) return [];
        const pointer = extendPointer("", kind, name, "deprecated");
        if (deprecated.replacedBy !== undefined && !known.has(deprecated.replacedBy)) {
          return [
            {
              pointer: `${pointer}/replacedBy`,
              message: `There is no ${JSON.stringify(deprecated.replacedBy)} that could replace it`,
              hint: `${didYouMean(deprecated.replacedBy, known)}Name an existing one`,
            },
          ];
        }
        if (deprecated.replacedBy !== undefined || deprecated.message !== undefined) return [];
        return [
          { pointer, part: "key", message: "Nothing says what to use instead", hint: "Add replacedBy or message" },
        ];
      });
    }),
};
