import { asIndex, asText } from "../runtime/arguments.ts";
import { isTrue, listMembers } from "../runtime/iterate.ts";
import { method, type Native, native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail } from "../runtime/values.ts";
import { isLineEndCode, isSpaceCode, skipSpaces, trimEnd } from "../text/characters.ts";
import { findLastText, findText } from "../text/find-text.ts";

function charge(rt: Runtime, text: string): void {
  rt.allocate(text.length + 32);
  rt.spend(text.length >> 4);
}

function pushPart(rt: Runtime, parts: string[], part: string): void {
  rt.spend(1);
  rt.allocate(24);
  parts.push(part);
}

function splitOnSpace(rt: Runtime, text: string, limit: number): string[] {
  const parts: string[] = [];
  let start = skipSpaces(text, 0);
  while (start < text.length && (limit < 0 || parts.length < limit)) {
    let end = start;
    while (end < text.length && !isSpaceCode(text.charCodeAt(end))) end++;
    pushPart(rt, parts, text.slice(start, end));
    start = skipSpaces(text, end);
  }
  if (start < text.length) pushPart(rt, parts, text.slice(start));
  return parts;
}

function splitOnSpaceFromEnd(rt: Runtime, text: string, limit: number): string[] {
  if (limit < 0) return splitOnSpace(rt, text, limit);
  const parts: string[] = [];
  let rest = trimEnd(text);
  while (rest !== "" && parts.length < limit) {
    let start = rest.length;
    while (start > 0 && !isSpaceCode(rest.charCodeAt(start - 1))) start--;
    pushPart(rt, parts, rest.slice(start));
    rest = trimEnd(rest.slice(0, start));
  }
  if (rest !== "") pushPart(rt, parts, rest);
  return parts.reverse();
}

function splitOn(rt: Runtime, text: string, separator: string, limit: number): string[] {
  const parts: string[] = [];
  let start = 0;
  while (limit < 0 || parts.length < limit) {
    const offset = findText(rt, text, separator, start);
    if (offset === -1) break;
    pushPart(rt, parts, text.slice(start, offset));
    start = offset + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

function splitOnFromEnd(rt: Runtime, text: string, separator: string, limit: number): string[] {
  const parts: string[] = [];
  let end = text.length;
  while (limit < 0 || parts.length < limit) {
    const offset = findLastText(rt, text, separator, end);
    if (offset === -1) break;
    pushPart(rt, parts, text.slice(offset + separator.length, end));
    end = offset;
  }
  parts.push(text.slice(0, end));
  return parts.reverse();
}

function split(rt: Runtime, args: unknown[], fromEnd: boolean): string[] {
  const text = args[0] as string;
  const limit = asIndex(args[2]);
  charge(rt, text);
  if (args[1] === null) return fromEnd ? splitOnSpaceFromEnd(rt, text, limit) : splitOnSpace(rt, text, limit);
  const separator = asText(args[1]);
  if (separator === null) throw fail("TypeError", `must be str or None, not ${typeName(args[1])}`);
  if (separator === "") throw fail("ValueError", "empty separator");
  return fromEnd ? splitOnFromEnd(rt, text, separator, limit) : splitOn(rt, text, separator, limit);
}

/** Splits at line ends as Python's `str.splitlines` does. */
export function splitLines(rt: Runtime, text: string, keepEnds: boolean): string[] {
  charge(rt, text);
  const lines: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (!isLineEndCode(code)) continue;
    const next = code === 13 && text.charCodeAt(index + 1) === 10 ? index + 2 : index + 1;
    pushPart(rt, lines, text.slice(start, keepEnds ? next : index));
    start = next;
    index = next - 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Joins texts as `str.join` does. Throws TypeError for members that are no text. */
export function joinTexts(rt: Runtime, separator: string, items: readonly unknown[]): string {
  rt.spend(items.length);
  let size = 0;
  for (let index = 0; index < items.length; index++) {
    const text = asText(items[index]);
    if (text === null) {
      throw fail("TypeError", `sequence item ${index}: expected str instance, ${typeName(items[index])} found`);
    }
    size += text.length + separator.length;
  }
  rt.allocate(size);
  let result = "";
  for (let index = 0; index < items.length; index++) {
    const text = asText(items[index]) as string;
    result += index === 0 ? text : separator + text;
  }
  return result;
}

const SPLIT_PARAMS = [["self"], ["sep", null], ["maxsplit", -1]] as const;

/** Methods of str that split and join. */
export const STR_SPLIT_METHODS: readonly Native[] = [
  native("split", SPLIT_PARAMS, (rt, args) => split(rt, args, false)),
  native("rsplit", SPLIT_PARAMS, (rt, args) => split(rt, args, true)),
  native("splitlines", [["self"], ["keepends", false]], (rt, args) =>
    splitLines(rt, args[0] as string, isTrue(args[1])),
  ),
  method("join", [["iterable"]], (rt, args) => joinTexts(rt, args[0] as string, listMembers(rt, args[1]))),
];
