import { readFileSync } from "node:fs";

/**
 * Generates the TypeScript types of the definition from its JSON Schemas.
 *
 * Own code because the usual generators turn `patternProperties: { "^x-" }` into an index signature over every key, which
 * makes misspelt keys type-check. Here it becomes `` [extension: `x-${string}`]: unknown `` and objects stay closed.
 *
 * Reads: object, properties, required, patternProperties `^x-`, additionalProperties, allOf of `$ref` (extends), anyOf and
 * oneOf (union), if/then/else (union of the branches), enum, const, `false` (never), arrays, type lists.
 */
type Schema = false | SchemaObject;
interface SchemaObject {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | true;
  readonly unevaluatedProperties?: boolean;
  readonly items?: Schema;
  readonly allOf?: readonly SchemaObject[];
  readonly anyOf?: readonly SchemaObject[];
  readonly oneOf?: readonly SchemaObject[];
  readonly if?: SchemaObject;
  readonly then?: SchemaObject;
  readonly else?: SchemaObject;
  readonly $defs?: Readonly<Record<string, SchemaObject>>;
}

/** Named schemas whose TypeScript form cannot be read off their keywords. */
const written: Readonly<Record<string, string>> = {
  Tree: "null | boolean | number | string | readonly Tree[] | Each | TreeObject",
  TreeObject: "{ readonly [member: string]: Tree }",
  Schema: "boolean | ({ readonly [keyword: string]: unknown } & SchemaAnnotations)",
};

const comment = (schema: SchemaObject, indent: string): string => {
  if (schema.description === undefined) return "";
  const fallback =
    schema.default === undefined || schema.description.includes("Default:")
      ? ""
      : ` Default: ${JSON.stringify(schema.default)}.`;
  return `${indent}/** ${schema.description.replaceAll("*/", "* /")}${fallback} */\n`;
};

const literal = (value: unknown): string => JSON.stringify(value);

/** Branches of anyOf/oneOf that describe shapes; `{ "required": [...] }` alone only constrains. */
const shapes = (schemas: readonly SchemaObject[] | undefined): readonly SchemaObject[] =>
  (schemas ?? []).filter((schema) => schema.required === undefined || schema.type !== undefined);

const unique = (parts: readonly string[]): string => [...new Set(parts)].join(" | ");

const objectBody = (schema: SchemaObject, indent: string): string => {
  const lines: string[] = [];
  const inner = `${indent}  `;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const optional = schema.required?.includes(name) ? "" : "?";
    const key = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : literal(name);
    const doc = property === false ? "" : comment(property, inner);
    lines.push(`${doc}${inner}readonly ${key}${optional}: ${typeOf(property, inner)};`);
  }
  if (schema.patternProperties?.["^x-"] !== undefined) {
    lines.push(`${inner}readonly [extension: \`x-\${string}\`]: unknown;`);
  }
  const rest = schema.additionalProperties;
  if (rest === true) lines.push(`${inner}readonly [name: string]: unknown;`);
  if (typeof rest === "object") lines.push(`${inner}readonly [name: string]: ${typeOf(rest, inner)};`);
  return `{\n${lines.join("\n")}\n${indent}}`;
};

const primitive: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
};

const typeOf = (schema: Schema, indent = ""): string => {
  if (schema === false) return "never";
  // Inside a schema every subschema is a schema; only its annotations are described by a type of their own.
  if (schema.$ref === "#/$defs/SchemaAnnotations") return "Schema";
  if (schema.$ref !== undefined) return schema.$ref.replace(/^.*#\/\$defs\//, "");
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(" | ");
  if (schema.if !== undefined && schema.then !== undefined && schema.else !== undefined && !schema.properties) {
    return unique([typeOf(schema.then, indent), typeOf(schema.else, indent)]);
  }
  const alternatives = [...shapes(schema.anyOf), ...shapes(schema.oneOf)];
  if (alternatives.length > 0 && !schema.properties) return unique(alternatives.map((each) => typeOf(each, indent)));
  if (schema.properties !== undefined || typeof schema.additionalProperties === "object") {
    return objectBody(schema, indent);
  }
  if (schema.type === "array") return `readonly ${bracket(typeOf(schema.items ?? {}, indent))}[]`;
  if (Array.isArray(schema.type)) return schema.type.map((each) => primitive[each] ?? "unknown").join(" | ");
  if (schema.type === "object") return "{ readonly [name: string]: unknown }";
  return primitive[schema.type as string] ?? "unknown";
};

const bracket = (type: string): string => (type.includes(" ") ? `(${type})` : type);

const declaration = (name: string, schema: SchemaObject): string => {
  const doc = comment(schema, "");
  const known = written[name];
  if (known !== undefined) return `${doc}export type ${name} = ${known};`;
  const bases = (schema.allOf ?? []).flatMap((each) => (each.$ref?.startsWith("#/") ? [typeOf(each)] : []));
  const isInterface = schema.properties !== undefined || typeof schema.additionalProperties === "object";
  if (!isInterface) return `${doc}export type ${name} = ${typeOf(schema)};`;
  const heritage = bases.length > 0 ? ` extends ${bases.join(", ")}` : "";
  return `${doc}export interface ${name}${heritage} ${objectBody(schema, "")}`;
};

const readSchema = (file: string): SchemaObject =>
  JSON.parse(readFileSync(new URL(`../schema/${file}`, import.meta.url), "utf8")) as SchemaObject;

const declarations = (root: SchemaObject): string =>
  [
    declaration(root.title ?? "Root", root),
    ...Object.entries(root.$defs ?? {}).map(([n, s]) => declaration(n, s)),
  ].join("\n\n");

const header = (file: string): string =>
  `// Generated from packages/sdk/schema/${file} by packages/sdk/scripts/generate-types.ts. Do not edit: npm run generate\n\n`;

const schemaModule = (file: string, name: string, doc: string): string =>
  `${header(file)}/** ${doc} */\nexport const ${name}: Readonly<Record<string, unknown>> = ${JSON.stringify(readSchema(file))};\n`;

/** Gives the generated files of the SDK by path from the repository root. */
export const generate = async (): Promise<Record<string, string>> => {
  const files: Record<string, string> = {};
  for (const [file, out, constant, doc] of [
    ["connector-v1.json", "definition", "definitionSchema", "JSON Schema of the definition, format version 1."],
    ["connector-v1-short.json", "short-form", "shortFormSchema", "JSON Schema of the short form, format version 1."],
    ["connector-cases-v1.json", "case-file", "caseFileSchema", "JSON Schema of a file of cases, format version 1."],
  ] as const) {
    const text = declarations(readSchema(file));
    const imports = out === "case-file" ? 'import type { Case } from "./definition.generated.ts";\n\n' : "";
    files[`packages/sdk/src/${out}.generated.ts`] = `${header(file)}${imports}${text}\n`;
    files[`packages/sdk/src/${out}-schema.generated.ts`] = schemaModule(file, constant, doc);
  }
  return files;
};
