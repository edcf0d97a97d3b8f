import type { LintProblem, LintRule } from "../rule.ts";

/** A repeated POST or PATCH carries an idempotency key. */
export const retryWithoutKey: LintRule = {
  id: "retry-without-key",
  severity: "warning",
  summary: "A repeated POST or PATCH carries an idempotency key.",
  why: "Repeating such a request can do its work twice, so the engine repeats it only when nothing was sent. An idempotencyKey, or annotations that say readOnly or idempotent, make the retry that is written here take effect.",
  incorrect: { "/actions/order/retry": { attempts: 3 }, "/actions/order/idempotencyKey": undefined },
  correct: { "/actions/order/retry": { attempts: 3 }, "/actions/order/idempotencyKey": "{{ call.id }}" },
  check: ({ requests }) =>
    requests.flatMap(({ owner, retry, errors, repeatable, kind, request }): LintProblem[] => {
      if (repeatable || kind === "trigger" || kind === "auth") return [];
      const rule = errors.findIndex(({ then }) => then === "retry");
      const asks = (retry !== undefined && retry.attempts !== 1) || rule !== -1;
      if (!asks) return [];
      return [
        {
          pointer: retry === undefined ? `${owner}/errors/${rule}` : `${owner}/retry`,
          part: retry === undefined ? "value" : "key",
          message: `${request.method ?? "GET"} is not repeated without an idempotency key`,
          hint: 'Add "idempotencyKey": "{{ call.id }}" if the API knows such a key, or annotations that say that repeating is safe',
        },
      ];
    }),
};
