import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A webhook trigger describes its payload. */
export const notificationContentMissing: SourceRule = {
  id: "notification-content-missing",
  severity: "advice",
  certification: "error",
  summary: "A webhook trigger describes its payload.",
  reason: "Events have no schema.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          post: {
            operationId: "a",
            "x-ms-trigger": "single",
            parameters: [
              {
                name: "body",
                in: "body",
                schema: {
                  type: "object",
                  properties: { u: { type: "string", "x-ms-notification-url": true, "x-ms-visibility": "internal" } },
                },
              },
            ],
            responses: { 201: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, path } of source.operations) {
      const item = asObject(asObject(source.document.paths)[path]);
      if (
        operation["x-ms-trigger"] !== undefined &&
        item["x-ms-notification-content"] === undefined &&
        JSON.stringify(operation).includes("x-ms-notification-url")
      )
        yield { pointer: `/paths/${escapeToken(path)}`, message: "The path has no x-ms-notification-content" };
    }
  },
};
