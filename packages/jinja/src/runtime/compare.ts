import { compareText } from "../text/characters.ts";
import { findText } from "../text/find-text.ts";
import { latinText } from "./bytes.ts";
import { dictKeys, dictSize, hashKey, isDict, readDict } from "./dict.ts";
import { Float, Markup } from "./host-values.ts";
import { isIterable, iteratorOf, viewMembers } from "./iterate.ts";
import { asNumeric, compareNumbers, isInt, type Numeric } from "./numbers.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "./type-names.ts";
import { Callable, DictView, fail, MISSING, Range, Tuple, Undefined } from "./values.ts";

/** Applies Python's `==`. */
export function areEqual(rt: Runtime, left: unknown, right: unknown): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (left instanceof Undefined || right instanceof Undefined) return undefinedEquals(left, right);
  if (left === right) return !Number.isNaN(left);
  const a = asNumeric(left);
  if (a !== undefined) {
    const b = asNumeric(right);
    return b !== undefined && compareNumbers(a, b) === 0;
  }
  if (left === null || right === null || typeof left === "boolean") return false;
  return objectsEqual(rt, left, right);
}

function undefinedEquals(left: unknown, right: unknown): boolean {
  for (const side of [left, right]) {
    if (side instanceof Undefined && side.behaviour === "strict") throw side.failure();
  }
  return left instanceof Undefined && right instanceof Undefined;
}

function objectsEqual(rt: Runtime, left: unknown, right: unknown): boolean {
  const leftText = left instanceof Markup ? left.text : left;
  const rightText = right instanceof Markup ? right.text : right;
  if (typeof leftText === "string" || typeof rightText === "string") return leftText === rightText;
  if (Array.isArray(left)) return Array.isArray(right) && itemsEqual(rt, left, right);
  if (left instanceof Tuple) return right instanceof Tuple && itemsEqual(rt, left.items, right.items);
  if (isDict(left)) return isDict(right) && dictsEqual(rt, left, right);
  if (left instanceof Range && right instanceof Range) return rangesEqual(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
  }
  if (left instanceof DictView && right instanceof DictView && left.kind !== "values" && left.kind === right.kind) {
    const members = viewMembers(rt, right);
    return dictSize(left.dict) === members.length && viewMembers(rt, left).every((item) => isMember(rt, members, item));
  }
  if (left instanceof Callable && right instanceof Callable) return left.shown === right.shown;
  return false;
}

function rangesEqual(left: Range, right: Range): boolean {
  if (left.length !== right.length) return false;
  if (left.length === 0) return true;
  return left.start === right.start && (left.length === 1 || left.step === right.step);
}

function itemsEqual(rt: Runtime, left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  rt.enter();
  for (let index = 0; index < left.length; index++) {
    rt.spend(1);
    if (!isSame(rt, left[index], right[index])) {
      rt.depth--;
      return false;
    }
  }
  rt.depth--;
  return true;
}

/** Applies the rule of containers: identical or equal. */
function isSame(rt: Runtime, left: unknown, right: unknown): boolean {
  return left === right || areEqual(rt, left, right);
}

function dictsEqual(rt: Runtime, left: object, right: object): boolean {
  const keys = dictKeys(left);
  if (keys.length !== dictSize(right)) return false;
  rt.enter();
  for (const key of keys) {
    rt.spend(1);
    const other = readDict(right, key);
    if (other === MISSING || !isSame(rt, readDict(left, key), other)) {
      rt.depth--;
      return false;
    }
  }
  rt.depth--;
  return true;
}

/** Names an ordering operator for messages. */
export type Ordering = "<" | "<=" | ">" | ">=";

/** Applies an ordering operator. Throws TypeError for types that have no order. */
export function isOrdered(rt: Runtime, operator: Ordering, left: unknown, right: unknown): boolean {
  if (typeof left === "string" && typeof right === "string") return holds(operator, compareText(left, right));
  if (left instanceof Undefined) throw left.failure();
  if (right instanceof Undefined) throw right.failure();
  const a = asNumeric(left);
  const b = asNumeric(right);
  if (a !== undefined && b !== undefined) return holds(operator, compareNumbers(a, b));
  return objectsOrdered(rt, operator, left, right);
}

function objectsOrdered(rt: Runtime, operator: Ordering, left: unknown, right: unknown): boolean {
  const leftText = left instanceof Markup ? left.text : left;
  const rightText = right instanceof Markup ? right.text : right;
  if (typeof leftText === "string" && typeof rightText === "string")
    return holds(operator, compareText(leftText, rightText));
  if (Array.isArray(left) && Array.isArray(right)) return itemsOrdered(rt, operator, left, right);
  if (left instanceof Tuple && right instanceof Tuple) return itemsOrdered(rt, operator, left.items, right.items);
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return itemsOrdered(rt, operator, Array.from(left), Array.from(right));
  }
  if (left instanceof DictView && right instanceof DictView && left.kind !== "values" && right.kind !== "values") {
    return viewsOrdered(rt, operator, viewMembers(rt, left), viewMembers(rt, right));
  }
  if (!isKnownValue(left) || !isKnownValue(right)) throw hostObjectError();
  throw fail(
    "TypeError",
    `'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function viewsOrdered(rt: Runtime, operator: Ordering, left: readonly unknown[], right: readonly unknown[]): boolean {
  const [small, large] = operator.startsWith("<") ? [left, right] : [right, left];
  const inside = small.every((item) => isMember(rt, large, item));
  return inside && (operator.endsWith("=") || small.length < large.length);
}

/** Orders two sequences by their first differing members. */
function itemsOrdered(rt: Runtime, operator: Ordering, left: readonly unknown[], right: readonly unknown[]): boolean {
  const length = Math.min(left.length, right.length);
  rt.enter();
  try {
    for (let index = 0; index < length; index++) {
      rt.spend(1);
      if (!isSame(rt, left[index], right[index])) return isOrdered(rt, operator, left[index], right[index]);
    }
    return holds(operator, left.length - right.length);
  } finally {
    rt.depth--;
  }
}

function holds(operator: Ordering, order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Compares for sorting, with Python's `<` only. */
export function orderForSort(rt: Runtime, left: unknown, right: unknown): number {
  rt.spend(2);
  if (isOrdered(rt, "<", left, right)) return -1;
  return isOrdered(rt, "<", right, left) ? 1 : 0;
}

function isMember(rt: Runtime, items: readonly unknown[], item: unknown): boolean {
  rt.spend(items.length);
  for (const other of items) if (isSame(rt, other, item)) return true;
  return false;
}

/** Applies Python's `in`. */
export function contains(rt: Runtime, container: unknown, item: unknown): boolean {
  if (Array.isArray(container)) return isMember(rt, container, item);
  const text = container instanceof Markup ? container.text : container;
  if (typeof text === "string") return containsText(rt, text, item);
  if (isDict(container)) return readDict(container, item) !== MISSING;
  if (container instanceof Tuple) return isMember(rt, container.items, item);
  if (container instanceof DictView && container.kind === "keys") return readDict(container.dict, item) !== MISSING;
  if (container instanceof DictView) return isMember(rt, viewMembers(rt, container), item);
  if (container instanceof Range) return rangeContains(container, item);
  if (container instanceof Uint8Array) return bytesContain(rt, container, item);
  if (container instanceof Undefined && container.behaviour === "strict") throw container.failure();
  if (!isIterable(container)) {
    if (!isKnownValue(container)) throw hostObjectError();
    throw fail("TypeError", `argument of type '${typeName(container)}' is not iterable`);
  }
  const iterator = iteratorOf(rt, container);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(1);
    if (isSame(rt, next.value, item)) return true;
  }
  return false;
}

function containsText(rt: Runtime, text: string, item: unknown): boolean {
  const part = item instanceof Markup ? item.text : item;
  if (typeof part !== "string") {
    throw fail("TypeError", `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  rt.spend(text.length >> 4);
  return findText(rt, text, part) !== -1;
}

function rangeContains(range: Range, item: unknown): boolean {
  const number: Numeric | undefined = asNumeric(item);
  if (number === undefined) return false;
  const value = number instanceof Float ? number.value : Number(number);
  if (!isInt(value) || range.length === 0) return false;
  const offset = (value - range.start) / range.step;
  return Number.isInteger(offset) && offset >= 0 && offset < range.length;
}

function bytesContain(rt: Runtime, bytes: Uint8Array, item: unknown): boolean {
  if (item instanceof Uint8Array) return findText(rt, latinText(rt, bytes), latinText(rt, item)) !== -1;
  rt.spend(bytes.length >> 4);
  const byte = asNumeric(item);
  if (typeof byte === "number" && isInt(byte)) return bytes.includes(byte);
  throw fail("TypeError", `a bytes-like object is required, not '${typeName(item)}'`);
}

/** Applies Python's `is`: identity of objects, equality of the small values that have none here. */
export function areIdentical(left: unknown, right: unknown): boolean {
  if (left instanceof Float && right instanceof Float) return left === right;
  return (
    typeof left === typeof right &&
    (left === right ||
      (left instanceof Tuple && right instanceof Tuple && left.items.length + right.items.length === 0))
  );
}

/** Tells whether a value can be a key of a dict. Throws TypeError when not. */
export function checkHashable(value: unknown): void {
  hashKey(value);
}
