import type { LintProblem, LintRule } from "../rule.ts";

/** Nested objects say whether they are open. */
export const openObject: LintRule = {
  id: "open-object",
  severity: "info",
  summary: "Nested objects say whether they are open.",
  why: "Only the top level of an input is closed by itself. Below it JSON Schema lets any member through, which a caller can use to send what the author did not mean. Write additionalProperties: false, or true to say that it is meant.",
  incorrect: { "/actions/order/input/properties/buyer": { type: "object", properties: { email: { type: "string" } } } },
  correct: {
    "/actions/order/input/properties/buyer": {
      type: "object",
      properties: { email: { type: "string" } },
      additionalProperties: false,
    },
  },
  check: ({ schemas }) =>
    schemas
      .filter(
        ({ role, depth, schema }) =>
          (role === "input" || role === "parameters") && depth > 0 && schema.type === "object",
      )
      .filter(({ schema }) =>
        ["additionalProperties", "unevaluatedProperties", "schemaFrom", "$ref"].every(
          (keyword) => schema[keyword] === undefined,
        ),
      )
      .map(
        ({ pointer }): LintProblem => ({
          pointer,
          message: "This object takes members that it does not declare",
          hint: "Add additionalProperties: false, or true if any member is meant",
          fix: {
            title: "Close the object",
            patch: [{ op: "add", path: `${pointer}/additionalProperties`, value: false }],
          },
        }),
      ),
};
