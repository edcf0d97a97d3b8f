import { type DictLike, dictKeys, isDict, isPlainObject, readDict } from "../runtime/dict.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { bigintText } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "../runtime/type-names.ts";
import { fail, MISSING, Tuple } from "../runtime/values.ts";
import { floatText, jsonFloatText } from "./float-text.ts";
import { joints, type KeyOrder, orderKeys, recallKeys } from "./json-keys.ts";

/** Settings of `writeJson`. */
export interface JsonStyle {
  readonly sortKeys: boolean;
  /** Text of one level, or `null` for one line. */
  readonly indent: string | null;
  readonly ascii: boolean;
  /** Escapes `< > & '`, so that the text is safe inside HTML. */
  readonly htmlSafe: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
}

/** Makes a style that remembers the keys it wrote last; keep it for the life of a process where it is used often. */
export function rememberingStyle(style: JsonStyle): RememberingStyle {
  const plain = style.htmlSafe ? PLAIN_HTML_SAFE : style.ascii ? PLAIN_ASCII : PLAIN;
  return { ...style, memory: [], plain, itemJoints: joints(style.itemSeparator) };
}

/** Is a style with the keys that were written last. */
export interface RememberingStyle extends JsonStyle {
  readonly memory: KeyOrder[];
  /** Matches texts that need no escape. */
  readonly plain: RegExp;
  readonly itemJoints: readonly string[];
}

/** Length below which a text is looked at unit by unit, and above which it is charged before it is written. */
const SHORT_TEXT = 24;
const LONG_TEXT = 256;

/** Level from which containers are checked for holding themselves. */
const WATCHED_LEVEL = 12;

const PLAIN_HTML_SAFE = /^[\x20\x21\x23-\x25\x28-\x3b\x3d\x3f-\x5b\x5d-\x7e]*$/;
/** Finds a character that `PLAIN_HTML_SAFE` does not let stand; quicker than matching a whole text. */
const NEEDS_ESCAPE = /[^\x20\x21\x23-\x25\x28-\x3b\x3d\x3f-\x5b\x5d-\x7e]/;
/** One for each ASCII character that `PLAIN_HTML_SAFE` lets stand. */
const PLAIN_CODES = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(PLAIN_HTML_SAFE.test(String.fromCharCode(code))),
);
const PLAIN_ASCII = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const PLAIN = /^[^"\\\x00-\x1f]*$/;
const LIST_OPENINGS = joints("[");
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** Writes a value as JSON the way Python's `json.dumps` does. Throws TypeError for what JSON cannot hold. */
export function writeJson(rt: Runtime, value: unknown, style: RememberingStyle): string {
  if (typeof value === "string" && style.htmlSafe && value.length < SHORT_TEXT && isPlainText(value))
    return `"${value}"`;
  return new JsonWriter(rt, style).write(value, "");
}

class JsonWriter {
  private readonly rt: Runtime;
  private readonly style: RememberingStyle;
  private open: object[] | null = null;
  private level = 0;

  constructor(rt: Runtime, style: RememberingStyle) {
    this.rt = rt;
    this.style = style;
  }

  write(value: unknown, margin: string): string {
    switch (typeof value) {
      case "string":
        return this.writeText(value);
      case "number":
        return Number.isSafeInteger(value) ? `${value}` : jsonFloatText(value);
      case "boolean":
        return value ? "true" : "false";
      case "bigint":
        return bigintText(this.rt, value);
      default:
        return value === null || value === undefined ? "null" : this.writeObject(value, margin);
    }
  }

  private writeText(text: string): string {
    return `"${this.escape(text)}"`;
  }

  /** Writes what stands between the quotes of a text. Short texts are charged by what holds them, once it is written; long ones before. */
  private escape(text: string): string {
    const size = text.length;
    if (size > LONG_TEXT) this.charge(size);
    const plain = this.style.htmlSafe
      ? size < SHORT_TEXT
        ? isPlainText(text)
        : !NEEDS_ESCAPE.test(text)
      : this.style.plain.test(text);
    if (plain) return text;
    this.charge(size * 5);
    let result = "";
    for (let index = 0; index < size; index++) result += this.writeUnit(text.charAt(index));
    return result;
  }

  private charge(units: number): void {
    this.rt.spend(units >> 5);
    this.rt.allocate(units);
  }

  private writeUnit(unit: string): string {
    const short = SHORT[unit];
    if (short !== undefined) return short;
    const code = unit.charCodeAt(0);
    const marked = this.style.htmlSafe && (unit === "<" || unit === ">" || unit === "&" || unit === "'");
    if (code < 0x20 || marked || (code > 0x7e && this.style.ascii)) return `\\u${code.toString(16).padStart(4, "0")}`;
    return unit;
  }

  private writeObject(value: object, margin: string): string {
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) return this.writeOther(value, margin);
    // A container that holds itself is found once it is nested suspiciously deep, which keeps the common case cheap.
    const watched = ++this.level > WATCHED_LEVEL;
    if (watched) this.watch(value);
    const text = isList ? this.writeItems(value, margin) : this.writeMembers(value, margin, true);
    if (watched) this.open?.pop();
    this.level--;
    return text;
  }

  private writeOther(value: object, margin: string): string {
    if (value instanceof Float) return floatText(value.value);
    if (value instanceof Markup) return this.writeText(value.text);
    this.watch(value);
    let text: string;
    if (value instanceof Tuple) text = this.writeItems(value.items, margin);
    else if (isDict(value)) text = this.writeMembers(value, margin, false);
    else if (!isKnownValue(value)) throw hostObjectError();
    else throw fail("TypeError", `Object of type ${typeName(value)} is not JSON serializable`);
    this.open?.pop();
    return text;
  }

  private watch(value: object): void {
    this.open ??= [];
    if (this.open.includes(value)) throw fail("ValueError", "Circular reference detected");
    if (this.level + this.rt.depth > this.rt.limits.depth)
      throw fail("RecursionError", `nested more than ${this.rt.limits.depth} levels deep`);
    this.open.push(value);
  }

  private writeItems(items: readonly unknown[], margin: string): string {
    const size = items.length;
    if (size === 0) return "[]";
    this.rt.spend(size);
    this.rt.allocate(size * 2);
    const { indent, itemSeparator } = this.style;
    if (indent === null) return this.writeLine(items);
    const inner = margin + indent;
    const between = `${itemSeparator}\n${inner}`;
    let text = `[\n${inner}${this.write(items[0], inner)}`;
    for (let index = 1; index < size; index++) {
      text += between;
      text += this.write(items[index], inner);
    }
    this.charge(text.length);
    return `${text}\n${margin}]`;
  }

  /** Writes the members of a list on one line; there is at least one. */
  private writeLine(items: readonly unknown[]): string {
    const between = this.style.itemJoints;
    let text = "";
    let quoted = 0;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      const before = index === 0 ? LIST_OPENINGS : between;
      if (typeof item === "string") {
        text += before[quoted | 1];
        text += this.escape(item);
        quoted = 2;
      } else {
        text += before[quoted];
        text += this.write(item, "");
        quoted = 0;
      }
    }
    this.charge(text.length);
    return text + (quoted === 0 ? "]" : '"]');
  }

  private writeMembers(dict: DictLike, margin: string, plain: boolean): string {
    if (plain && this.style.indent === null) {
      const row = this.writeRow(dict as Record<string, unknown>);
      if (row !== null) return row;
    }
    const keys = dictKeys(dict);
    if (keys.length === 0) return "{}";
    this.rt.spend(keys.length);
    const text = this.writePairs(dict, margin, this.order(keys));
    this.charge(text.length);
    return text;
  }

  /** Writes a host's object on one line; `null` when one of its members is undefined and must be left out. */
  private writeRow(dict: Record<string, unknown>): string | null {
    const members = Object.values(dict);
    const size = members.length;
    if (size === 0) return "{}";
    this.rt.spend(size);
    const { joints: before, order } = recallKeys(this.style, dict, size) ?? this.order(Object.keys(dict));
    let text = "";
    let quoted = 0;
    for (let index = 0; index < size; index++) {
      const member = members[order[index] as number];
      const place = index << 2;
      if (typeof member === "string") {
        text += before[place | quoted | 1];
        text += this.escape(member);
        quoted = 2;
        continue;
      }
      if (member === undefined) return null;
      text += before[place | quoted];
      quoted = 0;
      if (typeof member === "number" && isPlainNumber(member)) text += member;
      else text += this.write(member, "");
    }
    this.charge(text.length);
    return text + (quoted === 0 ? "}" : '"}');
  }

  private order(keys: readonly unknown[]): KeyOrder {
    return orderKeys(this.rt, this.style, keys, (text) => this.writeText(text));
  }

  private writePairs(dict: DictLike, margin: string, keys: KeyOrder): string {
    const { indent, itemSeparator } = this.style;
    const inner = indent === null ? "" : margin + indent;
    const between = indent === null ? itemSeparator : `${itemSeparator}\n${inner}`;
    let text = "";
    for (const [index, key] of keys.sorted.entries()) {
      const member = readDict(dict, key);
      if (member === MISSING) continue;
      // The heads begin with what stands before them on one line: a brace or a separator.
      const head = (keys.heads[index] as string).slice(index === 0 ? 1 : itemSeparator.length);
      text += (text === "" ? "" : between) + head + this.write(member, inner);
    }
    if (text === "") return "{}";
    return indent === null ? `{${text}}` : `{\n${inner}${text}\n${margin}}`;
  }
}

/** Tells whether JavaScript writes a number as Python does: an int, or a float that needs no exponent. */
function isPlainNumber(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  const size = value < 0 ? -value : value;
  return size >= 1e-4 && size < 1e16;
}

/** Tells whether a text needs no escape, also inside HTML; for short texts quicker than a pattern. */
function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 126 || PLAIN_CODES[code] === 0) return false;
  }
  return true;
}
