import type { SourceRule } from "../lint-rule.ts";

/** An operationId is a plain name. */
export const operationIdSanitized: SourceRule = {
  id: "operation-id-sanitized",
  severity: "advice",
  certification: "warning",
  summary: "An operationId is a plain name.",
  reason: "Other characters are left out when the action is named.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "list things", responses: { 200: { description: "OK" } } } } },
    },
    pointers: ["/paths/~1a/get/operationId"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer } of source.operations) {
      const id = operation.operationId;
      if (typeof id === "string" && !/^[A-Za-z][A-Za-z0-9_]*$/.test(id))
        yield { pointer: `${pointer}/operationId`, message: `${JSON.stringify(id)} is not a plain name` };
    }
  },
};
