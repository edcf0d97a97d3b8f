import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Deliveries of a webhook are verified. */
export const unverifiedWebhook: LintRule = {
  id: "unverified-webhook",
  severity: "warning",
  summary: "Deliveries of a webhook are verified.",
  why: "Without verify anybody who learns the URL can send events.",
  incorrect: {
    "/triggers": {
      paid: {
        title: "Paid",
        description: "When an order is paid.",
        output: { type: "object" },
        dedupe: "{{ item.id }}",
        webhook: {},
      },
    },
  },
  correct: {
    "/triggers": {
      paid: {
        title: "Paid",
        description: "When an order is paid.",
        output: { type: "object" },
        dedupe: "{{ item.id }}",
        webhook: {
          verify: { type: "token", value: "{{ request.headers['x-token'] }}", expected: "{{ secret('hook') }}" },
        },
      },
    },
  },
  check: ({ definition }) =>
    Object.entries(definition.triggers ?? {})
      .filter(([, { webhook, poll }]) => webhook !== undefined && webhook.verify === undefined && poll === undefined)
      .map(
        ([name]): LintProblem => ({
          pointer: extendPointer("/triggers", name, "webhook"),
          part: "key",
          message: "Deliveries are taken from anybody",
          hint: "Add verify: signature, basic, token or jwt",
        }),
      ),
};
