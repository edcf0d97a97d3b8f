import type { SourceRule } from "../lint-rule.ts";

/** An operation has one body. */
export const bodyDuplicate: SourceRule = {
  id: "body-duplicate",
  severity: "warning",
  certification: "error",
  summary: "An operation has one body.",
  reason: "Only the first one is sent.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          post: {
            operationId: "a",
            parameters: [
              { name: "b", in: "body", schema: {} },
              { name: "c", in: "body", schema: {} },
            ],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/post/parameters/1"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { parameters } of source.operations) {
      for (const { pointer } of parameters.filter(({ parameter }) => parameter.in === "body").slice(1))
        yield { pointer, message: "There is a second body" };
    }
  },
};
