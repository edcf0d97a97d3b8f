import { extendPointer } from "../../definition/json-pointer.ts";
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
    const calls = (name: string): readonly string[] =>
      (definition.actions?.[name]?.steps ?? []).flatMap((step) => (step.action === undefined ? [] : [step.action]));
    const reaches = (from: string, target: string, seen: Set<string>): boolean =>
      calls(from).some((next) => next === target || (!seen.has(next) && reaches(next, target, seen.add(next))));
    return Object.entries(definition.actions ?? {}).flatMap(([name, action]) =>
      (action.steps ?? []).flatMap((step, index): LintProblem[] =>
        step.action !== undefined && (step.action === name || reaches(step.action, name, new Set()))
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
