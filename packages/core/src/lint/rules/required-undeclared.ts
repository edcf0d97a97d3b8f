import { extendPointer } from "../../definition/json-pointer.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Required properties are declared. */
export const requiredUndeclared: LintRule = {
  id: "required-undeclared",
  severity: "warning",
  summary: "Required properties are declared.",
  why: "A name under required that properties does not declare is usually a misspelling; in a closed object no value could ever be valid.",
  incorrect: { "/actions/order/input/required": ["isnb"] },
  correct: { "/actions/order/input/required": ["isbn"] },
  check: ({ schemas }) =>
    schemas
      .filter(
        ({ schema }) => schema.properties !== undefined && schema.allOf === undefined && schema.$ref === undefined,
      )
      .flatMap(({ pointer, schema }) =>
        ((schema.required as readonly string[] | undefined) ?? []).flatMap((name, index): LintProblem[] =>
          Object.hasOwn(schema.properties ?? {}, name)
            ? []
            : [
                {
                  pointer: extendPointer(pointer, "required", index),
                  message: `${JSON.stringify(name)} is required but not declared`,
                  hint: `${didYouMean(name, Object.keys(schema.properties ?? {}))}Declare it under properties`,
                },
              ],
        ),
      ),
};
