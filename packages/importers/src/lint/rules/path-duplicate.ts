import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** No two paths differ only in the names of their variables. */
export const pathDuplicate: SourceRule = {
  id: "path-duplicate",
  severity: "warning",
  certification: "error",
  summary: "No two paths differ only in the names of their variables.",
  reason: "No server can tell them apart.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a/{b}": {
          get: {
            operationId: "a",
            parameters: [{ name: "b", in: "path", required: true, type: "string" }],
            responses: { 200: { description: "OK" } },
          },
        },
        "/a/{c}": {
          get: {
            operationId: "c",
            parameters: [{ name: "c", in: "path", required: true, type: "string" }],
            responses: { 200: { description: "OK" } },
          },
        },
      },
    },
    pointers: ["/paths/~1a~1{c}"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const seen = new Map<string, string>();
    for (const { method, path } of source.operations) {
      if (path.includes("#")) continue;
      const shape = `${method} ${path.replaceAll(/\{[^{}]*\}/g, "{}")}`;
      const before = seen.get(shape);
      if (before !== undefined && before !== path)
        yield { pointer: `/paths/${escapeToken(path)}`, message: `The path is the same as ${before}` };
      seen.set(shape, path);
    }
  },
};
