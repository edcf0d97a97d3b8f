import { isOrdered } from "../runtime/compare.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { isInt } from "../runtime/numbers.ts";
import { bigintText } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail } from "../runtime/values.ts";
import { compareText } from "./characters.ts";
import { floatText, jsonFloatText } from "./float-text.ts";

/** Is how the keys of an object are written. Rows of a list mostly have the same keys, so that this is made once for all of them. */
export interface KeyOrder {
  /** The keys as they came. */
  readonly keys: readonly unknown[];
  /** The keys as they are written. */
  readonly sorted: readonly unknown[];
  /** What stands before each member on one line. */
  readonly heads: readonly string[];
  /** The same as four joints each. */
  readonly joints: readonly string[];
  /** Where each sorted key stands among the keys as they came. */
  readonly order: readonly number[];
}

/** Says how keys are written. */
export interface KeyStyle {
  readonly sortKeys: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  /** What was written last, by the number of keys. */
  readonly memory: KeyOrder[];
}

/** Key lists that a style remembers, a power of two. */
const REMEMBERED = 16;
/** Longest key list that is remembered, and the most text that its keys may have. */
const MOST_KEYS = 64;
const MOST_TEXT = 4096;

/**
 * Lists what can stand before a member, by what is around it: `, ` alone, with the opening quote of a text behind it (1), with the
 * closing quote of a text before it (2), with both (3). Texts are then put between as they are, which halves the strings made.
 */
export function joints(head: string): readonly [string, string, string, string] {
  return [head, `${head}"`, `"${head}`, `"${head}"`];
}

/** Finds what is remembered of the keys of a host's object; `null` when they are others. */
export function recallKeys(style: KeyStyle, dict: Record<string, unknown>, size: number): KeyOrder | null {
  const known = style.memory[size & (REMEMBERED - 1)];
  if (known === undefined || known.keys.length !== size) return null;
  const { keys } = known;
  let index = 0;
  // A loop over the names makes no list of them, as Object.keys does.
  for (const key in dict) if (key !== keys[index++]) return null;
  return index === size ? known : null;
}

/** Puts keys in the order in which they are written, each with its text and what stands around it on one line. */
export function orderKeys(
  rt: Runtime,
  style: KeyStyle,
  keys: readonly unknown[],
  quote: (text: string) => string,
): KeyOrder {
  // Objects inside objects mostly have another number of keys, so that they do not drive each other out.
  const place = keys.length & (REMEMBERED - 1);
  const known = style.memory[place];
  if (known !== undefined && sameKeys(keys, known.keys)) return known;
  rt.spend(keys.length * 2);
  const sorted = style.sortKeys ? sortKeys(rt, keys) : keys;
  const heads = sorted.map(
    (key, index) => (index === 0 ? "{" : style.itemSeparator) + quote(keyText(rt, key)) + style.keySeparator,
  );
  const places = new Map(keys.map((key, index) => [key, index]));
  const order = sorted.map((key) => places.get(key) as number);
  const made: KeyOrder = { keys, sorted, heads, joints: heads.flatMap(joints), order };
  if (keys.length <= MOST_KEYS && heads.reduce((sum, head) => sum + head.length, 0) <= MOST_TEXT) {
    style.memory[place] = made;
  }
  return made;
}

function sortKeys(rt: Runtime, keys: readonly unknown[]): readonly unknown[] {
  if (keys.every((key) => typeof key === "string")) return keys.slice().sort(compareText);
  return keys.slice().sort((a, b) => (isOrdered(rt, "<", a, b) ? -1 : 1));
}

function keyText(rt: Runtime, key: unknown): string {
  if (typeof key === "string") return key;
  if (key instanceof Markup) return key.text;
  if (key === null) return "null";
  if (typeof key === "boolean") return key ? "true" : "false";
  if (isInt(key)) return typeof key === "bigint" ? bigintText(rt, key) : `${key}`;
  if (key instanceof Float) return floatText(key.value);
  if (typeof key === "number") return jsonFloatText(key);
  throw fail("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function sameKeys(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return left.length > 0;
}
