import type { ConnectorDefinition, Each } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** Lists all `$each` nodes of a definition. Schemas, cases and extensions are data and are not searched. */
export const listRepetitions = (
  definition: ConnectorDefinition,
): readonly { readonly pointer: string; readonly each: Each }[] => {
  const found: { pointer: string; each: Each }[] = [];
  const visit = (value: unknown, pointer: string, depth: number, section: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value) && Object.hasOwn(value, "$each")) found.push({ pointer, each: value as unknown as Each });
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== "object" || isData(section, depth, name)) continue;
      visit(member, extendPointer(pointer, name), depth + 1, depth === 0 ? name : section);
    }
  };
  visit(definition, "", 0, "");
  return found;
};

const OPAQUE: ReadonlySet<string> = new Set(["input", "output", "cases"]);

/** Says whether a member, so deep below a section of the document, holds data. */
const isData = (section: string, depth: number, name: string): boolean => {
  if (depth === 0) return name === "$defs" || name.startsWith("x-");
  if (section === "connection") return name === "parameters" && (depth === 1 || depth === 3);
  return (
    depth === 2 && (section === "actions" || section === "triggers") && (OPAQUE.has(name) || name.startsWith("x-"))
  );
};
