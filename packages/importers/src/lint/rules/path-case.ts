import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** No two paths differ only in case. */
export const pathCase: SourceRule = {
  id: "path-case",
  severity: "advice",
  certification: "warning",
  summary: "No two paths differ only in case.",
  reason: "Many servers take them for one.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: {
        "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } },
        "/A": { get: { operationId: "b", responses: { 200: { description: "OK" } } } },
      },
    },
    pointers: ["/paths/~1A"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    const seen = new Set<string>();
    for (const path of Object.keys(asObject(source.document.paths))) {
      const lower = path.toLowerCase();
      if (seen.has(lower))
        yield { pointer: `/paths/${escapeToken(path)}`, message: "Another path differs only in case" };
      seen.add(lower);
    }
  },
};
