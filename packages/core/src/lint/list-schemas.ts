import type { ConnectorDefinition, Schema, SchemaAnnotations } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** A schema object with its keywords. */
export type SchemaObject = { readonly [keyword: string]: unknown } & SchemaAnnotations;

/** What a schema describes. */
export type SchemaRole = "parameters" | "input" | "output" | "shared";

/** A schema or subschema of the definition. */
export interface SchemaSite {
  readonly pointer: string;
  readonly schema: SchemaObject;
  readonly role: SchemaRole;
  /** 0 for the schema of an input, an output or the parameters itself. */
  readonly depth: number;
  /** Name of the property that it describes, where it is one. */
  readonly property: string | null;
}

const SINGLE = [
  "items",
  "additionalProperties",
  "contains",
  "not",
  "if",
  "then",
  "else",
  "propertyNames",
  "unevaluatedProperties",
  "unevaluatedItems",
];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "dependentSchemas", "$defs"];

/** Lists all schemas of a definition, outermost first. References are listed where they stand, not followed. */
export const listSchemas = (definition: ConnectorDefinition): readonly SchemaSite[] => {
  const sites: SchemaSite[] = [];
  const visit = (schema: unknown, pointer: string, role: SchemaRole, depth: number, property: string | null): void => {
    if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return;
    const object = schema as SchemaObject;
    sites.push({ pointer, schema: object, role, depth, property });
    for (const keyword of SINGLE) visit(object[keyword], `${pointer}/${keyword}`, role, depth + 1, null);
    for (const keyword of LISTS) {
      for (const [index, part] of ((object[keyword] as readonly unknown[] | undefined) ?? []).entries()) {
        visit(part, extendPointer(pointer, keyword, index), role, depth + 1, null);
      }
    }
    for (const keyword of MAPS) {
      for (const [name, part] of Object.entries(
        (object[keyword] as Readonly<Record<string, unknown>> | undefined) ?? {},
      )) {
        visit(part, extendPointer(pointer, keyword, name), role, depth + 1, keyword === "properties" ? name : null);
      }
    }
  };
  const root = (schema: Schema | undefined, pointer: string, role: SchemaRole): void =>
    visit(schema, pointer, role, 0, null);
  root(definition.connection?.parameters, "/connection/parameters", "parameters");
  for (const [index, method] of (definition.connection?.auth ?? []).entries()) {
    root(method.parameters, extendPointer("/connection/auth", index, "parameters"), "parameters");
  }
  for (const kind of ["actions", "triggers"] as const) {
    for (const [name, part] of Object.entries(definition[kind] ?? {})) {
      root(part.input, extendPointer("", kind, name, "input"), "input");
      root(part.output, extendPointer("", kind, name, "output"), "output");
    }
  }
  for (const [name, schema] of Object.entries(definition.$defs ?? {}))
    root(schema, extendPointer("/$defs", name), "shared");
  return sites;
};
