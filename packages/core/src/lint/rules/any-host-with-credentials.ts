import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A connector that may call any host sends no credential. */
export const anyHostWithCredentials: LintRule = {
  id: "any-host-with-credentials",
  severity: "error",
  summary: "A connector that may call any host sends no credential.",
  why: 'With "*" in hosts a caller chooses the host; a credential of the connector would go wherever the caller says.',
  incorrect: { "/hosts": ["*"] },
  correct: { "/hosts": ["*.books.example"] },
  check: ({ definition, requests }) => {
    const sendsCredential = (definition.connection?.auth ?? []).some((method) => method.type !== "none");
    const all = requests.filter(({ kind }) => kind !== "auth");
    if (!sendsCredential || (all.length > 0 && all.every(({ request }) => request.auth === false))) return [];
    return (definition.hosts ?? []).flatMap((host, index): LintProblem[] =>
      host === "*"
        ? [
            {
              pointer: extendPointer("/hosts", index),
              message: "Any host is allowed, and the connector has a credential to send",
              hint: "Name the hosts, or write auth: false at every request",
            },
          ]
        : [],
    );
  },
};
