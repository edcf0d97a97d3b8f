import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Actions and triggers declare what they yield. */
export const missingOutput: LintRule = {
  id: "missing-output",
  severity: "info",
  summary: "Actions and triggers declare what they yield.",
  why: "Typed clients, forms of later steps and agents are made from the output schema, and only a schema can keep fields back.",
  incorrect: { "/actions/getBook/output": undefined },
  correct: { "/actions/getBook/output": { type: "object" } },
  check: ({ definition }) =>
    (["actions", "triggers"] as const).flatMap((kind) =>
      Object.entries(definition[kind] ?? {})
        .filter(([, part]) => part.hidden !== true && part.output === undefined)
        .map(
          ([name]): LintProblem => ({
            pointer: extendPointer("", kind, name),
            part: "key",
            message: `${JSON.stringify(name)} does not say what it yields`,
            hint: "Add an output schema",
          }),
        ),
    ),
};
