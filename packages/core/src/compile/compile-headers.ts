import type { Headers, PlaceValue } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { escapePointer } from "../templates/compile-tree.ts";
import { type Place, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type { CompiledEntry, CompiledHeaders } from "./compiled-connector.ts";

/** Field names of RFC 9110, and what may stand in a field value: no control character but the tab. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

/** Framing and connection control belong to the transport; a definition cannot set them. */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** One map of headers with the place where it stands, the outermost first. */
export interface HeaderLayer {
  readonly headers: Headers | undefined;
  readonly pointer: string;
}

/** Compiles the headers of a request: nearer layers win by name, whatever its case; a literal null removes. */
export function compileHeaders(
  templates: TemplateCompiler,
  layers: readonly HeaderLayer[],
  place: Place = places.request,
): CompiledHeaders {
  const merged = new Map<string, { name: string; value: PlaceValue; pointer: string }>();
  let whole: CompiledHeaders["whole"] = null;
  for (const { headers, pointer } of layers) {
    if (headers === undefined) continue;
    if (typeof headers === "string" || Object.hasOwn(headers, "$each")) {
      whole = templates.tree(headers as Json, place, pointer);
      continue;
    }
    for (const [name, value] of Object.entries(headers as Readonly<Record<string, PlaceValue>>)) {
      merged.set(name.toLowerCase(), { name, value, pointer: `${pointer}/${escapePointer(name)}` });
    }
  }
  const fixed: string[] = [];
  const entries: CompiledEntry[] = [];
  for (const { name, value, pointer } of merged.values()) {
    if (value === null) continue;
    checkHeaderName(name, pointer);
    const compiled = templates.tree(value as Json, place, pointer);
    if (compiled.node.kind === "literal") {
      const text = writeHeaderValue(name, compiled.node.value);
      if (text !== undefined) fixed.push(name, text);
    } else entries.push(Object.freeze({ name, value: compiled, pointer }));
  }
  return Object.freeze({
    fixed: Object.freeze(fixed),
    entries: Object.freeze(entries),
    whole,
    contentType: merged.has("content-type"),
  });
}

/** Refuses names that are no field names, and those that belong to the transport. */
export function checkHeaderName(name: string, pointer: string): void {
  if (TOKEN.test(name) && !RESERVED.has(name.toLowerCase())) return;
  throw new ConnectorError("VALUE_REFUSED", `"${name}" at ${pointer} cannot be set as a header.`, {
    hint: RESERVED.has(name.toLowerCase()) ? "The transport sets it." : "A field name has letters, digits and hyphens.",
  });
}

/**
 * Writes a header value: text as it is, a list joined by `, `; undefined and null send nothing. Control characters, which
 * could start another header, and characters beyond Latin-1 are refused.
 */
export function writeHeaderValue(name: string, value: unknown, pointer?: string): string | undefined {
  if (typeof value === "string") {
    if (!FORBIDDEN.test(value)) return value;
    throw new ConnectorError(
      "VALUE_REFUSED",
      `The value of the header "${name}" holds a character that headers cannot.`,
      {
        hint: "Remove line ends and control characters; encode text beyond Latin-1 (urlencode, base64_encode).",
        ...(pointer !== undefined && { details: [{ pointer, message: "holds a character that headers cannot" }] }),
      },
    );
  }
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => writeHeaderValue(name, item, pointer)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items.join(", ");
  }
  throw new ConnectorError("VALUE_REFUSED", `The value of the header "${name}" is an object.`, {
    hint: "Write it as text, for instance with tojson.",
    ...(pointer !== undefined && { details: [{ pointer, message: "is an object" }] }),
  });
}
