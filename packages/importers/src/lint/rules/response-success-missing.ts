import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** An operation describes a successful response. */
export const responseSuccessMissing: SourceRule = {
  id: "response-success-missing",
  severity: "advice",
  certification: "warning",
  summary: "An operation describes a successful response.",
  reason: "Without one there is no output schema.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 404: { description: "No" } } } } },
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
      const codes = Object.keys(asObject(operation.responses)).filter((code) => !code.startsWith("x-"));
      if (codes.length > 0 && !codes.some((code) => /^([23]|default)/i.test(code)))
        yield { pointer: `${pointer}/responses`, message: "Only errors are described" };
    }
  },
};
