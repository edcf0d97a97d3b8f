import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Pagination knows when it ends. */
export const paginationWithoutEnd: LintRule = {
  id: "pagination-without-end",
  severity: "warning",
  summary: "Pagination knows when it ends.",
  why: "Without next, more and size the first page is taken for the last one if it is empty only; the engine then reads up to maxPages.",
  incorrect: { "/actions/list/pagination": { items: "{{ response.body }}" } },
  correct: { "/actions/list/pagination": { items: "{{ response.body }}", size: 50 } },
  check: ({ definition }) =>
    [
      ...Object.entries(definition.actions ?? {}).map(
        ([name, { pagination }]) => [extendPointer("/actions", name), pagination] as const,
      ),
      ...Object.entries(definition.triggers ?? {}).map(
        ([name, { poll }]) => [extendPointer("/triggers", name, "poll"), poll?.pagination] as const,
      ),
    ]
      .filter(
        ([, pagination]) =>
          pagination !== undefined &&
          pagination.next === undefined &&
          pagination.more === undefined &&
          pagination.size === undefined,
      )
      .map(
        ([pointer]): LintProblem => ({
          pointer: `${pointer}/pagination`,
          part: "key",
          message: "Nothing says which page is the last one",
          hint: "Add next, more, or the size of a page",
        }),
      ),
};
