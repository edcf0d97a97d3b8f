import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Only reading actions are cached. */
export const cacheOnWrite: LintRule = {
  id: "cache-on-write",
  severity: "warning",
  summary: "Only reading actions are cached.",
  why: "Answers are cached for GET and HEAD, and for actions whose annotations say readOnly. Elsewhere the setting has no effect.",
  incorrect: { "/actions/order/cache": { ttl: "PT1M" } },
  correct: { "/actions/getBook/cache": { ttl: "PT1M" } },
  check: ({ definition, compat }) =>
    Object.entries(definition.actions ?? {})
      .filter(
        ([, { cache, annotations, request }]) =>
          !compat &&
          cache !== undefined &&
          cache !== false &&
          annotations?.readOnly !== true &&
          !["GET", "HEAD"].includes(request?.method ?? "GET"),
      )
      .map(
        ([name]): LintProblem => ({
          pointer: extendPointer("/actions", name, "cache"),
          part: "key",
          message: "Answers of this action are not cached",
          hint: "Remove cache, or say annotations.readOnly if the action changes nothing",
        }),
      ),
};
