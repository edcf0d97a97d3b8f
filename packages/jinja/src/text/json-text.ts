import { isOrdered } from "../runtime/compare.ts";
import { type DictLike, dictKeys, isDict, isPlainObject, readDict } from "../runtime/dict.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { isInt } from "../runtime/numbers.ts";
import { bigintText } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "../runtime/type-names.ts";
import { fail, Tuple } from "../runtime/values.ts";
import { compareText } from "./characters.ts";
import { floatText } from "./float-text.ts";

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

/** Level from which containers are checked for holding themselves. */
const WATCHED_LEVEL = 12;

const PLAIN_HTML_SAFE = /^[\x20\x21\x23-\x25\x28-\x3b\x3d\x3f-\x5b\x5d-\x7e]*$/;
const PLAIN_ASCII = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const PLAIN = /^[^"\\\x00-\x1f]*$/;
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
export function writeJson(rt: Runtime, value: unknown, style: JsonStyle): string {
  return new JsonWriter(rt, style).write(value, "");
}

class JsonWriter {
  private readonly rt: Runtime;
  private readonly style: JsonStyle;
  private readonly plain: RegExp;
  private readonly open: object[] = [];
  private level = 0;
  private readonly memory: KeyMemory;

  constructor(rt: Runtime, style: JsonStyle) {
    this.rt = rt;
    this.style = style;
    this.memory = memoryOf(style);
    this.plain = style.htmlSafe ? PLAIN_HTML_SAFE : style.ascii ? PLAIN_ASCII : PLAIN;
  }

  write(value: unknown, margin: string): string {
    switch (typeof value) {
      case "string":
        return this.writeText(value);
      case "number":
        return Number.isSafeInteger(value) ? `${value}` : this.writeFloat(value);
      case "boolean":
        return value ? "true" : "false";
      case "bigint":
        return bigintText(this.rt, value);
      default:
        return value === null || value === undefined ? "null" : this.writeObject(value, margin);
    }
  }

  private writeFloat(value: number): string {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value < 0 ? "-Infinity" : "Infinity";
    return floatText(value);
  }

  private writeText(text: string): string {
    this.rt.spend(1 + (text.length >> 5));
    this.rt.allocate(text.length + 4);
    if (this.plain.test(text)) return `"${text}"`;
    this.rt.allocate(text.length * 5);
    let result = '"';
    for (let index = 0; index < text.length; index++) result += this.writeUnit(text.charAt(index));
    return `${result}"`;
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
    if (watched) this.open.pop();
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
    this.open.pop();
    return text;
  }

  private watch(value: object): void {
    if (this.open.includes(value)) throw fail("ValueError", "Circular reference detected");
    if (this.level + this.rt.depth > this.rt.limits.depth)
      throw fail("RecursionError", `nested more than ${this.rt.limits.depth} levels deep`);
    this.open.push(value);
  }

  private writeItems(items: readonly unknown[], margin: string): string {
    if (items.length === 0) return "[]";
    this.rt.spend(items.length);
    this.rt.allocate(items.length * 4);
    const { indent, itemSeparator } = this.style;
    const inner = indent === null ? "" : margin + indent;
    const between = indent === null ? itemSeparator : `${itemSeparator}\n${inner}`;
    let text = indent === null ? "[" : `[\n${inner}`;
    for (let index = 0; index < items.length; index++) {
      if (index > 0) text += between;
      text += this.write(items[index], inner);
    }
    if (indent !== null) this.rt.allocate(items.length * inner.length);
    return indent === null ? `${text}]` : `${text}\n${margin}]`;
  }

  private writeMembers(dict: DictLike, margin: string, plain: boolean): string {
    const keys = plain ? Object.keys(dict) : dictKeys(dict);
    if (keys.length === 0) return "{}";
    this.rt.spend(keys.length);
    const { sorted, heads } = this.order(keys);
    const { indent, itemSeparator } = this.style;
    const inner = indent === null ? "" : margin + indent;
    const between = indent === null ? itemSeparator : `${itemSeparator}\n${inner}`;
    let text = "";
    for (let index = 0; index < sorted.length; index++) {
      const key = sorted[index];
      const member = plain ? (dict as Record<string, unknown>)[key as string] : readDict(dict, key);
      if (member === undefined) continue;
      const head = heads[index] as string;
      text += (text === "" ? head : between + head) + this.write(member, inner);
    }
    if (text === "") return "{}";
    if (indent === null) return `{${text}}`;
    this.rt.allocate(sorted.length * inner.length);
    return `{\n${inner}${text}\n${margin}}`;
  }

  /** Gives the keys in the order in which they are written, each with its text and separator. */
  private order(keys: readonly unknown[]): KeyMemory {
    const { memory } = this;
    if (sameKeys(keys, memory.keys)) return memory;
    this.rt.spend(keys.length * 2);
    memory.sorted = this.style.sortKeys ? this.sortKeys(keys) : keys;
    memory.heads = memory.sorted.map((key) => this.writeText(this.keyText(key)) + this.style.keySeparator);
    // Remembered last, so that a key that cannot be written leaves no half-made memory.
    memory.keys = keys;
    return memory;
  }

  private sortKeys(keys: readonly unknown[]): readonly unknown[] {
    if (keys.every((key) => typeof key === "string")) return keys.slice().sort(compareText);
    return keys.slice().sort((a, b) => (isOrdered(this.rt, "<", a, b) ? -1 : 1));
  }

  private keyText(key: unknown): string {
    if (typeof key === "string") return key;
    if (key instanceof Markup) return key.text;
    if (key === null) return "null";
    if (typeof key === "boolean") return key ? "true" : "false";
    if (isInt(key)) return typeof key === "bigint" ? bigintText(this.rt, key) : `${key}`;
    if (key instanceof Float) return floatText(key.value);
    if (typeof key === "number") return this.writeFloat(key);
    throw fail("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
  }
}

/** Remembers the keys of the last object that was written: rows of a list mostly have the same ones. */
interface KeyMemory {
  keys: readonly unknown[];
  sorted: readonly unknown[];
  heads: readonly string[];
}

const memories = new WeakMap<JsonStyle, KeyMemory>();

function memoryOf(style: JsonStyle): KeyMemory {
  let memory = memories.get(style);
  if (memory === undefined) {
    memory = { keys: [], sorted: [], heads: [] };
    memories.set(style, memory);
  }
  return memory;
}

function sameKeys(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return left.length > 0;
}
