/**
 * Stage *decode*: bytes → value. What the definition says wins (`response.decode`), else the answer's content type:
 *
 *   json, +json ─► JSON        jsonl, x-ndjson ─► jsonLines     csv ─► csv      xml, +xml ─► xml
 *   x-www-form-urlencoded ─► form      text/* ─► text          none ─► JSON if it looks like it, else text
 *   anything else ─► binary: not read here, streamed to the caller
 */
import { gunzipSync } from "node:zlib";
import { parseJson } from "@junctor/jinja";
import type { DecodeSettings } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "./call-state.ts";
import { cleanAnswer } from "./clean-answer.ts";
import { decodeCsv } from "./decode-csv.ts";
import { decodeXml } from "./decode-xml.ts";
import { type DecodedBody, type KeptBody, keepBody, recallBody } from "./kept-bodies.ts";
import { describeSendFailure } from "./send-failure.ts";
import { readResponseHeader, type UpstreamResponse } from "./upstream-response.ts";

export type DecodeKind = NonNullable<DecodeSettings["type"]>;

/** Says how the answer of this call is to be read. */
export function decodeKind(settings: DecodeSettings | null, response: UpstreamResponse): DecodeKind | "guess" {
  if (settings?.type) return settings.type;
  const header = readResponseHeader(response.headers, "content-type");
  if (header === undefined) return "guess";
  let kind = kinds.get(header);
  if (kind === undefined) {
    kind = readKind(header);
    if (kinds.size < MAX_KINDS) kinds.set(header, kind);
  }
  return kind;
}

/** What content types mean, as they are written: an upstream writes the same few over and over. */
const kinds = new Map<string, DecodeKind | "guess">();
const MAX_KINDS = 200;

function readKind(header: string): DecodeKind | "guess" {
  const type = (header.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (type === "application/json" || type.endsWith("+json") || type === "text/json") return "json";
  if (type === "application/x-ndjson" || type === "application/jsonl" || type === "application/ndjson")
    return "jsonLines";
  if (type === "text/csv" || type === "application/csv") return "csv";
  if (type === "application/xml" || type === "text/xml" || type.endsWith("+xml")) return "xml";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type.startsWith("text/") || type === "application/javascript") return "text";
  return type === "" ? "guess" : "binary";
}

/**
 * Collects and decodes the body, once, and takes out the call's secrets that the upstream echoed. `lenient` keeps the text of
 * an error answer that is not what it claims to be.
 */
export function decodeBody(state: CallState, lenient: boolean): Promise<void> | undefined {
  const response = state.response as UpstreamResponse;
  if (response.decoded) return undefined;
  const settings = state.action.exchange.response.decode;
  if (response.source === null) {
    decodeBytes(state, response, lenient);
    return undefined;
  }
  const ready = readyText(response, settings);
  if (ready === undefined) return readText(response, settings).then((text) => useText(state, response, text, lenient));
  useText(state, response, ready, lenient);
  return undefined;
}

/** Decodes a body that is at hand: one that was collected, or one of the cache, whose JSON is parsed once for all its hits. */
function decodeBytes(state: CallState, response: UpstreamResponse, lenient: boolean): void {
  const { bytes } = response;
  const settings = state.action.exchange.response.decode;
  const known = bytes === null || state.cache === null ? undefined : recallBody(bytes, settings);
  if (known !== undefined) {
    useKept(state, response, known);
    return;
  }
  const text = bytes === null ? "" : decodeText(bytes, settings, response);
  const decoded = text === null ? NOT_TEXT : parseText(state, response, text, lenient);
  if (bytes !== null && state.cache !== null && decoded.jsonText !== null) keepBody(bytes, settings, decoded);
  useDecoded(state, response, decoded);
}

/** The text where nothing has to be waited for. */
function readyText(response: UpstreamResponse, settings: DecodeSettings | null): string | undefined {
  if (readsBytes(settings)) return undefined;
  const text = response.source?.readyText?.();
  if (text !== undefined) response.source = null;
  return text;
}

/** Whether the text is made here, of the bytes. */
const readsBytes = (settings: DecodeSettings | null): boolean =>
  settings !== null && (settings.charset !== null || settings.gzip || settings.utf8);

function useText(state: CallState, response: UpstreamResponse, text: string | null, lenient: boolean): void {
  useDecoded(state, response, text === null ? NOT_TEXT : parseText(state, response, text, lenient));
}

/** Bytes that are no UTF-8, where an imported template reads text. */
const NOT_TEXT: DecodedBody = Object.freeze({ text: "", kind: "text", body: null, jsonText: null, longNumbers: false });

function useDecoded(state: CallState, response: UpstreamResponse, decoded: DecodedBody): void {
  takeDecoded(state, response, decoded);
  clean(state, response, decoded);
}

/** Bytes of the cache don't change: they are searched again only for a secret that nobody has looked for. */
function useKept(state: CallState, response: UpstreamResponse, kept: KeptBody): void {
  takeDecoded(state, response, kept.decoded);
  if (kept.searched !== null && state.redaction.isCoveredBy(kept.searched)) return;
  if (clean(state, response, kept.decoded)) kept.searched = state.redaction.copy();
}

function takeDecoded(state: CallState, response: UpstreamResponse, decoded: DecodedBody): void {
  response.text = decoded.text;
  response.body = decoded.body;
  response.jsonText = decoded.jsonText;
  response.decoded = true;
  if (decoded.longNumbers) state.longNumbers = true;
}

function clean(state: CallState, response: UpstreamResponse, { kind }: DecodedBody): boolean {
  return cleanAnswer(state.redaction, response, kind, state.action.exchange.response.decode?.charset ?? null);
}

function parseText(state: CallState, response: UpstreamResponse, text: string, lenient: boolean): DecodedBody {
  const settings = state.action.exchange.response.decode;
  const kind = decodeKind(settings, response);
  const plain = { text, kind, jsonText: null, longNumbers: false };
  if (text === "" || response.status === 204 || response.status === 205) {
    return { ...plain, body: kind === "text" ? "" : null };
  }
  try {
    // The common case first: plain JSON.
    if (kind === "json" && !hasLongNumber(text)) {
      const json = withoutMark(text);
      return { text, kind, body: JSON.parse(json), jsonText: json, longNumbers: false };
    }
    return { ...plain, body: parseBody(kind, text, settings), longNumbers: hasLongNumber(text) };
  } catch (error) {
    if (!lenient) throw describeDecodeFailure(kind, response, error);
    return { ...plain, body: text };
  }
}

/** Parses text of a known kind. */
export function parseBody(kind: DecodeKind | "guess", text: string, settings: DecodeSettings | null): unknown {
  switch (kind) {
    case "json":
      return decodeJson(text);
    case "jsonLines":
      return text
        .split(/\r\n|\n/)
        .filter((line) => line.trim() !== "")
        .map(decodeJson);
    case "csv":
      return decodeCsv(text, settings);
    case "xml":
      return decodeXml(text, settings?.lists ?? []);
    case "form":
      return decodeForm(text);
    case "guess":
      return /^\s*[[{]/.test(text) ? decodeJson(text) : text;
    case "text":
    case "binary":
      return text;
  }
}

/** Integers beyond 2^53 come as `bigint`, so that no digit of an id is lost. */
function decodeJson(text: string): unknown {
  return hasLongNumber(text) ? parseJson(withoutMark(text)) : JSON.parse(withoutMark(text));
}

/** So many digits in a row may be an integer that a JavaScript number cannot hold. */
const LONG = 16;

/** Whether a text has a long row of digits. Each of them covers a multiple of its length, so one character in sixteen is read. */
export function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    let end = at;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end === at) continue;
    let start = at;
    while (start > 0 && isDigit(text.charCodeAt(start - 1))) start -= 1;
    if (end - start >= LONG) return true;
  }
  return false;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Some upstreams begin JSON with a byte order mark, which its grammar does not allow. */
const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

function decodeForm(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const present = values[name];
    if (Array.isArray(present)) present.push(value);
    else values[name] = present === undefined ? value : [present, value];
  }
  return { ...values };
}

async function readText(response: UpstreamResponse, settings: DecodeSettings | null): Promise<string | null> {
  const source = response.source as NonNullable<UpstreamResponse["source"]>;
  response.source = null;
  try {
    if (!readsBytes(settings)) return await source.text();
    response.bytes = await source.bytes();
  } catch (failure) {
    throw describeSendFailure(failure).error;
  }
  return decodeText(response.bytes, settings, response);
}

const MAX_UNPACKED = 64 * 1024 * 1024;
const UTF8 = new TextDecoder();
const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Null: the bytes are not the UTF-8 that alone is text to an imported template. */
function decodeText(bytes: Uint8Array, settings: DecodeSettings | null, response: UpstreamResponse): string | null {
  try {
    const plain = settings?.gzip === true ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes;
    if (settings?.utf8 === true && settings.charset === null) return decodeStrictly(plain);
    const charset = settings?.charset ?? null;
    return (charset === null ? statedDecoder(response) : new TextDecoder(charset)).decode(plain);
  } catch (error) {
    throw new ConnectorError(
      "UPSTREAM_INVALID",
      "The upstream's answer could not be unpacked, or its character set is unknown.",
      {
        cause: error,
        upstreamStatus: response.status,
      },
    );
  }
}

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** By the charset of the content type; UTF-8 where it names none that is known, as with an answer that was not kept. */
function statedDecoder({ headers }: UpstreamResponse): typeof UTF8 {
  const charset = /charset="?([^";\s]+)/i.exec(readResponseHeader(headers, "content-type") ?? "")?.[1]?.toLowerCase();
  if (charset === undefined || charset === "utf-8") return UTF8;
  try {
    return new TextDecoder(charset);
  } catch {
    return UTF8;
  }
}

function describeDecodeFailure(kind: string, response: UpstreamResponse, cause: unknown): ConnectorError {
  if (cause instanceof ConnectorError) return cause;
  const type = readResponseHeader(response.headers, "content-type") ?? "none";
  return new ConnectorError(
    "UPSTREAM_INVALID",
    `The upstream answered ${response.status}, but its body is not valid ${kind} (content type: ${type}).`,
    {
      cause,
      upstreamStatus: response.status,
      hint: 'Set "response.decode" to what the upstream really sends.',
    },
  );
}
