import { EgressError } from "./errors.ts";
import { readHeaderName } from "./header-name.ts";

/** Holds request headers: flat `[name, value, …]`, or a record. */
export type RequestHeaders = readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** Holds response headers: lower-case names; a header that came more than once is an array. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Holds a request body. An async iterable is streamed and can't be sent twice, so a redirect that would repeat it is refused. */
export type RequestBody = string | Uint8Array | AsyncIterable<Uint8Array | string> | null;

/** Names what is a credential beyond the standard headers, so that it is dropped when a redirect leaves the origin. */
export interface SensitiveNames {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
}

/** Belong to one connection and are written by egress itself; a caller that sets one is told so. RFC 9110 section 7.6.1. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Belong to one connection and are left out of an answer that is passed on. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Brings both forms of request headers into a flat array of its own; refuses what can't be sent. */
export function flattenHeaders(headers: RequestHeaders | undefined): string[] {
  const flat: string[] = [];
  if (headers === undefined) return flat;
  if (isFlat(headers)) {
    if (headers.length % 2 !== 0) throw invalid("The flat header array has a name without a value.");
    for (const entry of headers) flat.push(entry);
  } else {
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value === "string") flat.push(name, value);
      else for (const item of value) flat.push(name, item);
    }
  }
  for (let i = 0; i < flat.length; i += 2) checkHeader(flat[i], flat[i + 1]);
  return flat;
}

function isFlat(headers: RequestHeaders): headers is readonly string[] {
  return Array.isArray(headers);
}

function checkHeader(name: unknown, value: unknown): void {
  if (typeof name !== "string" || !TOKEN.test(name)) throw invalid(`"${String(name)}" is not a header name.`);
  if (CONNECTION_HEADERS.has(name.toLowerCase())) {
    throw invalid(`The header ${name} belongs to the connection and can't be set.`, "Leave it out; egress writes it.");
  }
  if (typeof value !== "string" || !VALUE.test(value)) {
    throw invalid(
      `The value of the header ${name} has characters that can't be sent.`,
      "Encode it, for instance as RFC 8187 says.",
    );
  }
}

function invalid(message: string, hint?: string): EgressError {
  return new EgressError("EGRESS_REQUEST_INVALID", message, hint === undefined ? {} : { hint });
}

/**
 * Refuses headers that would redirect a prepared request to another server. Everything else that is malformed is refused by
 * undici as it writes; this runs per pass-through call, so it looks at lengths first.
 */
export function findForbiddenHeader(headers: readonly string[]): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (name === undefined) continue;
    if ((name.length === 4 || name.length === 10) && CONNECTION_HEADERS.has(name.toLowerCase())) return name;
  }
  return undefined;
}

/** Decodes a raw response head into a record with lower-case names. */
export function readHeaders(raw: readonly Buffer[]): ResponseHeaders {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = readHeaderName(raw[i]);
    const value = decode(raw[i + 1]);
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (typeof known === "string") headers[name] = [known, value];
    else known.push(value);
  }
  return headers;
}

/** Decodes a raw response head into a flat array with lower-case names and without hop-by-hop headers. */
export function readEndToEndHeaders(raw: readonly Buffer[]): string[] {
  const flat: string[] = [];
  let named: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = readHeaderName(raw[i]);
    if (HOP_BY_HOP.has(name)) {
      if (name === "connection") named = named === undefined ? decode(raw[i + 1]) : `${named},${decode(raw[i + 1])}`;
    } else {
      flat.push(name, decode(raw[i + 1]));
    }
  }
  return named === undefined || named === "keep-alive" || named === "close" ? flat : dropNamed(flat, named);
}

/** Drops the headers that a Connection header names (RFC 9110 section 7.6.1). */
function dropNamed(flat: readonly string[], connection: string): string[] {
  const names = new Set(
    connection
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
  return flat.filter((_, i) => !names.has(flat[i & ~1] ?? ""));
}

function decode(bytes: Buffer | undefined): string {
  return bytes === undefined ? "" : bytes.toString("latin1");
}

/** Reads the first value of a header. */
export function firstValue(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}
