import type { SourceRule } from "../lint-rule.ts";

/** A path parameter of a Power-Platform connector says how it is encoded. */
export const pathParameterEncoding: SourceRule = {
  id: "path-parameter-encoding",
  severity: "advice",
  certification: "warning",
  summary: "A path parameter of a Power-Platform connector says how it is encoded.",
  reason: "Without `x-ms-url-encoding`, a slash in the value changes the path.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a/{b}": {
          get: {
            operationId: "a",
            "x-ms-visibility": "important",
            parameters: [{ name: "b", in: "path", required: true, type: "string" }],
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
          "x-ms-visibility": "important",
          parameters: [{ name: "b", in: "path", required: true, type: "string", "x-ms-url-encoding": "single" }],
          responses: { 200: { description: "OK" } },
        },
      },
    },
  },
  *check(source) {
    const isExtended = source.operations.some(({ operation }) =>
      Object.keys(operation).some((name) => name.startsWith("x-ms-")),
    );
    if (!source.isPowerPlatform && !isExtended) return;
    for (const { parameters } of source.operations) {
      for (const { parameter, pointer } of parameters) {
        if (parameter.in === "path" && parameter["x-ms-url-encoding"] === undefined)
          yield {
            pointer,
            message: "The parameter has no x-ms-url-encoding",
            fix: { kind: "set", pointer: `${pointer}/x-ms-url-encoding`, value: "single" },
          };
      }
    }
  },
};
