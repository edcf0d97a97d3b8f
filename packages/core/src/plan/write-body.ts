import { formatJson } from "@junctor/jinja";
import type { BodyFormat } from "../compile/compiled-connector.ts";
import { type FileValue, isFile } from "../compile/file-input.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { percentEncode } from "../templates/encode-url.ts";
import type { PlannedBody } from "./plan.ts";

/**
 * Writes a rendered body for its content type. Undefined is no body. `boundary` separates the parts of a multipart body
 * and must not occur in them; the caller takes a random one.
 */
export function writeBody(format: BodyFormat, value: unknown, pointer: string, boundary: string): PlannedBody | null {
  if (value === undefined) return null;
  switch (format) {
    case "json":
      return { kind: "text", text: writeJson(value) };
    case "form":
      return { kind: "text", text: writeForm(value, pointer) };
    case "multipart":
      return writeMultipart(value, pointer, boundary);
    case "xml":
    case "text":
      return isFile(value) ? { kind: "file", file: value } : { kind: "text", text: writeText(value, pointer) };
    case "binary":
      return writeBinary(value, pointer);
  }
}

/** Writes JSON without blanks; integers beyond 2^53 keep their digits. */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    if (error instanceof TypeError) return formatJson(value, { compact: true, ascii: false });
    throw error;
  }
}

function writeText(value: unknown, pointer: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw refuse(`The body at ${pointer} is not text.`, "Write it as text, for instance with tojson.");
}

function writeForm(value: unknown, pointer: string): string {
  const pairs: string[] = [];
  for (const [name, member] of members(value, pointer)) {
    const key = encodeForm(name);
    for (const item of Array.isArray(member) ? member : [member]) {
      const text = scalarText(item, name, pointer);
      if (text !== undefined) pairs.push(`${key}=${encodeForm(text)}`);
    }
  }
  return pairs.join("&");
}

const encodeForm = (text: string): string => percentEncode(text).replaceAll("%20", "+");

function writeMultipart(value: unknown, pointer: string, boundary: string): PlannedBody {
  const parts: (string | FileValue)[] = [];
  const add = (text: string): void => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + text;
    else parts.push(text);
  };
  for (const [name, member] of members(value, pointer)) {
    for (const item of Array.isArray(member) ? member : [member]) {
      const part = readPart(item, name, pointer);
      if (part === undefined) continue;
      const file = part.filename === null ? "" : `; filename="${escapeParameter(part.filename)}"`;
      const type = part.contentType === null ? "" : `Content-Type: ${refuseControls(part.contentType, pointer)}\r\n`;
      add(`--${boundary}\r\nContent-Disposition: form-data; name="${escapeParameter(name)}"${file}\r\n${type}\r\n`);
      if (typeof part.content === "string") add(part.content);
      else parts.push(part.content);
      add("\r\n");
    }
  }
  add(`--${boundary}--\r\n`);
  const [only] = parts;
  return parts.length === 1 && typeof only === "string" ? { kind: "text", text: only } : { kind: "multipart", parts };
}

interface Part {
  readonly content: string | FileValue;
  readonly filename: string | null;
  readonly contentType: string | null;
}

const PART_KEYS: ReadonlySet<string> = new Set(["value", "filename", "contentType"]);

/** A part is a plain value, a file, or the long form `{ value, filename, contentType }`. */
function readPart(item: unknown, name: string, pointer: string): Part | undefined {
  if (item === null || item === undefined) return undefined;
  if (isFile(item)) return { content: item, filename: item.name ?? name, contentType: item.mediaType };
  if (typeof item !== "object" || Array.isArray(item)) {
    return { content: scalarText(item, name, pointer) ?? "", filename: null, contentType: null };
  }
  const long = item as Readonly<Record<string, unknown>>;
  if (!Object.keys(long).every((key) => PART_KEYS.has(key))) {
    throw refuse(`The part "${name}" at ${pointer} is an object.`, "Write it as text, for instance with tojson.");
  }
  const { value, filename, contentType } = long;
  if (value === undefined || value === null) return undefined;
  const inner = isFile(value) ? readPart(value, name, pointer) : undefined;
  return {
    content:
      inner?.content ?? (typeof value === "object" ? writeJson(value) : (scalarText(value, name, pointer) ?? "")),
    filename: typeof filename === "string" ? filename : (inner?.filename ?? null),
    contentType: typeof contentType === "string" ? contentType : (inner?.contentType ?? null),
  };
}

function writeBinary(value: unknown, pointer: string): PlannedBody | null {
  if (value === null) return null;
  if (isFile(value)) return { kind: "file", file: value };
  if (typeof value === "string") return { kind: "text", text: value };
  throw refuse(`The body at ${pointer} is neither a file nor text.`, "Its content type wants one of them.");
}

function members(value: unknown, pointer: string): readonly (readonly [string, unknown])[] {
  if (value !== null && typeof value === "object" && !Array.isArray(value) && !isFile(value))
    return Object.entries(value);
  throw refuse(`The body at ${pointer} is no object.`, "Its content type wants a flat object: name to value.");
}

function scalarText(value: unknown, name: string, pointer: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw refuse(
    `The field "${name}" at ${pointer} holds a list or an object.`,
    "Write it as text, for instance with tojson.",
  );
}

/** As browsers do it (WHATWG, multipart/form-data encoding): quotes and line ends are percent-encoded. */
function escapeParameter(text: string): string {
  return text.replace(/["\r\n]/g, (character) => ({ '"': "%22", "\r": "%0D", "\n": "%0A" })[character] as string);
}

function refuseControls(text: string, pointer: string): string {
  if (!/[\r\n]/.test(text)) return text;
  throw refuse(`A content type at ${pointer} holds a line end.`, "Remove it.");
}

const refuse = (message: string, hint: string): ConnectorError =>
  new ConnectorError("VALUE_REFUSED", message, { hint });
