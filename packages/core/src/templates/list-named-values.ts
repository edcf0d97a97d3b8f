import type { JsonObject } from "../ports/records.ts";
import { definitionEnvironment, gainsightEnvironment } from "./environment.ts";
import { readUses } from "./template-uses.ts";

/** Names of workspace values that the templates of a definition read. */
export interface NamedValues {
  readonly secrets: readonly string[];
  readonly variables: readonly string[];
}

/** Lists the secrets and variables that a definition names anywhere; templates that do not parse name nothing. */
export function listNamedValues(definition: JsonObject): NamedValues {
  const { environment } = definition.compat === "gainsight" ? gainsightEnvironment() : definitionEnvironment();
  const secrets = new Set<string>();
  const variables = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string" && value.includes("{")) {
      try {
        const uses = readUses(environment.compile(value).analysis, value);
        for (const name of uses.secrets) secrets.add(name);
        for (const name of [...uses.variables, ...uses.optionalVariables]) variables.add(name);
      } catch {
        // Lint reports templates that do not parse, with their place.
      }
    } else if (typeof value === "object" && value !== null) for (const member of Object.values(value)) visit(member);
  };
  visit(definition);
  return { secrets: [...secrets].sort(), variables: [...variables].sort() };
}
