import { asList, asObject, isObject, type Obj } from "../json-value.ts";

/** Follows references to `#/$defs` until another schema is there; an empty object if they run in a circle. */
export function resolveSchema(schema: unknown, definitions: Obj): Obj {
  let current = asObject(schema);
  for (let hops = 0; typeof current.$ref === "string"; hops++) {
    if (hops > 20) return {};
    const target = definitions[current.$ref.replace(/^#\/\$defs\//, "")];
    if (!isObject(target)) return current;
    const { $ref: _, ...siblings } = current;
    current = { ...target, ...siblings };
  }
  return current;
}

/** The JSON types that a schema admits, through references and combinations; empty if it does not say. */
export function typesOf(schema: unknown, definitions: Obj, depth = 0): ReadonlySet<string> {
  const resolved = resolveSchema(schema, definitions);
  if (typeof resolved.type === "string") return new Set([resolved.type]);
  if (Array.isArray(resolved.type)) return new Set(resolved.type.map(String).filter((name) => name !== "null"));
  if (depth > 5) return new Set();
  for (const keyword of ["oneOf", "anyOf"] as const) {
    if (!Array.isArray(resolved[keyword])) continue;
    const types = new Set<string>();
    for (const part of resolved[keyword]) for (const type of typesOf(part, definitions, depth + 1)) types.add(type);
    types.delete("null");
    return types;
  }
  for (const part of asList(resolved.allOf)) {
    const types = typesOf(part, definitions, depth + 1);
    if (types.size > 0) return types;
  }
  if (isObject(resolved.properties)) return new Set(["object"]);
  if (resolved.items !== undefined) return new Set(["array"]);
  return new Set();
}

/** The properties that a schema declares for its object, through references and `allOf`. */
export function propertiesOf(schema: unknown, definitions: Obj, depth = 0): Obj {
  const resolved = resolveSchema(schema, definitions);
  const properties: Obj = { ...asObject(resolved.properties) };
  if (depth > 10) return properties;
  for (const part of asList(resolved.allOf))
    Object.assign(properties, { ...propertiesOf(part, definitions, depth + 1), ...properties });
  return properties;
}

/** The names that a schema requires of its object, through references and `allOf`. */
export function requiredOf(schema: unknown, definitions: Obj, depth = 0): ReadonlySet<string> {
  const resolved = resolveSchema(schema, definitions);
  const names = new Set(asList(resolved.required).map(String));
  if (depth > 10) return names;
  for (const part of asList(resolved.allOf))
    for (const name of requiredOf(part, definitions, depth + 1)) names.add(name);
  return names;
}
