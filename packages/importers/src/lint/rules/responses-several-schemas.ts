import { asObject } from "../../json-value.ts";
import type { SourceRule } from "../lint-rule.ts";

/** One successful response has a schema. */
export const responsesSeveralSchemas: SourceRule = {
  id: "responses-several-schemas",
  severity: "advice",
  certification: "warning",
  summary: "One successful response has a schema.",
  reason: "The output of an action is one schema; the others are kept, not used.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            responses: {
              200: { description: "OK", schema: { type: "string" } },
              201: { description: "OK", schema: { type: "object" } },
            },
          },
        },
      },
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
      const shapes = Object.entries(asObject(operation.responses))
        .filter(([code]) => /^2\d\d$/.test(code))
        .map(([, response]) => asObject(source.follow(response)))
        .map((response) => response.schema ?? asObject(Object.values(asObject(response.content))[0]).schema)
        .filter((schema) => schema !== undefined);
      if (new Set(shapes.map((schema) => JSON.stringify(schema))).size > 1)
        yield { pointer: `${pointer}/responses`, message: "Several successful responses have schemas of their own" };
    }
  },
};
