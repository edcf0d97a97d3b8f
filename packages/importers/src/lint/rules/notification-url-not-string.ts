import type { SourceRule } from "../lint-rule.ts";

/** The field of the callback URL is a text. */
export const notificationUrlNotString: SourceRule = {
  id: "notification-url-not-string",
  severity: "advice",
  certification: "error",
  summary: "The field of the callback URL is a text.",
  reason: "A URL is put there.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: {
        A: {
          type: "object",
          required: ["u"],
          properties: { u: { type: "object", "x-ms-notification-url": true, "x-ms-visibility": "internal" } },
        },
      },
    },
    pointers: ["/definitions/A/properties/u"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (schema["x-ms-notification-url"] === true && schema.type !== undefined && schema.type !== "string")
        yield { pointer, message: "The callback field is not a text" };
    }
  },
};
