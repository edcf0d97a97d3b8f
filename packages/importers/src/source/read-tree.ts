import { type ParseError, parse as parseJsonc, printParseErrorCode } from "jsonc-parser";
import { LineCounter, parseDocument } from "yaml";
import type { ImportReport } from "../report/import-report.ts";
import { checkShape, type ImportLimits, importError, limitError } from "./limits.ts";
import { closeObjects, findRepeatedMembers } from "./scan-json.ts";

/**
 * Reads bytes as text. UTF-8 and UTF-16 with a mark are recognised; bytes that are no UTF-8 are read as Windows-1252,
 * which is what such files hold in practice, and reported.
 */
export function decodeText(path: string, bytes: Uint8Array, report: ImportReport): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    report.repair(`${path}#`, "encoding", "not UTF-8", "read as Windows-1252");
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Parses a JSON or YAML text. JSON is tried strictly, then with recovery (comments, trailing and missing commas,
 * control characters in strings); each thing that had to be overlooked is a repair. What starts with no brace is YAML.
 */
export function readTree(path: string, text: string, report: ImportReport, limits: ImportLimits): unknown {
  const trimmed = text.trimStart();
  const tree =
    trimmed.startsWith("{") || trimmed.startsWith("[")
      ? readJson(path, text, report, limits)
      : readYaml(path, text, report, limits);
  checkShape(path, tree, limits);
  return tree;
}

function readJson(path: string, text: string, report: ImportReport, limits: ImportLimits): unknown {
  try {
    const tree: unknown = JSON.parse(text);
    if (text.length <= scanned) loseRepeated(path, text, report);
    return tree;
  } catch (cause) {
    if (cause instanceof RangeError) throw limitError(path, "it is nested too deeply");
    refuseDeepText(path, text, limits);
    const errors: ParseError[] = [];
    const closed = closeObjects(text);
    for (const line of closed.lines)
      report.repair(`${path}#`, `json-brace-${line}`, "an object without its closing brace", `closed at line ${line}`);
    const tree = parseJsonc(closed.text, errors, { allowTrailingComma: true, allowEmptyContent: false });
    if (errors.length > 20 + text.length / 2000 || tree === undefined) {
      const yaml = tryYaml(path, text, report, limits);
      if (yaml !== undefined) return yaml;
    }
    if (tree === undefined || typeof tree !== "object") {
      throw importError(`${path} is neither JSON nor YAML: ${(cause as Error).message}`, "Check the syntax.", cause);
    }
    for (const error of errors) {
      report.repair(`${path}#`, `json-${error.offset}`, printParseErrorCode(error.error), lineOf(text, error.offset));
    }
    if (errors.length === 0) report.repair(`${path}#`, "json-comments", "comments or trailing commas", "left out");
    return tree;
  }
}

/** Texts beyond this many characters are not looked through for repeated members: that would cost more than parsing them. */
const scanned = 16 * 1024 * 1024;

function loseRepeated(path: string, text: string, report: ImportReport): void {
  for (const { pointer, line } of findRepeatedMembers(text)) {
    report.lose(
      pointer,
      "member-repeated",
      `${path} names this member twice (line ${line}); the last one counts.`,
      "Remove one of them.",
    );
  }
}

/** The tolerant parser is recursive; brackets are counted first so that hostile nesting cannot overflow it. */
function refuseDeepText(path: string, text: string, limits: ImportLimits): void {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x22) inText = !inText;
    else if (inText) continue;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    if (depth > limits.depth * 2) throw limitError(path, `it is nested deeper than ${limits.depth} levels`);
  }
}

const lineOf = (text: string, offset: number): string => `skipped at line ${text.slice(0, offset).split("\n").length}`;

function tryYaml(path: string, text: string, report: ImportReport, limits: ImportLimits): unknown {
  try {
    return readYaml(path, text, report, limits);
  } catch {
    return undefined;
  }
}

function readYaml(path: string, text: string, report: ImportReport, limits: ImportLimits): unknown {
  refuseDeepIndent(path, text, limits);
  try {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, strict: false, merge: true });
    const fatal = document.errors[0];
    if (fatal !== undefined && document.contents === null) throw fatal;
    for (const error of document.errors) {
      report.repair(
        `${path}#`,
        `yaml-${error.pos[0]}`,
        error.code,
        `read on from line ${lines.linePos(error.pos[0]).line}`,
      );
    }
    const tree: unknown = document.toJS({ maxAliasCount: limits.aliases });
    if (typeof tree !== "object" || tree === null) {
      throw importError(
        `${path} holds no document, only a value.`,
        "Give an OpenAPI document or another known format.",
      );
    }
    return tree;
  } catch (cause) {
    if (cause instanceof RangeError) throw limitError(path, "it is nested too deeply");
    if (cause instanceof ReferenceError) throw limitError(path, "its YAML aliases expand without bound");
    if (cause instanceof Error && cause.name === "ConnectorError") throw cause;
    throw importError(`${path} is neither JSON nor YAML: ${(cause as Error).message}`, "Check the syntax.", cause);
  }
}

function refuseDeepIndent(path: string, text: string, limits: ImportLimits): void {
  if (/[[{]\s*(?:[[{]\s*){400}/.test(text) || /^ {4000}/m.test(text) || /(?:- ){400}/.test(text)) {
    throw limitError(path, `it is nested deeper than ${limits.depth} levels`);
  }
}
