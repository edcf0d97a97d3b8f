import type { LintRule } from "../rule.ts";

/** New definitions do not use a compatibility mode. */
export const compatibilityMode: LintRule = {
  id: "compatibility-mode",
  severity: "info",
  summary: "New definitions do not use a compatibility mode.",
  why: "compat keeps imported templates running with lenient undefined values and unencoded text. Removing it, and what lint then finds, is how such a connector is modernised.",
  incorrect: { "/compat": "gainsight" },
  correct: { "/compat": undefined },
  check: ({ definition }) =>
    definition.compat === undefined
      ? []
      : [
          {
            pointer: "/compat",
            part: "key",
            message: "Templates run under the rules of the system they were imported from",
            hint: "Remove compat once the templates are rewritten",
          },
        ],
};
