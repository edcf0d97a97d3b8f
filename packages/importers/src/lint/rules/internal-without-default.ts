import { asObject, isObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A hidden property that is required has a default. */
export const internalWithoutDefault: SourceRule = {
  id: "internal-without-default",
  severity: "warning",
  certification: "warning",
  summary: "A hidden property that is required has a default.",
  reason: "Nobody can fill in what the form does not show.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: {
        A: { type: "object", required: ["k"], properties: { k: { type: "string", "x-ms-visibility": "internal" } } },
      },
    },
    pointers: ["/definitions/A/properties/k"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: {
      A: {
        type: "object",
        required: ["k"],
        properties: { k: { type: "string", "x-ms-visibility": "internal", default: "v" } },
      },
    },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (!isObject(schema.properties) || !Array.isArray(schema.required)) continue;
      for (const [name, property] of Object.entries(schema.properties)) {
        const own = asObject(property);
        if (String(own["x-ms-visibility"]).toLowerCase() !== "internal" || !schema.required.includes(name)) continue;
        const isGiven =
          own.default !== undefined ||
          own["x-ms-notification-url"] !== undefined ||
          own.type === "object" ||
          own.$ref !== undefined;
        if (!isGiven)
          yield {
            pointer: `${pointer}/properties/${escapeToken(name)}`,
            message: `${name} is hidden, required and has no default`,
          };
      }
    }
  },
};
