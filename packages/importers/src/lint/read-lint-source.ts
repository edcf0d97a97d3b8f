import { asList, asObject, isObject, type Obj } from "../json-value.ts";
import { versionOf } from "../openapi/read-model.ts";
import { pathItemMethods } from "../openapi/source-model.ts";
import { escapeToken, pointerOfFragment, valueAt } from "../source/json-pointer.ts";
import type { LintOperation, LintSource } from "./lint-rule.ts";

/** Prepares a document for the rules. */
export function readLintSource(document: Obj, isPowerPlatform: boolean): LintSource {
  const follow = (value: unknown): unknown => {
    let current = value;
    for (
      let hops = 0;
      hops < 30 && isObject(current) && typeof current.$ref === "string" && current.$ref.startsWith("#");
      hops++
    ) {
      current = valueAt(document, pointerOfFragment(current.$ref.slice(1)));
    }
    return current;
  };
  return {
    document,
    version: versionOf(document),
    isPowerPlatform,
    operations: readOperations(document, follow),
    schemas: readSchemas(document),
    follow,
  };
}

function readOperations(document: Obj, follow: LintSource["follow"]): readonly LintOperation[] {
  const operations: LintOperation[] = [];
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    const pathItem = asObject(follow(item));
    for (const method of pathItemMethods) {
      const operation = pathItem[method];
      if (!isObject(operation)) continue;
      const base = `/paths/${escapeToken(path)}`;
      const own = asList(operation.parameters).map((parameter, index) => ({
        parameter: asObject(follow(parameter)),
        pointer: `${base}/${method}/parameters/${index}`,
      }));
      const shared = asList(pathItem.parameters).map((parameter, index) => ({
        parameter: asObject(follow(parameter)),
        pointer: `${base}/parameters/${index}`,
      }));
      const replaced = (parameter: Obj): boolean =>
        own.some((other) => other.parameter.in === parameter.in && other.parameter.name === parameter.name);
      operations.push({
        method,
        path,
        pointer: `${base}/${method}`,
        operation,
        parameters: [...own, ...shared.filter(({ parameter }) => !replaced(parameter))],
      });
    }
  }
  return operations;
}

const maps = new Set(["properties", "patternProperties", "definitions", "schemas", "$defs"]);
const schemaMembers = new Set(["schema", "items", "additionalProperties", "not", "allOf", "anyOf", "oneOf"]);
const data = new Set(["example", "examples", "default", "enum", "x-examples"]);

/** Schemas that are looked at: advice about the rest of a huge description is not worth the seconds it costs. */
const mostSchemas = 200_000;

/** Walks the document once and gathers what stands where a schema stands: shared schemas before those of operations. */
function readSchemas(document: Obj): LintSource["schemas"] {
  const found: { schema: Obj; pointer: string }[] = [];
  const stack: { value: unknown; pointer: string; isSchema: boolean; isMap: boolean }[] = [
    { value: document, pointer: "", isSchema: false, isMap: false },
  ];
  for (let next = stack.pop(); next !== undefined && found.length < mostSchemas; next = stack.pop()) {
    const { value, pointer, isSchema, isMap } = next;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        stack.push({ value: item, pointer: `${pointer}/${index}`, isSchema, isMap: false });
      continue;
    }
    if (!isObject(value)) continue;
    if (isSchema && !isMap) found.push({ schema: value, pointer });
    for (const [name, item] of Object.entries(value)) {
      if (typeof item !== "object" || item === null || (!isMap && data.has(name))) continue;
      const below = `${pointer}/${escapeToken(name)}`;
      if (isMap) stack.push({ value: item, pointer: below, isSchema, isMap: false });
      else
        stack.push({
          value: item,
          pointer: below,
          isSchema: schemaMembers.has(name) || maps.has(name),
          isMap: maps.has(name),
        });
    }
  }
  return found;
}
