import type { SourceRule } from "../lint-rule.ts";

/** Every operation has an operationId. */
export const operationIdMissing: SourceRule = {
  id: "operation-id-missing",
  severity: "advice",
  certification: "error",
  summary: "Every operation has an operationId.",
  reason: "Without one, the action is named after method and path, and its name changes when they do.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { responses: { 200: { description: "OK" } } } } },
    },
    pointers: ["/paths/~1a/get"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer, method, path } of source.operations) {
      if (typeof operation.operationId !== "string" || operation.operationId.trim() === "")
        yield { pointer, message: `${method.toUpperCase()} ${path} has no operationId` };
    }
  },
};
