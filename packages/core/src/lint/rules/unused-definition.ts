import { extendPointer } from "../../definition/json-pointer.ts";
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
    const used = new Set(schemas.map(({ schema }) => schema.$ref));
    return Object.keys(definition.$defs ?? {})
      .filter(
        (name) =>
          !used.has(`#/$defs/${name}`) &&
          ![...used].some((one) => typeof one === "string" && one.startsWith(`#/$defs/${name}/`)),
      )
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
