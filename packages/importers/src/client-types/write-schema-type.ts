/** A JSON Schema as it comes: any JSON value. */
type Schema = unknown;
type SchemaObject = Readonly<Record<string, unknown>>;

/** Names the TypeScript type of a reference within the document, such as `#/$defs/Order`. */
export type NameReference = (reference: string) => string;

/**
 * Writes a JSON Schema 2020-12 as a TypeScript type. What TypeScript cannot say (patterns, bounds, `not`) is left out:
 * the type is never narrower than the schema. Unknown parts become `unknown`.
 */
export function writeSchemaType(schema: Schema, nameReference: NameReference, indent = ""): string {
  if (schema === false) return "never";
  if (!isObject(schema)) return "unknown";
  if (typeof schema.$ref === "string") return nameReference(schema.$ref);
  if ("const" in schema) return writeLiteral(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map(writeLiteral));
  for (const key of ["oneOf", "anyOf"] as const) {
    const choices = schema[key];
    if (Array.isArray(choices)) {
      const own = writeOwnType(schema, nameReference, indent);
      const chosen = union(choices.map((choice) => writeSchemaType(choice, nameReference, indent)));
      return own === "unknown" ? chosen : intersection([own, chosen]);
    }
  }
  if (Array.isArray(schema.allOf)) {
    const own = writeOwnType(schema, nameReference, indent);
    const parts = schema.allOf.map((part) => writeSchemaType(part, nameReference, indent));
    return intersection([own, ...parts].filter((part) => part !== "unknown"));
  }
  return writeOwnType(schema, nameReference, indent);
}

function writeOwnType(schema: SchemaObject, nameReference: NameReference, indent: string): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (schema.type === undefined) {
    if (isObject(schema.properties)) return writeObject(schema, nameReference, indent);
    return schema.items === undefined ? "unknown" : writeList(schema, nameReference, indent);
  }
  return union(
    types.map((type) => {
      if (type === "string") return schema.format === "binary" ? "Blob" : "string";
      if (type === "integer" || type === "number") return "number";
      if (type === "boolean" || type === "null") return type;
      if (type === "array") return writeList(schema, nameReference, indent);
      return type === "object" ? writeObject(schema, nameReference, indent) : "unknown";
    }),
  );
}

function writeList(schema: SchemaObject, nameReference: NameReference, indent: string): string {
  if (Array.isArray(schema.prefixItems)) {
    const items = schema.prefixItems.map((item) => writeSchemaType(item, nameReference, indent));
    const rest = schema.items === false ? [] : [`...${group(writeSchemaType(schema.items, nameReference, indent))}[]`];
    return `[${[...items, ...rest].join(", ")}]`;
  }
  return `${group(writeSchemaType(schema.items, nameReference, indent))}[]`;
}

function writeObject(schema: SchemaObject, nameReference: NameReference, indent: string): string {
  const properties = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const inner = `${indent}  `;
  const lines = properties.map(([name, property]) => {
    const type = writeSchemaType(property, nameReference, inner);
    return `${writeComment(property, inner)}${inner}${JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${type};`;
  });
  const { additionalProperties: additional } = schema;
  if (isObject(additional) && lines.length === 0) {
    return `{ [name: string]: ${writeSchemaType(additional, nameReference, indent)} }`;
  }
  // Beside named properties an index signature would have to include their types, so it can only be `unknown`.
  if (additional !== false) lines.push(`${inner}[name: string]: unknown;`);
  return lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("\n")}\n${indent}}`;
}

/** A doc comment of the schema's title or description, with its default; nothing when it says neither. */
export function writeComment(schema: Schema, indent: string): string {
  if (!isObject(schema)) return "";
  const said = [schema.description ?? schema.title].filter((text): text is string => typeof text === "string");
  if (schema.deprecated === true) said.push("@deprecated");
  if (schema.default !== undefined) said.push(`Default: ${JSON.stringify(schema.default)}.`);
  if (said.length === 0) return "";
  // The end of a comment inside one would let a description write code.
  const text = said.join(" ").replaceAll("*/", "*\\/").replace(/\s+/g, " ").trim();
  return `${indent}/** ${text} */\n`;
}

function writeLiteral(value: unknown): string {
  return value === null || ["string", "number", "boolean"].includes(typeof value) ? JSON.stringify(value) : "unknown";
}

const isObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const unique = (types: readonly string[]): string[] => [...new Set(types)];
const group = (type: string): string => (/ [|&] /.test(type) && !/^[[{]/.test(type) ? `(${type})` : type);
const union = (types: readonly string[]): string =>
  types.length === 0 || types.includes("unknown") ? "unknown" : unique(types).join(" | ");
const intersection = (types: readonly string[]): string =>
  types.length === 0
    ? "unknown"
    : unique(types)
        .map((type) => (type.includes(" | ") && !type.startsWith("{") ? `(${type})` : type))
        .join(" & ");
