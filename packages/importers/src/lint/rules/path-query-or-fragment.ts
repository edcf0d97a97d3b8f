import { asObject } from "../../json-value.ts";
import { escapeToken } from "../../source/json-pointer.ts";
import type { SourceRule } from "../lint-rule.ts";

/** A path holds neither query nor fragment. */
export const pathQueryOrFragment: SourceRule = {
  id: "path-query-or-fragment",
  severity: "advice",
  certification: "error",
  summary: "A path holds neither query nor fragment.",
  reason: "They are no part of a path; the query is sent, a fragment never is.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a?b=1": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
    },
    pointers: ["/paths/~1a?b=1"],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const path of Object.keys(asObject(source.document.paths))) {
      if (/[?#]/.test(path) && !path.startsWith("x-"))
        yield { pointer: `/paths/${escapeToken(path)}`, message: "The path holds a query or a fragment" };
    }
  },
};
