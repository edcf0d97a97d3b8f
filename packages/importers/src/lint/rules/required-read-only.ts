import { asObject, isObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A property that only answers have is not required. */
export const requiredReadOnly: SourceRule = {
  id: "required-read-only",
  severity: "advice",
  certification: "warning",
  summary: "A property that only answers have is not required.",
  reason: "Requests would have to send what they may not.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "object", required: ["id"], properties: { id: { type: "string", readOnly: true } } } },
    },
    pointers: ["/definitions/A/properties/id"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (!isObject(schema.properties) || !Array.isArray(schema.required)) continue;
      for (const [name, property] of Object.entries(schema.properties)) {
        if (asObject(property).readOnly === true && schema.required.includes(name))
          yield {
            pointer: `${pointer}/properties/${escapeToken(name)}`,
            message: `${name} is both required and read-only`,
          };
      }
    }
  },
};
