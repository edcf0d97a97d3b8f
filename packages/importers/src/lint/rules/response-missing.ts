import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** Every operation describes at least one response. */
export const responseMissing: SourceRule = {
  id: "response-missing",
  severity: "warning",
  certification: "warning",
  summary: "Every operation describes at least one response.",
  reason: "Callers cannot know what comes back.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: {} } } },
    },
    pointers: ["/paths/~1a/get/responses"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { operation, pointer } of source.operations) {
      if (Object.keys(asObject(operation.responses)).length === 0)
        yield { pointer: `${pointer}/responses`, message: "There is no response" };
    }
  },
};
