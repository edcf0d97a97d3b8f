import type { ConnectorDefinition, Step } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** Lists all lists of steps: of composite actions and of auth methods. */
export const listStepLists = (
  definition: ConnectorDefinition,
): readonly { readonly pointer: string; readonly steps: readonly Step[] }[] => {
  const lists: { pointer: string; steps: readonly Step[] }[] = [];
  const add = (steps: readonly Step[] | undefined, pointer: string): void => {
    if (steps !== undefined) lists.push({ pointer, steps });
  };
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    add(action.steps, extendPointer("/actions", name, "steps"));
  }
  for (const [index, method] of (definition.connection?.auth ?? []).entries()) {
    const pointer = extendPointer("/connection/auth", index);
    if (method.type === "session") {
      add(method.login, `${pointer}/login`);
      add(method.refresh, `${pointer}/refresh`);
    }
    if (method.type === "oauth2") add(method.afterToken, `${pointer}/afterToken`);
  }
  return lists;
};
