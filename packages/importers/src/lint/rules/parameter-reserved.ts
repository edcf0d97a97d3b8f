import type { SourceRule } from "../lint-rule.ts";

/** A parameter does not take the name of a header that the client sets. */
export const parameterReserved: SourceRule = {
  id: "parameter-reserved",
  severity: "advice",
  certification: "warning",
  summary: "A parameter does not take the name of a header that the client sets.",
  reason: "Its value is not sent.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [{ name: "Host", in: "header", type: "string" }],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/0"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { parameters } of source.operations) {
      for (const { parameter, pointer } of parameters) {
        if (
          parameter.in === "header" &&
          /^(host|content-length|connection|transfer-encoding)$/i.test(String(parameter.name))
        )
          yield { pointer, message: `${String(parameter.name)} is set by the client` };
      }
    }
  },
};
