import { didYouMean } from "../did-you-mean.ts";
import { STEP_AS_A_WHOLE } from "../emit-template.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Every context root that some place offers. */
const ROOTS: ReadonlySet<string> = new Set(
  "user workspace call connection input page steps item index cursor webhook subscription oauth response token request signature items error search output".split(
    " ",
  ),
);

/** Names of imported templates that only their compatibility mode knows; there a step's authentication reads earlier steps. */
const COMPAT: ReadonlySet<string> = new Set(["tenant_id", "pathParams", "body_text", "body_raw", "request"]);

/** A step's `when` and `forEach` are read once, before there is an element. */
const isElement = (root: string, place: string): boolean =>
  place === STEP_AS_A_WHOLE && (root === "item" || root === "index");
const ELEMENT_HINT =
  "This is read once, before the list is. Leave elements out of the list: {{ input.list | reject('equalto', 2) | list }}";

/** A template reads only names that its place offers. */
export const unknownName: LintRule = {
  id: "unknown-name",
  severity: "error",
  summary: "A template reads only names that its place offers.",
  why: "What may be read depends on the place: a request sees the input, but not the answer that comes later. A name that nothing offers would stop the call before anything is sent.",
  incorrect: { "/actions/getBook/request/query": { lang: "{{ response.body.lang }}" } },
  correct: { "/actions/getBook/request/query": { edition: "{{ input.edition }}" } },
  check: ({ templates, functions, compat }) =>
    templates.flatMap(({ pointer, analysis, place }) =>
      analysis.reads
        .filter(({ root }) => !place.roots.includes(root) && !functions.has(root))
        .filter(({ root }) => !compat || !(COMPAT.has(root) || (root === "steps" && place.name === "auth")))
        .map(
          ({ root, line, column }): LintProblem => ({
            pointer,
            inside: { line, column },
            message: ROOTS.has(root)
              ? `${JSON.stringify(root)} cannot be read here`
              : `There is no ${JSON.stringify(root)}`,
            hint: isElement(root, place.name)
              ? ELEMENT_HINT
              : `${didYouMean(root, [...place.roots, ...functions])}This place offers ${[...place.roots].sort().join(", ") || "no names"}`,
          }),
        ),
    ),
};
