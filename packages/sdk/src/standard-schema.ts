import type { Schema } from "./definition.generated.ts";

/** The version of JSON Schema that definitions use, as Standard JSON Schema names it. */
export type JsonSchemaTarget = "draft-2020-12";

/**
 * A schema object of any library that follows Standard JSON Schema (https://standardschema.dev): it can say itself as JSON
 * Schema, and it carries the TypeScript types of what it accepts and yields.
 */
export interface StandardJsonSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>;
      readonly output: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>;
    };
  };
}

/** A schema as an author may give it: plain JSON Schema, or an object of a schema library. */
export type SchemaSource = Schema | StandardJsonSchema;

/** Gives the type that a schema source accepts: from the library's types, `unknown` for plain JSON Schema. */
export type InputOf<Source> = Source extends StandardJsonSchema<infer Input, infer _Output> ? Input : unknown;

/** Gives the type that a schema source yields, which is what code behind validation sees. */
export type OutputOf<Source> = Source extends StandardJsonSchema<infer _Input, infer Output> ? Output : unknown;

/** Tells an object of a schema library from plain JSON Schema. */
export const isStandardJsonSchema = (source: unknown): source is StandardJsonSchema =>
  (typeof source === "object" || typeof source === "function") && source !== null && "~standard" in source;

/** Gives the JSON Schema (2020-12) of what `source` accepts (`input`) or yields (`output`), without its `$schema` member. */
export const toJsonSchema = (source: SchemaSource, side: "input" | "output"): Schema => {
  if (!isStandardJsonSchema(source)) return source;
  const { $schema: _version, ...schema } = source["~standard"].jsonSchema[side]({ target: "draft-2020-12" });
  return schema;
};
