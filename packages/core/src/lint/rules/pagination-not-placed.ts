import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A paginated request places something of page. */
export const paginationNotPlaced: LintRule = {
  id: "pagination-not-placed",
  severity: "warning",
  summary: "A paginated request places something of page.",
  why: "The engine asks for the next page by rendering the request again; a request that does not read page asks for the first page for ever.",
  incorrect: { "/actions/list/request/query": undefined },
  correct: { "/actions/list/request/query": { page: "{{ page.number }}" } },
  check: ({ definition, templates }) =>
    Object.entries(definition.actions ?? {})
      .filter(([, action]) => action.pagination !== undefined && action.request !== undefined)
      .map(([name]) => extendPointer("/actions", name))
      .filter(
        (pointer) =>
          !templates.some(
            (site) => site.pointer.startsWith(`${pointer}/request/`) && site.analysis.roots.includes("page"),
          ),
      )
      .filter(
        () =>
          !templates.some(
            (site) => site.pointer.startsWith("/defaults/request/") && site.analysis.roots.includes("page"),
          ),
      )
      .map(
        (pointer): LintProblem => ({
          pointer: `${pointer}/pagination`,
          part: "key",
          message: "Nothing in the request says which page is wanted",
          hint: "Place page.next, page.number, page.offset or page.size where the API expects it",
        }),
      ),
};
