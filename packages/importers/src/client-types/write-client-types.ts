import { writeComment, writeSchemaType } from "./write-schema-type.ts";

/** What the generator reads of a definition. */
export interface TypedConnector {
  readonly name: string;
  readonly actions?: Readonly<
    Record<
      string,
      { readonly description?: string; readonly hidden?: boolean; readonly input?: unknown; readonly output?: unknown }
    >
  >;
  readonly $defs?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a TypeScript module with the input and output types of all actions, for `createClient<Connectors>()` of
 * `@junctor/client`. Hidden actions are left out. The text depends on the definitions alone and is stable.
 */
export function writeClientTypes(connectors: readonly TypedConnector[]): string {
  const sorted = [...connectors].sort((a, b) => (a.name < b.name ? -1 : 1));
  const schemas = sorted.flatMap(writeNamedSchemas);
  const entries = sorted.map(writeConnector);
  return [
    "// Written by `junctor types` from the schemas of the connectors. Do not edit.",
    "",
    ...schemas,
    "/** Connectors, their actions, and what each takes and gives. */",
    `export interface Connectors {\n${entries.join("\n")}\n}`,
    "",
  ].join("\n");
}

function writeConnector(connector: TypedConnector): string {
  const name = nameReferences(connector);
  const actions = Object.entries(connector.actions ?? {}).filter(([, action]) => action.hidden !== true);
  const lines = actions.map(([action, { input, output, ...described }]) => {
    const given = input === undefined ? "Record<string, never>" : writeSchemaType(closeTopLevel(input), name, "      ");
    const taken = output === undefined ? "unknown" : writeSchemaType(output, name, "      ");
    return `${writeComment(described, "    ")}    ${JSON.stringify(action)}: {\n      input: ${given};\n      output: ${taken};\n    };`;
  });
  return `  ${JSON.stringify(connector.name)}: {\n${lines.join("\n")}\n  };`;
}

/** An input is closed at the top level unless it says otherwise (definition section 1). */
function closeTopLevel(input: unknown): unknown {
  if (typeof input !== "object" || input === null || "additionalProperties" in input || "$ref" in input) return input;
  return { ...input, additionalProperties: false };
}

function writeNamedSchemas(connector: TypedConnector): string[] {
  const name = nameReferences(connector);
  return Object.entries(connector.$defs ?? {}).map(([key, schema]) => {
    const type = name(`#/$defs/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    return `${writeComment(schema, "")}export type ${type} = ${writeSchemaType(schema, name)};\n`;
  });
}

/** `#/$defs/line-item` of `book-shop` → `BookShopLineItem`; names that would collide get a number. */
function nameReferences({ name, $defs = {} }: TypedConnector): (reference: string) => string {
  const names = new Map<string, string>();
  for (const key of Object.keys($defs)) {
    const wanted = pascal(`${name}-${key}`);
    let chosen = wanted;
    for (let count = 2; [...names.values()].includes(chosen); count += 1) chosen = `${wanted}${count}`;
    names.set(key, chosen);
  }
  return (reference) => {
    const key = /^#\/\$defs\/([^/]+)$/.exec(reference)?.[1]?.replaceAll("~1", "/").replaceAll("~0", "~");
    return (key === undefined ? undefined : names.get(decodeURIComponent(key))) ?? "unknown";
  };
}

const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== "")
    .map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`)
    .join("")
    .replace(/^\d/, "_$&");
