import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** A trigger says what makes an item the same. */
export const triggerWithoutDedupe: LintRule = {
  id: "trigger-without-dedupe",
  severity: "info",
  summary: "A trigger says what makes an item the same.",
  why: "Delivery is at least once. Without dedupe the whole item is hashed, so an item that changes anywhere is a new event, and one that changes nowhere is never reported again.",
  incorrect: {
    "/triggers": {
      added: {
        title: "Added",
        description: "When a book is added.",
        output: { type: "object" },
        poll: { request: { path: "/books" }, items: "{{ response.body }}" },
      },
    },
  },
  correct: {
    "/triggers": {
      added: {
        title: "Added",
        description: "When a book is added.",
        output: { type: "object" },
        dedupe: "{{ item.id }}",
        poll: { request: { path: "/books" }, items: "{{ response.body }}" },
      },
    },
  },
  check: ({ definition }) =>
    Object.entries(definition.triggers ?? {})
      .filter(([, { dedupe }]) => dedupe === undefined)
      .map(
        ([name]): LintProblem => ({
          pointer: extendPointer("/triggers", name),
          part: "key",
          message: "Items are told apart by a hash of all their content",
          hint: 'Add dedupe, such as "{{ item.id }}"',
        }),
      ),
};
