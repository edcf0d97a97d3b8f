import { asObject } from "../../json-value.ts";
import { followAll } from "../follow-all.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A webhook trigger marks the field that takes the callback URL. */
export const webhookUrlMissing: SourceRule = {
  id: "webhook-url-missing",
  severity: "warning",
  certification: "error",
  summary: "A webhook trigger marks the field that takes the callback URL.",
  reason: "The subscription would not say where to send events.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          "x-ms-notification-content": { schema: {} },
          post: {
            operationId: "a",
            "x-ms-trigger": "single",
            parameters: [
              { name: "body", in: "body", schema: { type: "object", properties: { u: { type: "string" } } } },
            ],
            responses: { 201: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/post"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer, path } of source.operations) {
      const item = asObject(asObject(source.document.paths)[path]);
      if (operation["x-ms-trigger"] === undefined || item["x-ms-notification-content"] === undefined) continue;
      const text = JSON.stringify([operation, followAll(source, operation)]);
      if (!text.includes("x-ms-notification-url")) yield { pointer, message: "No field has x-ms-notification-url" };
    }
  },
};
