import type { Query, QueryParameter, QueryValue } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { escapePointer } from "../templates/compile-tree.ts";
import { ParameterError, type ParameterSettings, writeParameter } from "../templates/parameter-style.ts";
import { type Place, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type { CompiledQuery, CompiledQueryEntry, QueryStyle } from "./compiled-connector.ts";

/** One map of query parameters with the place where it stands, the outermost first. */
export interface QueryLayer {
  readonly query: Query | undefined;
  readonly pointer: string;
}

/** The short form: a list is a repeated parameter, an object an error. */
export const SHORT_FORM: QueryStyle = Object.freeze({
  style: "form",
  explode: true,
  allowReserved: false,
  objects: false,
});

/** Compiles the query of a request: nearer layers win by name; a literal null removes. */
export function compileQuery(
  templates: TemplateCompiler,
  layers: readonly QueryLayer[],
  place: Place = places.request,
): CompiledQuery {
  const merged = new Map<string, { value: QueryValue; pointer: string }>();
  let whole: CompiledQuery["whole"] = null;
  for (const { query, pointer } of layers) {
    if (query === undefined) continue;
    if (typeof query === "string" || Object.hasOwn(query, "$each")) {
      whole = templates.tree(query as Json, place, pointer);
      continue;
    }
    for (const [name, value] of Object.entries(query as Readonly<Record<string, QueryValue>>)) {
      merged.set(name, { value, pointer: `${pointer}/${escapePointer(name)}` });
    }
  }
  const parts: (string | CompiledQueryEntry)[] = [];
  for (const [name, { value, pointer }] of merged) {
    if (value === null) continue;
    const part = compileParameter(templates, name, value, place, pointer);
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = `${last}&${part}`;
    else if (part !== "") parts.push(part);
  }
  return Object.freeze({ parts: Object.freeze(parts), whole });
}

function compileParameter(
  templates: TemplateCompiler,
  name: string,
  written: QueryValue,
  place: Place,
  pointer: string,
): string | CompiledQueryEntry {
  const style = readStyle(written);
  const json = (style === SHORT_FORM ? written : (written as QueryParameter).value) as Json;
  const value = templates.tree(json, place, style === SHORT_FORM ? pointer : `${pointer}/value`);
  if (value.node.kind === "literal") return writeQueryValue(name, value.node.value, style);
  return Object.freeze({ name, value, pointer, style });
}

function readStyle(written: QueryValue): QueryStyle {
  if (written === null || typeof written !== "object" || Array.isArray(written)) return SHORT_FORM;
  if (Object.hasOwn(written, "$each")) return SHORT_FORM;
  const { style = "form", explode, allowReserved = false } = written as QueryParameter;
  return Object.freeze({
    style,
    explode: explode ?? (style === "form" || style === "deepObject"),
    allowReserved,
    objects: true,
  });
}

/** Writes one query parameter, encoded, without `?` or `&`; an empty text where nothing is to be sent. */
export function writeQueryValue(name: string, value: unknown, style: QueryStyle): string {
  if (!style.objects && value !== null && typeof value === "object" && !Array.isArray(value)) {
    throw refuse(name, "it is an object");
  }
  try {
    return writeParameter(name, value, { ...style, encode: true } satisfies ParameterSettings);
  } catch (error) {
    throw error instanceof ParameterError ? refuse(name, error.message) : error;
  }
}

const refuse = (name: string, reason: string): ConnectorError =>
  new ConnectorError("VALUE_REFUSED", `The query parameter "${name}" cannot be written: ${reason}.`, {
    hint: 'Name a member, or use the long form with a style: { "value": …, "style": "deepObject" }.',
  });
