import { listSecretReads } from "../list-secret-reads.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Secrets stand only in requests, auth methods and TLS settings. */
export const secretNotAllowedHere: LintRule = {
  id: "secret-not-allowed-here",
  severity: "error",
  summary: "Secrets stand only in requests, auth methods and TLS settings.",
  why: "A secret in a host, an answer, an event or an option would reach somebody who must not see it. Such a template is refused before the call.",
  incorrect: { "/actions/getBook/response": { body: { key: "{{ secret('key') }}" } } },
  correct: { "/actions/getBook/response": { body: { title: "{{ response.body.title }}" } } },
  check: (context) =>
    context.templates
      .filter(({ place }) => place.secrets === "refused")
      .flatMap((site) =>
        listSecretReads(site, context).map(
          ({ name, line, column }): LintProblem => ({
            pointer: site.pointer,
            inside: { line, column },
            message: `${name} is a secret and cannot be read here`,
            hint: "Secrets may stand in the headers, body, query and path of a request, in auth methods and in TLS settings",
          }),
        ),
      ),
};
