import type { SourceRule } from "../lint-rule.ts";

/** Every reference leads somewhere. */
export const referenceMissing: SourceRule = {
  id: "reference-missing",
  severity: "warning",
  certification: "error",
  summary: "Every reference leads somewhere.",
  reason: "Anything is accepted where it stands.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": {
          get: { operationId: "a", responses: { 200: { description: "OK", schema: { $ref: "#/definitions/Gone" } } } },
        },
      },
    },
    pointers: ["/paths/~1a/get/responses/200/schema"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (typeof schema.$ref === "string" && schema.$ref.startsWith("#/") && source.follow(schema) === undefined)
        yield { pointer, message: `${schema.$ref} is not there` };
    }
  },
};
