import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A property that is hidden and required has a default. */
export const hiddenRequired: LintRule = {
  id: "hidden-required",
  severity: "error",
  summary: "A property that is hidden and required has a default.",
  why: "Nobody is asked for a hidden property, so a required one without a default makes every call fail.",
  incorrect: { "/actions/order/input/properties/isbn/importance": "hidden" },
  correct: {
    "/actions/order/input/properties/isbn/importance": "hidden",
    "/actions/order/input/properties/isbn/default": "0",
  },
  check: ({ schemas }) =>
    schemas.flatMap(({ pointer, schema }) =>
      ((schema.required as readonly string[] | undefined) ?? []).flatMap((name): LintProblem[] => {
        const property = schema.properties?.[name];
        if (typeof property !== "object" || property.importance !== "hidden" || property.default !== undefined)
          return [];
        return [
          {
            pointer: extendPointer(pointer, "properties", name, "importance"),
            message: `${JSON.stringify(name)} is required, but nobody is asked for it`,
            hint: "Give it a default, or show it",
          },
        ];
      }),
    ),
};
