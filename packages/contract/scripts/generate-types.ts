import { compile } from "json-schema-to-typescript";
import type { Route } from "../src/route.ts";
import { routes } from "../src/routes.ts";
import type { Schema } from "../src/schemas/schema.ts";
import { schemas } from "../src/schemas.ts";

const banner = "// Made by packages/contract/scripts/generate-types.ts; `npm run generate` makes it again.\n";

/** Makes the TypeScript types of the API's schemas and of each route's parameters, body and answer. */
export async function generate(): Promise<Record<string, string>> {
  const types = await compileSchemas();
  const operations = Object.values<Route>(routes).map(describeOperation).join("\n");
  return {
    "packages/contract/src/types.generated.ts": `${banner}\n${types}\n/** What each route takes and answers, by its id. */\nexport interface Operations {\n${operations}\n}\n`,
  };
}

async function compileSchemas(): Promise<string> {
  const definitions = JSON.parse(
    JSON.stringify(schemas).replaceAll("#/components/schemas/", "#/$defs/"),
    typeAnything,
  ) as Schema;
  const source = await compile({ $defs: definitions, type: "object", title: "Unused" }, "Unused", {
    additionalProperties: true,
    bannerComment: "",
    unreachableDefinitions: true,
    unknownAny: true,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  });
  const withoutRoot = source.replace(/export interface Unused \{[^}]*\}\n/, "");
  return makeReadonly(dropOrigins(withoutRoot));
}

/** The compiler takes a schema that says nothing for an object; it means any value. */
function typeAnything(_key: string, value: unknown): unknown {
  const saysNothing = typeof value === "object" && value !== null && Object.keys(value).join() === "description";
  return saysNothing ? { ...value, tsType: "unknown" } : value;
}

/** The compiler says which definition a type came from; that is noise in a doc comment. */
function dropOrigins(source: string): string {
  return source
    .replaceAll(/\/\*\*\n \* This interface was referenced by `[^\n]*\n \* via the `definition` "[^\n]*\n \*\/\n/g, "")
    .replaceAll(/ \*\n \* This interface was referenced by `[^\n]*\n \* via the `definition` "[^\n]*\n/g, "");
}

/** Data of the API is never changed in place. */
function makeReadonly(source: string): string {
  return source
    .replaceAll(/^( +)(\w+\??:)(?= |$)/gm, "$1readonly $2")
    .replaceAll(/^( +)(\[k: string\]: )/gm, "$1readonly $2")
    .replaceAll(/: ([A-Za-z]+)\[\];/g, ": readonly $1[];");
}
function describeOperation(route: Route): string {
  const lines = [
    `  /** ${route.summary}: \`${route.method} ${route.path}\`. */`,
    `  readonly ${route.id}: {`,
    `    readonly parameters: ${describeParameters(route.parameters ?? {}, "")};`,
    `    readonly query: ${describeParameters(route.query ?? {}, "?")};`,
    `    readonly body: ${describeBody(route)};`,
    `    readonly answer: ${route.answer.schema ?? (route.answer.contentType === undefined ? "undefined" : "string")};`,
    "  };",
  ];
  return lines.join("\n");
}

function describeBody({ body }: Route): string {
  if (body === undefined) return "undefined";
  return body.required === false ? `${body.schema} | undefined` : body.schema;
}

function describeParameters(parameters: Readonly<Record<string, Schema>>, mark: "" | "?"): string {
  const members = Object.entries(parameters).map(
    ([name, schema]) => `readonly ${name}${mark}: ${describeType(schema)}`,
  );
  return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
}

function describeType(schema: Schema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  return schema.type === "integer" || schema.type === "number" ? "number" : String(schema.type);
}
