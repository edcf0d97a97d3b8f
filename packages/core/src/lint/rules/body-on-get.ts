import type { LintProblem, LintRule } from "../rule.ts";

/** GET, HEAD and OPTIONS requests have no body. */
export const bodyOnGet: LintRule = {
  id: "body-on-get",
  severity: "warning",
  summary: "GET, HEAD and OPTIONS requests have no body.",
  why: "Such a body has no meaning in HTTP (RFC 9110, 9.3.1): proxies drop it, servers reject it, and caches ignore it.",
  incorrect: { "/actions/getBook/request/body": { a: 1 } },
  correct: { "/actions/getBook/request/query": { a: 1 } },
  check: ({ requests }) =>
    requests.flatMap(({ pointer, request }): LintProblem[] => {
      const method = request.method ?? "GET";
      const member = request.body !== undefined ? "body" : request.text !== undefined ? "text" : undefined;
      if (member === undefined || !["GET", "HEAD", "OPTIONS"].includes(method)) return [];
      return [
        {
          pointer: `${pointer}/${member}`,
          part: "key",
          message: `A ${method} request with a body is not dependable`,
          hint: "Send the values as query parameters, or use another method if the API documents one",
        },
      ];
    }),
};
