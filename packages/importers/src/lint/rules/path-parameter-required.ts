import type { SourceRule } from "../lint-rule.ts";

/** A path parameter is required. */
export const pathParameterRequired: SourceRule = {
  id: "path-parameter-required",
  severity: "advice",
  certification: "error",
  summary: "A path parameter is required.",
  reason: "A path with a hole is another path.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a/{b}": {
          get: {
            operationId: "a",
            parameters: [{ name: "b", in: "path", type: "string" }],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a~1{b}/get/parameters/0"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: {
      "/a/{b}": {
        get: {
          operationId: "a",
          parameters: [{ name: "b", in: "path", required: true, type: "string" }],
          responses: { 200: { description: "OK" } },
        },
      },
    },
  },
  *check(source) {
    for (const { parameters } of source.operations) {
      for (const { parameter, pointer } of parameters) {
        if (parameter.in === "path" && parameter.required !== true)
          yield {
            pointer,
            message: "The parameter is not required",
            fix: { kind: "set", pointer: `${pointer}/required`, value: true },
          };
      }
    }
  },
};
