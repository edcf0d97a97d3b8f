import { SECRET_FUNCTIONS, VARIABLE_FUNCTIONS } from "../../templates/template-uses.ts";
import type { LintProblem, LintRule } from "../rule.ts";

const NAMED: ReadonlySet<string> = new Set([...SECRET_FUNCTIONS, ...VARIABLE_FUNCTIONS]);

/** The names given to secret() and var() are written as literals. */
export const computedSecretName: LintRule = {
  id: "computed-secret-name",
  severity: "error",
  summary: "The names given to secret() and var() are written as literals.",
  why: "Secrets are loaded, checked against the host and shown to the operator before the call; that needs their names. A computed name could also let a caller choose which secret is sent.",
  incorrect: { "/connection/auth/0/token": "{{ secret('token-' ~ workspace.id) }}" },
  correct: { "/connection/auth/0/token": "{{ secret('token') }}" },
  check: ({ templates }) =>
    templates.flatMap(({ pointer, analysis }) =>
      analysis.calls
        .filter(
          ({ name, args }) => NAMED.has(name) && !(args[0]?.literal === true && typeof args[0].value === "string"),
        )
        .map(
          ({ name, line, column }): LintProblem => ({
            pointer,
            inside: { line, column },
            message: `The name given to ${name}() is not a literal text`,
            hint: "Write the name itself in quotes",
          }),
        ),
    ),
};
