import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Dynamic sources that are named exist. */
export const unknownSource: LintRule = {
  id: "unknown-source",
  severity: "error",
  summary: "Dynamic sources that are named exist.",
  why: "optionsFrom names an entry of dynamic.options, schemaFrom one of dynamic.schemas.",
  incorrect: { "/actions/order/input/properties/isbn/optionsFrom": "books" },
  correct: { "/actions/order/input/properties/isbn/optionsFrom": "titles" },
  check: ({ definition, schemas }) =>
    schemas.flatMap(({ pointer, schema }) =>
      (["optionsFrom", "schemaFrom"] as const).flatMap((keyword): LintProblem[] => {
        const value = schema[keyword];
        const name = typeof value === "object" ? value.source : value;
        const known = Object.keys(definition.dynamic?.[keyword === "optionsFrom" ? "options" : "schemas"] ?? {});
        if (name === undefined || known.includes(name)) return [];
        return [
          {
            pointer: typeof value === "object" ? `${pointer}/${keyword}/source` : `${pointer}/${keyword}`,
            message: `There is no source ${JSON.stringify(name)} in dynamic.${keyword === "optionsFrom" ? "options" : "schemas"}`,
            hint: `${didYouMean(name, known)}Known sources: ${known.join(", ") || "none"}`,
          },
        ];
      }),
    ),
};
