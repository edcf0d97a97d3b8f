import type { SourceRule } from "../lint-rule.ts";

/** The field of the callback URL is hidden. */
export const notificationUrlNotInternal: SourceRule = {
  id: "notification-url-not-internal",
  severity: "advice",
  certification: "warning",
  summary: "The field of the callback URL is hidden.",
  reason: "Nobody is to fill it in.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "object", properties: { u: { type: "string", "x-ms-notification-url": true } } } },
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
      if (schema["x-ms-notification-url"] === true && String(schema["x-ms-visibility"]).toLowerCase() !== "internal")
        yield {
          pointer,
          message: "The callback field is shown",
          fix: { kind: "set", pointer: `${pointer}/x-ms-visibility`, value: "internal" },
        };
    }
  },
};
