import { isOrdered } from "../runtime/compare.ts";
import { dictKeys, isDict, isPlainObject, readDict } from "../runtime/dict.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { isInt } from "../runtime/numbers.ts";
import { bigintText } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "../runtime/type-names.ts";
import { fail, Tuple } from "../runtime/values.ts";
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
  /** The keys of the last object that was sorted, and their order: rows of a list mostly have the same keys. */
  private lastKeys: readonly unknown[] = [];
  private lastSorted: readonly unknown[] = [];
  private lastHeads: readonly string[] = [];

  constructor(rt: Runtime, style: JsonStyle) {
    this.rt = rt;
    this.style = style;
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
    if (value instanceof Float) return floatText(value.value);
    if (value instanceof Markup) return this.writeText(value.text);
    const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : null;
    const isObject = items === null && isDict(value);
    if (items === null && !isObject) {
      if (!isKnownValue(value)) throw hostObjectError();
      throw fail("TypeError", `Object of type ${typeName(value)} is not JSON serializable`);
    }
    if (this.open.includes(value)) throw fail("ValueError", "Circular reference detected");
    this.rt.enter();
    this.open.push(value);
    const text = items === null ? this.writeMembers(value, margin) : this.writeItems(items, margin);
    this.open.pop();
    this.rt.depth--;
    return text;
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

  private writeMembers(dict: object, margin: string): string {
    const keys = this.orderKeys(dictKeys(dict));
    if (keys.length === 0) return "{}";
    this.rt.spend(keys.length);
    const heads = this.heads(keys);
    const plain = isPlainObject(dict);
    const { indent, itemSeparator } = this.style;
    const inner = indent === null ? "" : margin + indent;
    const between = indent === null ? itemSeparator : `${itemSeparator}\n${inner}`;
    let text = indent === null ? "{" : `{\n${inner}`;
    for (let index = 0; index < keys.length; index++) {
      if (index > 0) text += between;
      const member = plain ? dict[keys[index] as string] : readDict(dict, keys[index]);
      text += (heads[index] as string) + this.write(member, inner);
    }
    if (indent !== null) this.rt.allocate(keys.length * inner.length);
    return indent === null ? `${text}}` : `${text}\n${margin}}`;
  }

  /** Gives the keys in the order in which they are written. */
  private orderKeys(keys: readonly unknown[]): readonly unknown[] {
    if (!this.style.sortKeys) return keys;
    if (sameKeys(keys, this.lastKeys)) return this.lastSorted;
    this.rt.spend(keys.length * 2);
    const sorted = keys.every((key) => typeof key === "string")
      ? keys.slice().sort()
      : keys.slice().sort((a, b) => (isOrdered(this.rt, "<", a, b) ? -1 : 1));
    this.lastKeys = keys;
    this.lastSorted = sorted;
    this.lastHeads = sorted.map((key) => this.writeText(this.keyText(key)) + this.style.keySeparator);
    return sorted;
  }

  /** Gives the keys as they are written, with their separators. */
  private heads(keys: readonly unknown[]): readonly string[] {
    if (keys === this.lastSorted) return this.lastHeads;
    if (!this.style.sortKeys && sameKeys(keys, this.lastKeys)) return this.lastHeads;
    this.lastKeys = keys;
    this.lastHeads = keys.map((key) => this.writeText(this.keyText(key)) + this.style.keySeparator);
    return this.lastHeads;
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

function sameKeys(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return left.length > 0;
}
