import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** The braces of a path belong together. */
export const pathTemplateInvalid: SourceRule = {
  id: "path-template-invalid",
  severity: "warning",
  certification: "error",
  summary: "The braces of a path belong together.",
  reason: "A part that is not closed is sent as it is.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a/{b": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    },
    pointers: ["/paths/~1a~1{b"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const path of Object.keys(asObject(source.document.paths))) {
      const bare = path.replaceAll(/\{[^{}]+\}/g, "");
      if (/[{}]/.test(bare) && !path.startsWith("x-"))
        yield { pointer: `/paths/${escapeToken(path)}`, message: "A brace is open, empty or nested" };
    }
  },
};
