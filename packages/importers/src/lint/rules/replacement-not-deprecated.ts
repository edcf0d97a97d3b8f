import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** Only a deprecated operation names its replacement. */
export const replacementNotDeprecated: SourceRule = {
  id: "replacement-not-deprecated",
  severity: "advice",
  certification: "warning",
  summary: "Only a deprecated operation names its replacement.",
  reason: "Readers cannot tell which of the two is meant.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            "x-ms-api-annotation": { family: "A", revision: 1, replacement: { api: "x", operationId: "b" } },
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/x-ms-api-annotation/replacement"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer } of source.operations) {
      if (operation.deprecated !== true && asObject(operation["x-ms-api-annotation"]).replacement !== undefined)
        yield {
          pointer: `${pointer}/x-ms-api-annotation/replacement`,
          message: "The operation has a replacement and is not deprecated",
        };
    }
  },
};
