import type { Schema } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";

/**
 * Files in an input. Templates see plain data (`name`, `mediaType`, `size`); the content hangs on a symbol, which no
 * template can reach and no JSON writer prints. A surface makes one with {@link createFile}; a caller without files in
 * its wire format sends `{ "base64": "…", "name"?: "…", "mediaType"?: "…" }`, or the base64 text alone.
 */
export interface FileValue {
  readonly name: string | null;
  readonly mediaType: string;
  /** Bytes; null while unknown. */
  readonly size: number | null;
  readonly [FILE_CONTENT]: () => AsyncIterable<Uint8Array>;
}

const FILE_CONTENT: unique symbol = Symbol("file content");

/** Makes a file out of something that can be read once. */
export function createFile(
  content: () => AsyncIterable<Uint8Array>,
  about: { readonly name?: string | null; readonly mediaType?: string; readonly size?: number | null } = {},
): FileValue {
  const file = {
    name: about.name ?? null,
    mediaType: about.mediaType ?? "application/octet-stream",
    size: about.size ?? null,
    [FILE_CONTENT]: content,
  };
  Object.defineProperty(file, "toJSON", { value: refuseJson });
  return Object.freeze(file);
}

/** Called by `JSON.stringify`: what it would print is not the file. */
function refuseJson(): never {
  throw new ConnectorError("VALUE_REFUSED", "A file cannot stand inside JSON.", {
    hint: "Send it as a multipart part, or as the whole body with its own content type.",
  });
}

export function isFile(value: unknown): value is FileValue {
  return value !== null && typeof value === "object" && Object.hasOwn(value, FILE_CONTENT);
}

export function openFile(file: FileValue): AsyncIterable<Uint8Array> {
  return file[FILE_CONTENT]();
}

type SchemaObject = Exclude<Schema, boolean>;

/** Lets the three forms of a file pass where the schema says `"format": "binary"`. */
export function acceptFiles(schema: Schema): { readonly schema: Schema; readonly files: boolean } {
  const found = { files: false };
  const rewritten = rewrite(schema, found, 0);
  return { schema: found.files ? rewritten : schema, files: found.files };
}

function rewrite(schema: Schema, found: { files: boolean }, depth: number): Schema {
  if (typeof schema === "boolean" || schema === null || depth > 50) return schema;
  if (schema.format === "binary") {
    found.files = true;
    const { type: _type, format: _format, ...rest } = schema as Record<string, unknown>;
    return { ...rest, type: ["string", "object"] };
  }
  const copy: Record<string, unknown> = { ...schema };
  if (schema.properties !== undefined) {
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, rewrite(part, found, depth + 1)]),
    );
  }
  if (schema.items !== undefined) copy.items = rewrite(schema.items, found, depth + 1);
  for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
    const parts = schema[keyword];
    if (parts !== undefined) copy[keyword] = parts.map((part) => rewrite(part, found, depth + 1));
  }
  return copy as SchemaObject;
}

/** Turns what a caller sent for a file into a {@link FileValue}; the input is copied only where a file stands. */
export function readFiles(value: Json, schema: Schema, pointer = ""): Json {
  if (typeof schema === "boolean") return value;
  if (schema.format === "binary") return readFile(value, pointer) as unknown as Json;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item, index) => readFiles(item, items, `${pointer}/${index}`));
  }
  if (isFile(value)) return value;
  const copy: Record<string, Json> = { ...(value as Readonly<Record<string, Json>>) };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const member = copy[name];
    if (member !== undefined) copy[name] = readFiles(member, part, `${pointer}/${name}`);
  }
  return [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].reduce<Json>(
    (current, part) => readFiles(current, part, pointer),
    copy,
  );
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function readFile(value: Json, pointer: string): FileValue {
  if (isFile(value)) return value;
  const given = typeof value === "string" ? { base64: value } : (value as Readonly<Record<string, Json>>);
  const { base64, name, mediaType } = given;
  if (typeof base64 !== "string" || !BASE64.test(base64)) {
    throw new ConnectorError("INPUT_INVALID", `The input ${pointer} is not a file.`, {
      details: [
        { pointer, message: "It is not a file.", hint: 'Send { "base64": "…", "name": "…", "mediaType": "…" }.' },
      ],
    });
  }
  const bytes = Buffer.from(base64, "base64");
  return createFile(() => once(bytes), {
    name: typeof name === "string" ? name : null,
    size: bytes.length,
    ...(typeof mediaType === "string" && { mediaType }),
  });
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
