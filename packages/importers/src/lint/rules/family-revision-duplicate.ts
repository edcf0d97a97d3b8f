import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A family has each revision once. */
export const familyRevisionDuplicate: SourceRule = {
  id: "family-revision-duplicate",
  severity: "advice",
  certification: "error",
  summary: "A family has each revision once.",
  reason: "Which of the two is current cannot be told.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            "x-ms-api-annotation": { family: "A", revision: 1 },
            responses: { 200: { description: "OK" } },
          },
        },
        "/b": {
          get: {
            operationId: "b",
            "x-ms-api-annotation": { family: "A", revision: 1 },
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1b/get/x-ms-api-annotation/revision"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const seen = new Set<string>();
    for (const { operation, pointer } of source.operations) {
      const { family, revision } = asObject(operation["x-ms-api-annotation"]);
      if (family === undefined || revision === undefined) continue;
      const key = `${String(family)} ${String(revision)}`;
      if (seen.has(key))
        yield {
          pointer: `${pointer}/x-ms-api-annotation/revision`,
          message: `The family ${String(family)} has revision ${String(revision)} twice`,
        };
      seen.add(key);
    }
  },
};
