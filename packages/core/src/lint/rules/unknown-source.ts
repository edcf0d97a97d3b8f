import { didYouMean } from "../did-you-mean.ts";
import { listNames } from "../known-names.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Dynamic sources that are named exist. */
export const unknownSource: LintRule = {
  id: "unknown-source",
  severity: "error",
  summary: "Dynamic sources that are named exist.",
  why: "optionsFrom names an entry of dynamic.options, schemaFrom one of dynamic.schemas.",
  incorrect: { "/actions/order/input/properties/isbn/optionsFrom": "books" },
  correct: { "/actions/order/input/properties/isbn/optionsFrom": "titles" },
  check: ({ definition, schemas }) => {
    const sources = {
      optionsFrom: new Set(Object.keys(definition.dynamic?.options ?? {})),
      schemaFrom: new Set(Object.keys(definition.dynamic?.schemas ?? {})),
    };
    return schemas.flatMap(({ pointer, schema }) =>
      (["optionsFrom", "schemaFrom"] as const).flatMap((keyword): LintProblem[] => {
        const value = schema[keyword];
        const name = typeof value === "object" ? value.source : value;
        if (name === undefined || sources[keyword].has(name)) return [];
        const known = [...sources[keyword]];
        return [
          {
            pointer: typeof value === "object" ? `${pointer}/${keyword}/source` : `${pointer}/${keyword}`,
            message: `There is no source ${JSON.stringify(name)} in dynamic.${keyword === "optionsFrom" ? "options" : "schemas"}`,
            hint: `${didYouMean(name, known)}Known sources: ${listNames(known)}`,
          },
        ];
      }),
    );
  },
};
