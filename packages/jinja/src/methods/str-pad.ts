import { asIndex, asText } from "../runtime/arguments.ts";
import { method, type Native, native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail } from "../runtime/values.ts";
import { codePointLength, isSpaceCode, splitCharacters } from "../text/characters.ts";

function padding(rt: Runtime, args: unknown[]): { text: string; fill: string; missing: number } {
  const text = args[0] as string;
  const width = asIndex(args[1]);
  const fill = asText(args[2]);
  if (fill === null) {
    throw fail("TypeError", `The fill character must be a unicode character, not ${typeName(args[2])}`);
  }
  if (codePointLength(fill) !== 1) throw fail("TypeError", "The fill character must be exactly one character long");
  const missing = Math.max(0, width - codePointLength(text));
  rt.allocate(text.length + missing);
  return { text, fill, missing };
}

/** Centres a text as Python does: with an odd remainder the longer side is on the left when the width is odd. */
export function centerText(rt: Runtime, text: string, width: number, fill: string): string {
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  rt.allocate(text.length + missing);
  const left = (missing >> 1) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** Removes characters (white space when `chars` is null) from the ends of a text. */
export function stripText(rt: Runtime, text: string, chars: unknown, sides: "both" | "left" | "right"): string {
  rt.spend(text.length >> 4);
  rt.allocate(text.length);
  const set = chars === null ? null : asText(chars);
  if (set === null && chars !== null) {
    throw fail("TypeError", `strip arg must be None or str, not ${typeName(chars)}`);
  }
  const characters = set === null ? null : new Set(set);
  const units = splitForStrip(text, characters);
  let start = 0;
  let end = units.length;
  const removable = (unit: string): boolean =>
    characters === null ? isSpaceCode(unit.charCodeAt(0)) : characters.has(unit);
  if (sides !== "right") while (start < end && removable(units[start] as string)) start++;
  if (sides !== "left") while (end > start && removable(units[end - 1] as string)) end--;
  if (typeof units === "string") return units.slice(start, end);
  return units.slice(start, end).join("");
}

function splitForStrip(text: string, characters: Set<string> | null): string | string[] {
  if (characters === null) return text;
  for (const character of characters) if (character.length > 1) return splitCharacters(text);
  return text;
}

function expandTabs(rt: Runtime, text: string, size: number): string {
  let result = "";
  let column = 0;
  rt.spend(text.length >> 1);
  for (const character of text) {
    if (character === "\t") {
      const blanks = size > 0 ? size - (column % size) : 0;
      rt.allocate(blanks);
      result += " ".repeat(blanks);
      column += blanks;
    } else {
      result += character;
      column = character === "\n" || character === "\r" ? 0 : column + 1;
    }
  }
  rt.allocate(text.length);
  return result;
}

function fillZeros(rt: Runtime, text: string, width: number): string {
  const missing = width - codePointLength(text);
  if (missing <= 0) return text;
  rt.allocate(width);
  const signed = text.startsWith("+") || text.startsWith("-");
  return (signed ? text.charAt(0) : "") + "0".repeat(missing) + (signed ? text.slice(1) : text);
}

const PAD = [["width"], ["fillchar", " "]] as const;
const STRIP = [["chars", null]] as const;

/** Methods of str that pad and strip. */
export const STR_PAD_METHODS: readonly Native[] = [
  method("ljust", PAD, (rt, args) => {
    const { text, fill, missing } = padding(rt, args);
    return text + fill.repeat(missing);
  }),
  method("rjust", PAD, (rt, args) => {
    const { text, fill, missing } = padding(rt, args);
    return fill.repeat(missing) + text;
  }),
  method("center", PAD, (rt, args) => {
    const { text, fill } = padding(rt, args);
    return centerText(rt, text, asIndex(args[1]), fill);
  }),
  method("zfill", [["width"]], (rt, args) => fillZeros(rt, args[0] as string, asIndex(args[1]))),
  method("strip", STRIP, (rt, args) => stripText(rt, args[0] as string, args[1], "both")),
  method("lstrip", STRIP, (rt, args) => stripText(rt, args[0] as string, args[1], "left")),
  method("rstrip", STRIP, (rt, args) => stripText(rt, args[0] as string, args[1], "right")),
  native("expandtabs", [["self"], ["tabsize", 8]], (rt, args) => expandTabs(rt, args[0] as string, asIndex(args[1]))),
];
