import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Actions and triggers have a title. */
export const missingTitle: LintRule = {
  id: "missing-title",
  severity: "info",
  summary: "Actions and triggers have a title.",
  why: "People choose by the title; without one they see the name.",
  incorrect: { "/actions/getBook/title": undefined },
  correct: { "/actions/getBook/title": "Get a book" },
  check: ({ definition }) =>
    (["actions", "triggers"] as const).flatMap((kind) =>
      Object.entries(definition[kind] ?? {})
        .filter(([, part]) => part.hidden !== true && part.title === undefined)
        .map(
          ([name]): LintProblem => ({
            pointer: extendPointer("", kind, name),
            part: "key",
            message: `${JSON.stringify(name)} has no title`,
            hint: "Add title",
          }),
        ),
    ),
};
