import { nearestName } from "../../definition/nearest-name.ts";
import { didYouMean } from "../did-you-mean.ts";
import { listNames } from "../known-names.ts";
import { listActionReferences } from "../list-action-references.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Actions that are named exist. */
export const unknownAction: LintRule = {
  id: "unknown-action",
  severity: "error",
  summary: "Actions that are named exist.",
  why: "test, steps, options and schemas call actions of the same connector.",
  incorrect: { "/connection/test": { action: "whoami" } },
  correct: { "/connection/test": { action: "whoAmI" } },
  check: ({ definition }) => {
    const known = Object.keys(definition.actions ?? {});
    const isKnown = new Set(known);
    return listActionReferences(definition)
      .filter(({ name }) => !isKnown.has(name))
      .map(({ pointer, name }): LintProblem => {
        const nearest = nearestName(name, known);
        return {
          pointer,
          message: `There is no action ${JSON.stringify(name)}`,
          hint: `${didYouMean(name, nearest === undefined ? [] : [nearest])}Known actions: ${listNames(known)}`,
          ...(nearest !== undefined && {
            fix: { title: "Use the nearest name", patch: [{ op: "replace", path: pointer, value: nearest }] },
          }),
        };
      });
  },
};
