import type { ConnectorDefinition } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

const KEYS: ReadonlySet<string> = new Set(
  "timeout ttl staleIfError window initial max interval lookback every lifetime tolerance cache".split(" "),
);

/** Lists the literal durations of a definition. Schemas, bodies and cases are data and are not searched. */
export const listDurations = (
  definition: ConnectorDefinition,
): readonly { readonly pointer: string; readonly value: string }[] => {
  const found: { pointer: string; value: string }[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      const at = extendPointer(pointer, name);
      if (DATA.has(name)) continue;
      if (typeof member === "string" && KEYS.has(name) && /^P\S+$/.test(member))
        found.push({ pointer: at, value: member });
      else visit(member, at);
    }
  };
  visit(definition, "");
  return found;
};

const DATA: ReadonlySet<string> = new Set([
  "body",
  "input",
  "output",
  "cases",
  "parameters",
  "$defs",
  "headers",
  "query",
  "event",
]);
