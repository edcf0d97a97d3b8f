/** A JSON Schema (2020-12) as data. References within the API's document read `#/components/schemas/Name`. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** What one property of {@link closedObject} may be: a schema, or the same marked as optional. */
export interface Property {
  readonly schema: Schema;
  readonly required: boolean;
}

/** Refers to a named schema of the API's document. */
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** Marks a property as one that may be absent. */
export const optional = (schema: Schema): Property => ({ schema, required: false });

/** Builds an object schema that refuses undeclared members; every property is required unless it is `optional`. */
export function closedObject(properties: Readonly<Record<string, Schema | Property>>, description?: string): Schema {
  const entries = Object.entries(properties).map(([name, value]) => [name, asProperty(value)] as const);
  const required = entries.filter(([, property]) => property.required).map(([name]) => name);
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(entries.map(([name, property]) => [name, property.schema])),
  };
}

/** Builds the schema of a text, with a description and further keywords. */
export const text = (description: string, keywords: Schema = {}): Schema => ({
  type: "string",
  description,
  ...keywords,
});

/** Builds the schema of a point in time (RFC 3339, UTC). */
export const time = (description: string): Schema => text(description, { format: "date-time" });

/** Allows null beside what the schema says. */
export function nullable(schema: Schema): Schema {
  return typeof schema.type === "string" && schema.enum === undefined
    ? { ...schema, type: [schema.type, "null"] }
    : { anyOf: [schema, { type: "null" }] };
}

/** Builds the schema of a list. */
export const list = (items: Schema, description?: string): Schema => ({
  type: "array",
  ...(description === undefined ? {} : { description }),
  items,
});

/** Builds the schema of one page of a list: its items and the cursor of the next page. */
export const page = (items: Schema): Schema =>
  closedObject({
    items: list(items),
    cursor: nullable(text("Pass it as `cursor` to read on; null on the last page.")),
  });

/** Matches a connector's name; `definition.md` section 1. */
export const connectorName = (description: string): Schema =>
  text(description, { pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 255 });

/** Matches the name of a connection, a secret or a variable. */
export const resourceName = (description: string): Schema =>
  text(description, { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", maxLength: 100 });

function asProperty(value: Schema | Property): Property {
  return isProperty(value) ? value : { schema: value, required: true };
}

function isProperty(value: Schema | Property): value is Property {
  return "schema" in value && typeof value.required === "boolean";
}
