import { SECRET_FUNCTIONS } from "../templates/template-uses.ts";
import type { AnalysedSite, LintContext } from "./lint-context.ts";

/** A secret that a template reads by name. */
export interface SecretRead {
  /** As an author would write it: `secret('x')`, `connection.token`. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** Lists the secrets that a template names: `secret()` calls, `writeOnly` parameters, tokens. */
export const listSecretReads = (
  site: AnalysedSite,
  context: Pick<LintContext, "secretParameters">,
): readonly SecretRead[] => {
  const { calls, reads } = site.analysis;
  return [
    ...calls
      .filter(({ name }) => SECRET_FUNCTIONS.has(name))
      .map(({ name, args, line, column }) => ({
        name: args[0]?.literal === true ? `${name}('${String(args[0].value)}')` : `${name}()`,
        line,
        column,
      })),
    ...reads.flatMap(({ root, path, line, column }): SecretRead[] => {
      const member = path[0];
      if (root === "token") return [{ name: `token.${String(member ?? "")}`, line, column }];
      if (root !== "connection" || typeof member !== "string" || !context.secretParameters.has(member)) return [];
      return [{ name: `connection.${member}`, line, column }];
    }),
  ];
};
