import type { SecretSource, VariableSource } from "../ports/sources.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { unknownSecret, unknownVariable } from "./call-host.ts";

/** Where named values come from. */
export interface NamedSources {
  readonly secrets: SecretSource;
  readonly variables: VariableSource;
}

/** Asks for every named secret and variable; those that are not warm are loaded, one that is absent ends the call. */
export function loadNamed(
  context: NamedSources,
  workspaceId: string,
  uses: TemplateUses,
): Promise<unknown> | undefined {
  if (uses.secrets.length + uses.variables.length + uses.optionalVariables.length === 0) return undefined;
  const loading: Promise<unknown>[] = [];
  for (const name of uses.secrets) {
    const secret = context.secrets.peek(workspaceId, name);
    if (secret === null) throw unknownSecret(name);
    if (secret === undefined) loading.push(context.secrets.load(workspaceId, name));
  }
  for (const name of uses.variables) {
    const variable = context.variables.peek(workspaceId, name);
    if (variable === null) throw unknownVariable(name);
    if (variable === undefined) loading.push(context.variables.load(workspaceId, name));
  }
  for (const name of uses.optionalVariables) {
    if (context.variables.peek(workspaceId, name) === undefined)
      loading.push(context.variables.load(workspaceId, name));
  }
  return loading.length === 0 ? undefined : Promise.all(loading);
}
