import { extendPointer, readPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Every shared schema is used. */
export const unusedDefinition: LintRule = {
  id: "unused-definition",
  severity: "info",
  summary: "Every shared schema is used.",
  why: "A schema under $defs that no reference names is left over.",
  incorrect: { "/$defs": { Book: { type: "object" } } },
  correct: { "/$defs": { Book: { type: "object" } }, "/actions/getBook/output": { $ref: "#/$defs/Book" } },
  check: ({ definition, schemas }) => {
    // A reference into a shared schema uses it as well: only the first step behind `$defs` counts.
    const used = new Set(
      schemas.flatMap(({ schema: { $ref } }) =>
        typeof $ref === "string" && $ref.startsWith("#/$defs/") ? [readPointer($ref.slice(1))[1]] : [],
      ),
    );
    return Object.keys(definition.$defs ?? {})
      .filter((name) => !used.has(name))
      .map(
        (name): LintProblem => ({
          pointer: extendPointer("/$defs", name),
          part: "key",
          message: `Nothing refers to ${JSON.stringify(name)}`,
          hint: "Remove it",
        }),
      );
  },
};
