import type { LintRule } from "../rule.ts";

/** A connector has a description. */
export const missingConnectorDescription: LintRule = {
  id: "missing-connector-description",
  severity: "info",
  summary: "A connector has a description.",
  why: "It stands in the list of connectors, where people decide by it.",
  incorrect: { "/description": undefined },
  correct: { "/description": "Orders books." },
  check: ({ definition }) =>
    definition.description !== undefined
      ? []
      : [{ pointer: "", message: "The connector has no description", hint: "Say in a sentence what it is for" }],
};
