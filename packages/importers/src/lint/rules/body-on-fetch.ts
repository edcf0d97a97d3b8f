import type { SourceRule } from "../lint-rule.ts";

/** GET and HEAD have no body. */
export const bodyOnFetch: SourceRule = {
  id: "body-on-fetch",
  severity: "advice",
  certification: "warning",
  summary: "GET and HEAD have no body.",
  reason: "Many servers and proxies drop it.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [{ name: "body", in: "body", schema: { type: "object" } }],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { method, operation, parameters, pointer } of source.operations) {
      const hasBody =
        operation.requestBody !== undefined ||
        parameters.some(({ parameter }) => parameter.in === "body" || parameter.in === "formData");
      if ((method === "get" || method === "head") && hasBody)
        yield { pointer, message: `${method.toUpperCase()} has a body` };
    }
  },
};
