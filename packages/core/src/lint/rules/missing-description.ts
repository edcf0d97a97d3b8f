import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Actions and triggers have a description. */
export const missingDescription: LintRule = {
  id: "missing-description",
  severity: "info",
  summary: "Actions and triggers have a description.",
  why: "Forms, the discovery list, exported documents and agents show it; an agent decides by it.",
  incorrect: { "/actions/getBook/description": undefined },
  correct: { "/actions/getBook/description": "Gets one book by its ISBN." },
  check: ({ definition }) =>
    (["actions", "triggers"] as const).flatMap((kind) =>
      Object.entries(definition[kind] ?? {})
        .filter(([, part]) => part.hidden !== true && part.description === undefined)
        .map(
          ([name]): LintProblem => ({
            pointer: extendPointer("", kind, name),
            part: "key",
            message: `${JSON.stringify(name)} has no description`,
            hint: "Say in a sentence what it does",
          }),
        ),
    ),
};
