import type { SourceRule } from "../lint-rule.ts";

/** An array says what is in it. */
export const arrayWithoutItems: SourceRule = {
  id: "array-without-items",
  severity: "advice",
  certification: "warning",
  summary: "An array says what is in it.",
  reason: "Forms and checks cannot know the elements.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "array" } },
    },
    pointers: ["/definitions/A"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: { A: { type: "array", items: { type: "string" } } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (schema.type === "array" && schema.items === undefined && schema.prefixItems === undefined)
        yield { pointer, message: "The array has no items" };
    }
  },
};
