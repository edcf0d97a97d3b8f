import { listSecretReads } from "../list-secret-reads.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Credentials come from an auth method, not from a header. */
export const manualAuthorization: LintRule = {
  id: "manual-authorization",
  severity: "warning",
  summary: "Credentials come from an auth method, not from a header.",
  why: "A header that is written by hand is not refreshed, not bound to the declared hosts on redirects, and stands beside the one that the auth method sets.",
  incorrect: { "/actions/getBook/request/headers": { Authorization: "Bearer {{ connection.token }}" } },
  correct: { "/connection/auth": [{ type: "bearer", token: "{{ connection.token }}" }] },
  check: (context) =>
    context.templates
      .filter(({ part, pointer }) => part === "headers" && /\/headers\/authorization$/i.test(pointer))
      .filter(
        (site) =>
          site.owner.kind !== "connection" &&
          (listSecretReads(site, context).length > 0 || (context.definition.connection?.auth ?? []).length > 0),
      )
      .map(
        ({ pointer }): LintProblem => ({
          pointer,
          part: "key",
          message: "This header is written by hand beside the connector's auth method",
          hint: "Describe it under connection.auth: bearer, basic or apiKey",
        }),
      ),
};
