import { extendPointer } from "../../definition/json-pointer.ts";
import { findCircles } from "../find-circles.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Composite actions do not call themselves. */
export const stepCallsItself: LintRule = {
  id: "step-calls-itself",
  severity: "error",
  summary: "Composite actions do not call themselves.",
  why: "An action that reaches itself through its steps never ends.",
  incorrect: {
    "/actions/both": {
      title: "Both",
      description: "Calls itself.",
      output: { type: "object" },
      steps: [{ id: "again", action: "both" }],
    },
  },
  correct: {
    "/actions/both": {
      title: "Both",
      description: "Calls another action.",
      output: { type: "object" },
      steps: [{ id: "me", action: "whoAmI" }],
    },
  },
  check: ({ definition }) => {
    const circleOf = findCircles(
      Object.keys(definition.actions ?? {}),
      (name) =>
        definition.actions?.[name]?.steps?.flatMap(({ action }) => (action === undefined ? [] : [action])) ?? [],
    );
    return Object.entries(definition.actions ?? {}).flatMap(([name, action]) =>
      (action.steps ?? []).flatMap((step, index): LintProblem[] =>
        step.action !== undefined && circleOf.get(step.action) === circleOf.get(name)
          ? [
              {
                pointer: extendPointer("/actions", name, "steps", index, "action"),
                message: `Action ${JSON.stringify(name)} calls itself through this step`,
                hint: "Call another action, or write the request in the step",
              },
            ]
          : [],
      ),
    );
  },
};
