import type { LintProblem, LintRule } from "../rule.ts";

const isOfType = (value: unknown, type: string): boolean => {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
};

/** A default is of the type and among the values that its schema allows. */
export const defaultNotAllowed: LintRule = {
  id: "default-not-allowed",
  severity: "warning",
  summary: "A default is of the type and among the values that its schema allows.",
  why: "Defaults are filled in before the input is checked, so a wrong one makes every call without the value fail.",
  incorrect: { "/actions/order/input/properties/quantity/default": "one" },
  correct: { "/actions/order/input/properties/quantity/default": 1 },
  check: ({ schemas }) =>
    schemas.flatMap(({ pointer, schema }): LintProblem[] => {
      const value = schema.default;
      if (value === undefined) return [];
      const types = ([] as unknown[]).concat(schema.type ?? []);
      const wrongType = types.length > 0 && !types.some((type) => isOfType(value, String(type)));
      const wrongValue =
        Array.isArray(schema.enum) && !schema.enum.some((one) => JSON.stringify(one) === JSON.stringify(value));
      if (!wrongType && !wrongValue) return [];
      return [
        {
          pointer: `${pointer}/default`,
          message: wrongType
            ? `The default is not of type ${types.join(" or ")}`
            : "The default is not among the allowed values",
          hint: "Correct the default or the schema",
        },
      ];
    }),
};
