import type { LintProblem, LintRule } from "../rule.ts";

/** A request has an absolute URL or a connector with a base URL. */
export const missingBaseUrl: LintRule = {
  id: "missing-base-url",
  severity: "error",
  summary: "A request has an absolute URL or a connector with a base URL.",
  why: "A path alone says nothing about the host. A url that may be undefined needs the base URL as well.",
  incorrect: { "/baseUrl": undefined },
  correct: { "/baseUrl": "https://api.books.example" },
  check: ({ definition, requests }) =>
    definition.baseUrl !== undefined
      ? []
      : requests
          .filter(({ request }) => request.url === undefined)
          .map(
            ({ pointer }): LintProblem => ({
              pointer,
              message: "This request needs a base URL, and the connector has none",
              hint: "Add baseUrl to the connector, or write url instead of path",
            }),
          ),
};
