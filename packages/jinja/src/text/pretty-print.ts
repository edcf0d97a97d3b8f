import { areEqual, isOrdered } from "../runtime/compare.ts";
import { dictKeys, isDict, readDict } from "../runtime/dict.ts";
import { reprOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { Tuple } from "../runtime/values.ts";
import { codePointLength } from "./characters.ts";
import { reprText } from "./repr-text.ts";

const WIDTH = 80;

/** Writes a value like Python's `pprint.pformat`: on one line when it fits into 80 columns, else one member a line. */
export function prettyPrint(rt: Runtime, value: unknown): string {
  return write(rt, value, 0, 0, 0);
}

/** Writes a value that starts in column `indent`, with `allowance` columns kept free behind it. */
function write(rt: Runtime, value: unknown, indent: number, allowance: number, level: number): string {
  rt.enter();
  const flat = flatText(rt, value);
  let text = flat;
  rt.spend(flat.length >> 3);
  if (codePointLength(flat) > WIDTH - indent - allowance) {
    if (Array.isArray(value))
      text = value.length === 0 ? flat : `[${writeItems(rt, value, indent + 1, allowance + 1, level)}]`;
    else if (value instanceof Tuple && value.items.length > 0) {
      const end = value.items.length === 1 ? ",)" : ")";
      text = `(${writeItems(rt, value.items, indent + 1, allowance + end.length, level)}${end}`;
    } else if (isDict(value)) text = `{${writeMembers(rt, value, indent, allowance, level)}}`;
    else if (typeof value === "string") text = writeText(value, indent, allowance, level);
  }
  rt.depth--;
  return text;
}

function writeItems(rt: Runtime, items: readonly unknown[], indent: number, allowance: number, level: number): string {
  const parts = items.map((item, index) =>
    write(rt, item, indent, index === items.length - 1 ? allowance : 1, level + 1),
  );
  return parts.join(`,\n${" ".repeat(indent)}`);
}

function writeMembers(rt: Runtime, dict: object, indent: number, allowance: number, level: number): string {
  const keys = sortKeys(rt, dictKeys(dict));
  const parts = keys.map((key, index) => {
    const shown = reprOf(rt, key);
    const room = index === keys.length - 1 ? allowance + 1 : 1;
    return `${shown}: ${write(rt, readDict(dict, key), indent + 1 + codePointLength(shown) + 2, room, level + 1)}`;
  });
  return parts.join(`,\n${" ".repeat(indent + 1)}`);
}

/** Sorts keys as `pprint` does: by value, and by the name of the type where values cannot be compared. */
function sortKeys(rt: Runtime, keys: readonly unknown[]): unknown[] {
  return keys.slice().sort((a, b) => {
    if (areEqual(rt, a, b)) return 0;
    try {
      return isOrdered(rt, "<", a, b) ? -1 : 1;
    } catch {
      return typeName(a) < typeName(b) ? -1 : 1;
    }
  });
}

/** Writes on one line, with keys sorted. */
function flatText(rt: Runtime, value: unknown): string {
  if (Array.isArray(value)) return flatNested(rt, () => `[${value.map((item) => flatText(rt, item)).join(", ")}]`);
  if (value instanceof Tuple) {
    return flatNested(rt, () => {
      const inner = value.items.map((item) => flatText(rt, item)).join(", ");
      return value.items.length === 1 ? `(${inner},)` : `(${inner})`;
    });
  }
  if (isDict(value)) {
    return flatNested(rt, () => {
      const keys = sortKeys(rt, dictKeys(value));
      return `{${keys.map((key) => `${flatText(rt, key)}: ${flatText(rt, readDict(value, key))}`).join(", ")}}`;
    });
  }
  return reprOf(rt, value);
}

function flatNested(rt: Runtime, make: () => string): string {
  rt.enter();
  const text = make();
  rt.allocate(text.length);
  rt.spend(1 + (text.length >> 4));
  rt.depth--;
  return text;
}

/** Writes a long text as literals on several lines, cut at line ends and blanks. */
function writeText(text: string, indent: number, allowance: number, level: number): string {
  if (text === "") return "''";
  const lines =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  const start = level === 0 ? indent + 1 : indent;
  const room = level === 0 ? allowance + 1 : allowance;
  const widest = WIDTH - start;
  const literals: string[] = [];
  lines.forEach((line, index) => {
    const width = index === lines.length - 1 ? widest - room : widest;
    const whole = reprText(line);
    if (codePointLength(whole) <= width) literals.push(whole);
    else cutLine(line, widest, index === lines.length - 1 ? room : 0, literals);
  });
  if (literals.length === 1) return literals[0] as string;
  const body = literals.join(`\n${" ".repeat(start)}`);
  return level === 0 ? `(${body})` : body;
}

function cutLine(line: string, width: number, allowance: number, literals: string[]): void {
  const words = line.match(/\S*\s*/gu)?.filter((word) => word !== "") ?? [];
  let current = "";
  words.forEach((word, index) => {
    const candidate = current + word;
    const room = index === words.length - 1 ? width - allowance : width;
    if (codePointLength(reprText(candidate)) > room) {
      if (current !== "") literals.push(reprText(current));
      current = word;
    } else current = candidate;
  });
  if (current !== "") literals.push(reprText(current));
}
