import type { SourceRule } from "../lint-rule.ts";

/** An operationId has at most 80 characters. */
export const operationIdTooLong: SourceRule = {
  id: "operation-id-too-long",
  severity: "advice",
  certification: "warning",
  summary: "An operationId has at most 80 characters.",
  reason: "Longer names do not fit forms and process models.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            responses: { 200: { description: "OK" } },
          },
        },
      },
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
      if (typeof operation.operationId === "string" && operation.operationId.length > 80)
        yield { pointer: `${pointer}/operationId`, message: "The id is longer than 80 characters" };
    }
  },
};
