import type { JsonObject } from "@junctor/core";
import { asObject, isObject, type Obj, setMember } from "../json-value.ts";

/** Input and output of an action as JSON Schemas (2020-12) that need nothing besides. */
export interface ActionSchemas {
  readonly input: JsonObject;
  readonly output: JsonObject | null;
}

/** Exports the schemas of every action; each holds the shared schemas that it refers to, and no others. */
export function exportJsonSchemas(definition: JsonObject): Readonly<Record<string, ActionSchemas>> {
  const result: Record<string, ActionSchemas> = {};
  for (const [name, action] of Object.entries(asObject(definition.actions))) {
    const { input, output, title } = asObject(action);
    result[name] = {
      input: standAlone(
        input ?? { type: "object", properties: {}, additionalProperties: false },
        definition,
        `${String(title ?? name)}: input`,
      ),
      output: output === undefined ? null : standAlone(output, definition, `${String(title ?? name)}: output`),
    };
  }
  return result;
}

function standAlone(schema: unknown, definition: JsonObject, title: string): JsonObject {
  const all = asObject(definition.$defs);
  const used: Obj = {};
  const stack: unknown[] = [schema];
  for (let next = stack.pop(); stack.length > 0 || next !== undefined; next = stack.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (isObject(next) && typeof next.$ref === "string") {
      const name = next.$ref.replace("#/$defs/", "");
      if (Object.hasOwn(all, name) && !Object.hasOwn(used, name)) {
        setMember(used, name, all[name]);
        stack.push(all[name]);
      }
    }
    for (const item of Object.values(next)) if (typeof item === "object" && item !== null) stack.push(item);
  }
  const base = isObject(schema) ? schema : {};
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    ...base,
    ...(Object.keys(used).length > 0 ? { $defs: used } : {}),
  } as JsonObject;
}
