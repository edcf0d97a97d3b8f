import { isObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** What is required is declared. */
export const requiredUndeclared: SourceRule = {
  id: "required-undeclared",
  severity: "advice",
  certification: "warning",
  summary: "What is required is declared.",
  reason: "Somebody misspelt a name on one side.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "object", required: ["nmae"], properties: { name: { type: "string" } } } },
    },
    pointers: ["/definitions/A/required"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: { A: { type: "object", required: ["name"], properties: { name: { type: "string" } } } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (
        !isObject(schema.properties) ||
        !Array.isArray(schema.required) ||
        schema.allOf !== undefined ||
        schema.additionalProperties !== undefined
      )
        continue;
      for (const name of schema.required)
        if (typeof name === "string" && !Object.hasOwn(schema.properties, name))
          yield { pointer: `${pointer}/required`, message: `${JSON.stringify(name)} is required and not declared` };
    }
  },
};
