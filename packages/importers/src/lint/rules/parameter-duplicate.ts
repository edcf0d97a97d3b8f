import type { SourceRule } from "../lint-rule.ts";

/** An operation declares a parameter once. */
export const parameterDuplicate: SourceRule = {
  id: "parameter-duplicate",
  severity: "warning",
  certification: "error",
  summary: "An operation declares a parameter once.",
  reason: "Only the first one counts.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: {
            operationId: "a",
            parameters: [
              { name: "b", in: "query", type: "string" },
              { name: "b", in: "query", type: "string" },
            ],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a/get/parameters/1"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { parameters } of source.operations) {
      const seen = new Set<string>();
      for (const { parameter, pointer } of parameters) {
        const key = `${String(parameter.in)}:${String(parameter.name)}`;
        if (seen.has(key) && parameter.in !== "body") yield { pointer, message: `${key} is declared twice` };
        seen.add(key);
      }
    }
  },
};
