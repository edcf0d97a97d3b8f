import { isObject, type Obj, setMember } from "../json-value.ts";

const formats: readonly (readonly [string, RegExp])[] = [
  ["date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/],
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i],
  ["email", /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i],
  ["uri", /^https?:\/\/[^\s]+$/i],
];

/**
 * Infers a JSON Schema that accepts all samples: types, properties, formats that every sample has, and as required what is
 * in each of them. Values never enter the schema, so a secret in a sample stays out of it.
 */
export function inferSchema(samples: readonly unknown[]): Obj {
  if (samples.length === 0) return {};
  const objects = samples.filter(isObject);
  const lists = samples.filter(Array.isArray);
  const rest = samples.filter((sample) => !isObject(sample) && !Array.isArray(sample));
  const types = new Set<string>();
  const schema: Obj = {};
  if (objects.length > 0) {
    types.add("object");
    Object.assign(schema, inferObject(objects, objects.length === samples.length));
  }
  if (lists.length > 0) {
    types.add("array");
    const items = lists.flat();
    if (items.length > 0) schema.items = inferSchema(items.slice(0, 200));
  }
  for (const value of rest) types.add(typeOf(value));
  if (types.has("number")) types.delete("integer");
  const texts = rest.filter((value): value is string => typeof value === "string");
  const format =
    texts.length === 0 ? undefined : formats.find(([, pattern]) => texts.every((text) => pattern.test(text)))?.[0];
  if (format !== undefined && objects.length + lists.length === 0) schema.format = format;
  const [only] = types;
  return { ...(types.size === 1 ? { type: only } : types.size > 1 ? { type: [...types].sort() } : {}), ...schema };
}

function inferObject(objects: readonly Obj[], isAlone: boolean): Obj {
  const names = new Set(objects.flatMap((object) => Object.keys(object)));
  const properties: Obj = {};
  for (const name of names) {
    setMember(
      properties,
      name,
      inferSchema(objects.filter((object) => Object.hasOwn(object, name)).map((object) => object[name])),
    );
  }
  const required = [...names].filter((name) => objects.every((object) => Object.hasOwn(object, name)));
  return { properties, ...(isAlone && required.length > 0 && objects.length > 1 ? { required } : {}) };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "boolean" ? "boolean" : "string";
}
