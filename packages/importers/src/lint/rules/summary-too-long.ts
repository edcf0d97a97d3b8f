import type { SourceRule } from "../lint-rule.ts";

/** A summary has at most 120 characters. */
export const summaryTooLong: SourceRule = {
  id: "summary-too-long",
  severity: "advice",
  certification: "warning",
  summary: "A summary has at most 120 characters.",
  reason: "It is the title of the action; the rest belongs into the description.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            summary:
              "long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long ",
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/summary"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer } of source.operations) {
      if (typeof operation.summary === "string" && operation.summary.length > 120)
        yield { pointer: `${pointer}/summary`, message: "The summary is longer than 120 characters" };
    }
  },
};
