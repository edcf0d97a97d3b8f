import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Every connection value that a template reads is declared. */
export const undeclaredConnection: LintRule = {
  id: "undeclared-connection",
  severity: "error",
  summary: "Every connection value that a template reads is declared.",
  why: "A connection has the parameters that somebody was asked for, the values of its environment and those of token answers; nothing else.",
  incorrect: { "/connection/auth/0/token": "{{ connection.tokn }}" },
  correct: { "/connection/auth/0/token": "{{ connection.token }}" },
  check: ({ templates, connectionNames }) =>
    templates.flatMap(({ pointer, analysis, place }) =>
      analysis.reads.flatMap(({ root, path, line, column }): LintProblem[] => {
        const name = path[0];
        const declared = connectionNames;
        if (root !== "connection" || !place.roots.includes(root) || typeof name !== "string") return [];
        if (declared === null || declared.has(name)) return [];
        return [
          {
            pointer,
            inside: { line, column },
            message: `connection.${name} is not declared`,
            hint: `${didYouMean(name, declared)}Declare it in connection.parameters, in the values of an environment, or in token.values`,
          },
        ];
      }),
    ),
};
