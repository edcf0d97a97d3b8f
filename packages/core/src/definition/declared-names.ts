import type { ConnectorDefinition, Schema } from "@junctor/sdk";

type SchemaObject = Exclude<Schema, boolean>;

/** Keywords whose subschemas describe the same object. */
const COMBINERS = ["allOf", "anyOf", "oneOf"] as const;
const CONDITIONS = ["then", "else"] as const;

/**
 * Lists the properties that a schema declares for its object, through `$ref`, `allOf`, `if` and their like; null when it
 * is open (`additionalProperties` other than false, `patternProperties`), so that any name may be read.
 */
export function listDeclaredNames(
  schema: Schema | undefined,
  definitions: ConnectorDefinition["$defs"],
): ReadonlySet<string> | null {
  const names = new Set<string>();
  if (schema === undefined) return names;
  return collect(schema, definitions, names, 0) ? names : null;
}

/** Lists the properties that are secret: `writeOnly`, or an object that holds such a property. */
export function listSecretNames(
  schema: Schema | undefined,
  definitions: ConnectorDefinition["$defs"],
): ReadonlySet<string> {
  const names = new Set<string>();
  if (schema !== undefined)
    visitProperties(schema, definitions, 0, (name, property) => {
      if (holdsSecret(property, definitions, 0)) names.add(name);
    });
  return names;
}

const MAX_DEPTH = 20;

function collect(
  schema: Schema,
  definitions: ConnectorDefinition["$defs"],
  names: Set<string>,
  depth: number,
): boolean {
  if (typeof schema === "boolean") return !schema;
  if (depth > MAX_DEPTH) return false;
  if (schema.patternProperties !== undefined) return false;
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return false;
  visitProperties(schema, definitions, depth, (name) => names.add(name));
  return subschemas(schema, definitions).every((part) => collect(part, definitions, names, depth + 1));
}

function visitProperties(
  schema: Schema,
  definitions: ConnectorDefinition["$defs"],
  depth: number,
  visit: (name: string, property: Schema) => void,
): void {
  if (typeof schema === "boolean" || depth > MAX_DEPTH) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) visit(name, property);
  for (const part of subschemas(schema, definitions)) visitProperties(part, definitions, depth + 1, visit);
}

function holdsSecret(schema: Schema, definitions: ConnectorDefinition["$defs"], depth: number): boolean {
  if (typeof schema === "boolean" || depth > MAX_DEPTH) return false;
  if (schema.writeOnly === true) return true;
  const items = schema.items === undefined ? [] : [schema.items];
  const properties = Object.values(schema.properties ?? {});
  return [...items, ...properties, ...subschemas(schema, definitions)].some((part) =>
    holdsSecret(part, definitions, depth + 1),
  );
}

function subschemas(schema: SchemaObject, definitions: ConnectorDefinition["$defs"]): readonly Schema[] {
  const parts: Schema[] = [];
  for (const keyword of COMBINERS) parts.push(...((schema[keyword] as readonly Schema[] | undefined) ?? []));
  for (const keyword of CONDITIONS) {
    const part = schema[keyword] as Schema | undefined;
    if (part !== undefined) parts.push(part);
  }
  const dependent = schema.dependentSchemas as Readonly<Record<string, Schema>> | undefined;
  if (dependent !== undefined) parts.push(...Object.values(dependent));
  if (typeof schema.$ref === "string") {
    const target = definitions?.[schema.$ref.replace(/^#\/\$defs\//, "")];
    if (target !== undefined) parts.push(target);
  }
  return parts;
}

/**
 * Lists the properties that every valid object has once defaults are filled in: required, or with a `default`. Null where
 * the schema says so little that any name may be there.
 */
export function listCertainNames(
  schema: Schema | undefined,
  definitions: ConnectorDefinition["$defs"],
): ReadonlySet<string> | null {
  const names = new Set<string>();
  if (schema === undefined) return names;
  if (typeof schema === "boolean") return schema ? null : names;
  const collectRequired = (part: Schema, depth: number): void => {
    if (typeof part === "boolean" || depth > MAX_DEPTH) return;
    for (const name of (part.required as readonly string[] | undefined) ?? []) names.add(name);
    // Only what always applies counts: `allOf` and references, not alternatives and conditions.
    for (const each of (part.allOf as readonly Schema[] | undefined) ?? []) collectRequired(each, depth + 1);
    const target = typeof part.$ref === "string" ? definitions?.[part.$ref.replace(/^#\/\$defs\//, "")] : undefined;
    if (target !== undefined) collectRequired(target, depth + 1);
  };
  collectRequired(schema, 0);
  visitProperties(schema, definitions, 0, (name, property) => {
    if (typeof property === "object" && property.default !== undefined) names.add(name);
  });
  return names;
}
