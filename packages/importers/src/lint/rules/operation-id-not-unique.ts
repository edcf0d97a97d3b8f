import type { SourceRule } from "../lint-rule.ts";

/** No two operations have the same operationId. */
export const operationIdNotUnique: SourceRule = {
  id: "operation-id-not-unique",
  severity: "warning",
  certification: "error",
  summary: "No two operations have the same operationId.",
  reason: "The second action gets a number behind its name.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } },
        "/b": { get: { operationId: "a", responses: { 200: { description: "OK" } } } },
      },
    },
    pointers: ["/paths/~1b/get/operationId"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const seen = new Set<string>();
    for (const { operation, pointer } of source.operations) {
      const id = operation.operationId;
      if (typeof id !== "string") continue;
      if (seen.has(id))
        yield {
          pointer: `${pointer}/operationId`,
          message: `${JSON.stringify(id)} is the id of another operation too`,
        };
      seen.add(id);
    }
  },
};
