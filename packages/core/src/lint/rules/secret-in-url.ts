import { listSecretReads } from "../list-secret-reads.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Secrets stay out of path and query. */
export const secretInUrl: LintRule = {
  id: "secret-in-url",
  severity: "warning",
  summary: "Secrets stay out of path and query.",
  why: "URLs end up in logs of proxies and of the upstream. Send a secret in a header or, if the API knows nothing else, as an apiKey method with in set to query, which says what it is.",
  incorrect: { "/actions/getBook/request/query": { key: "{{ connection.token }}" } },
  correct: { "/actions/getBook/request/headers": { "X-Key": "{{ connection.token }}" } },
  check: (context) =>
    context.templates
      .filter(({ part }) => part === "path" || part === "query" || part === "url")
      .filter(({ place }) => place.secrets !== "refused")
      .flatMap((site) =>
        listSecretReads(site, context).map(
          ({ name, line, column }): LintProblem => ({
            pointer: site.pointer,
            inside: { line, column },
            message: `${name} is a secret and would stand in the URL`,
            hint: "Send it in a header, or use an auth method of type apiKey",
          }),
        ),
      ),
};
