import type { ConnectorDefinition, Each } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** Lists all `$each` nodes of a definition. Schemas and cases are data and are not searched. */
export const listRepetitions = (
  definition: ConnectorDefinition,
): readonly { readonly pointer: string; readonly each: Each }[] => {
  const found: { pointer: string; each: Each }[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value) && Object.hasOwn(value, "$each")) found.push({ pointer, each: value as unknown as Each });
    for (const [name, member] of Object.entries(value)) {
      if (!OPAQUE.test(`${pointer}/${name}`)) visit(member, extendPointer(pointer, name));
    }
  };
  visit(definition, "");
  return found;
};

const OPAQUE =
  /^(\/\$defs|\/connection\/parameters|\/connection\/auth\/\d+\/parameters|\/(actions|triggers)\/[^/]+\/(input|output|cases))$/;
