import { repairPattern } from "../../schemas/repair-pattern.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A pattern is a regular expression of ECMAScript. */
export const patternInvalid: SourceRule = {
  id: "pattern-invalid",
  severity: "advice",
  certification: "error",
  summary: "A pattern is a regular expression of ECMAScript.",
  reason: "Values cannot be checked against another dialect.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: { A: { type: "string", pattern: "(?i)^a" } },
    },
    pointers: ["/definitions/A/pattern"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    definitions: { A: { type: "string", pattern: "^a" } },
  },
  *check(source) {
    for (const { schema, pointer } of source.schemas) {
      if (typeof schema.pattern === "string" && repairPattern(schema.pattern) === undefined)
        yield { pointer: `${pointer}/pattern`, message: "The pattern cannot be read" };
    }
  },
};
