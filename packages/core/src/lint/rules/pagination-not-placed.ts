import { extendPointer } from "../../definition/json-pointer.ts";
import type { AnalysedSite } from "../lint-context.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A paginated request places something of page. */
export const paginationNotPlaced: LintRule = {
  id: "pagination-not-placed",
  severity: "warning",
  summary: "A paginated request places something of page.",
  why: "The engine asks for the next page by rendering the request again; a request that does not read page asks for the first page for ever.",
  incorrect: { "/actions/list/request/query": undefined },
  correct: { "/actions/list/request/query": { page: "{{ page.number }}" } },
  check: ({ definition, templatesOf }) => {
    const readsPage = ({ pointer, analysis }: AnalysedSite): boolean =>
      analysis.roots.includes("page") && /\/request\//.test(pointer);
    if (templatesOf("defaults", "").some(readsPage)) return [];
    return Object.entries(definition.actions ?? {})
      .filter(([, action]) => action.pagination !== undefined && action.request !== undefined)
      .filter(([name]) => !templatesOf("action", name).some(readsPage))
      .map(
        ([name]): LintProblem => ({
          pointer: extendPointer("/actions", name, "pagination"),
          part: "key",
          message: "Nothing in the request says which page is wanted",
          hint: "Place page.next, page.number, page.offset or page.size where the API expects it",
        }),
      );
  },
};
