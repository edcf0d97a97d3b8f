import { codePointLength, splitCharacters } from "../text/characters.ts";
import { dictEntries, dictKeys, dictSize, isDict } from "./dict.ts";
import { Float, Markup } from "./host-values.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "./type-names.ts";
import { DictView, fail, Generator, ObjectValue, Range, Tuple, Undefined } from "./values.ts";

/** Lists the members of a sequence that is not lazy, or gives `null`. The list may be the value itself: do not change it. */
export function membersOf(rt: Runtime, value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (typeof value === "string") {
    rt.allocate(value.length * 8);
    rt.spend(value.length >> 3);
    return splitCharacters(value);
  }
  if (value instanceof DictView) return viewMembers(rt, value);
  if (isDict(value)) {
    const keys = dictKeys(value);
    rt.allocate(keys.length * 8);
    return keys;
  }
  if (value instanceof Range) return rangeMembers(rt, value);
  if (value instanceof Markup) return membersOf(rt, value.text);
  if (value instanceof Undefined) {
    if (value.behaviour === "strict") throw value.failure();
    return [];
  }
  if (value instanceof Uint8Array) return bytesMembers(rt, value);
  return null;
}

/** Lists bytes as ints, charging the list before it is made. */
export function bytesMembers(rt: Runtime, bytes: Uint8Array): number[] {
  rt.allocate(bytes.length * 8);
  rt.spend(bytes.length >> 3);
  return Array.from(bytes);
}

function rangeMembers(rt: Runtime, range: Range): number[] {
  rt.allocate(range.length * 8);
  rt.spend(range.length >> 3);
  return Array.from({ length: range.length }, (_, index) => range.start + index * range.step);
}

/** Lists what a view of a dict shows. */
export function viewMembers(rt: Runtime, view: DictView): unknown[] {
  const size = dictSize(view.dict);
  rt.allocate(size * 32);
  rt.spend(size);
  if (view.kind === "keys") return dictKeys(view.dict);
  const entries = dictEntries(view.dict);
  return view.kind === "values" ? entries.map((entry) => entry[1]) : entries.map((entry) => new Tuple(entry));
}

/** Lists the members of anything iterable, using up a generator. Throws TypeError for the rest. */
export function listMembers(rt: Runtime, value: unknown): readonly unknown[] {
  const members = membersOf(rt, value);
  if (members !== null) return members;
  const iterator = iteratorOf(rt, value);
  const items: unknown[] = [];
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(1);
    rt.allocate(8);
    items.push(next.value);
  }
  return items;
}

/** Gives an iterator over anything iterable. Throws TypeError for the rest. */
export function iteratorOf(rt: Runtime, value: unknown): Iterator<unknown> {
  if (value instanceof Generator) return value.iterator;
  if (value instanceof ObjectValue && value.iterate !== null) return value.iterate();
  const members = membersOf(rt, value);
  if (members !== null) return members[Symbol.iterator]();
  throw notIterable(value);
}

/** Tells whether `iter(value)` would work. */
export function isIterable(value: unknown): boolean {
  return (
    typeof value === "string" ||
    Array.isArray(value) ||
    value instanceof Tuple ||
    value instanceof Generator ||
    value instanceof DictView ||
    value instanceof Range ||
    value instanceof Markup ||
    value instanceof Uint8Array ||
    (value instanceof Undefined && value.behaviour !== "strict") ||
    (value instanceof ObjectValue && value.iterate !== null) ||
    isDict(value)
  );
}

function notIterable(value: unknown): Error {
  if (!isKnownValue(value)) return hostObjectError();
  return fail("TypeError", `'${typeName(value)}' object is not iterable`);
}

/** Gives `len(value)`, or -1 when the value has no length. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return codePointLength(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Markup) return codePointLength(value.text);
  if (value instanceof Range) return value.length;
  if (value instanceof DictView) return dictSize(value.dict);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Undefined) {
    if (value.behaviour === "strict") throw value.failure();
    return 0;
  }
  if (value instanceof ObjectValue && value.length !== null) return value.length();
  if (isDict(value)) return dictSize(value);
  return -1;
}

/** Gives `len(value)`. Throws TypeError when the value has none. */
export function lengthOf(value: unknown): number {
  const size = sizeOf(value);
  if (size >= 0) return size;
  if (!isKnownValue(value)) throw hostObjectError();
  throw fail("TypeError", `object of type '${typeName(value)}' has no len()`);
}

/** Applies Python's truth rules. */
export function isTrue(value: unknown): boolean {
  if (value === true || value === false) return value;
  if (typeof value === "string") return value !== "";
  if (value === null || value === 0) return false;
  if (typeof value !== "object") return true;
  if (value instanceof Undefined) {
    if (value.behaviour === "strict") throw value.failure();
    return false;
  }
  if (value instanceof Float) return value.value !== 0;
  return sizeOf(value) !== 0;
}
