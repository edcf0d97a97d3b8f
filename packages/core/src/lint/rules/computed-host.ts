import type { LintProblem, LintRule } from "../rule.ts";

const COMPUTED: ReadonlySet<string> = new Set(["input", "steps", "item", "page", "cursor", "response"]);

/** A URL computed from input or from answers stays within named hosts. */
export const computedHost: LintRule = {
  id: "computed-host",
  severity: "error",
  summary: "A URL computed from input or from answers stays within named hosts.",
  why: "Otherwise a caller or an upstream decides where the request goes. The call is refused unless the host matches hosts or baseUrl, so name them.",
  incorrect: {
    "/actions/getBook/request": { url: "{{ input.isbn }}" },
    "/baseUrl": undefined,
    "/actions/whoAmI": undefined,
    "/actions/order": undefined,
    "/connection/test": undefined,
  },
  correct: { "/actions/getBook/request": { url: "{{ input.isbn }}" }, "/hosts": ["*.books.example"] },
  check: ({ definition, templates }) =>
    (definition.hosts ?? []).length > 0 || definition.baseUrl !== undefined
      ? []
      : templates
          .filter(
            ({ part, source, owner }) =>
              part === "url" && owner.kind !== "connection" && !/^https?:\/\/[^/{]+(\/|$)/i.test(source),
          )
          .filter(({ analysis }) => analysis.roots.some((root) => COMPUTED.has(root)))
          .map(
            ({ pointer }): LintProblem => ({
              pointer,
              message: "The host of this URL comes from input or an answer, and no host is named",
              hint: "Add the hosts it may name to hosts",
            }),
          ),
};
