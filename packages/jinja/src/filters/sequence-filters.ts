import { emptyValue, GroupTuple } from "../runtime/access.ts";
import { asIndex, asText } from "../runtime/arguments.ts";
import { ignoreCase, makeGetter, makeListGetter } from "../runtime/attribute-path.ts";
import { areEqual, isOrdered, orderForSort } from "../runtime/compare.ts";
import { dictEntries, hashKey, isDict } from "../runtime/dict.ts";
import { Markup } from "../runtime/host-values.ts";
import { isTrue, iteratorOf, lengthOf, listMembers } from "../runtime/iterate.ts";
import { type Native, native } from "../runtime/native.ts";
import { applyBinary } from "../runtime/operators.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Generator, MISSING, Tuple, Undefined } from "../runtime/values.ts";
import { splitCharacters } from "../text/characters.ts";

/** Makes a lazy sequence. */
function lazy(name: string, items: Iterator<unknown>): Generator {
  return new Generator(name, items);
}

/** Copies the members of a sequence into a list. */
function toList(rt: Runtime, value: unknown): unknown[] {
  const items = listMembers(rt, value);
  rt.allocate(items.length * 8);
  rt.spend(items.length >> 3);
  return items.map((item) => (item === undefined ? null : item));
}

/** Sorts by keys that were computed once; stable, also when reversed. */
function sortBy(
  rt: Runtime,
  items: readonly unknown[],
  keyOf: (item: unknown) => unknown,
  reverse: boolean,
): unknown[] {
  rt.allocate(items.length * 32);
  const sign = reverse ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => sign * orderForSort(rt, a.key, b.key));
  return keyed.map(({ item }) => item);
}

function first(rt: Runtime, value: unknown): unknown {
  if (Array.isArray(value))
    return value.length > 0 ? (value[0] ?? null) : emptyValue(rt, "No first item, sequence was empty.");
  const next = iteratorOf(rt, value).next();
  return next.done === true ? emptyValue(rt, "No first item, sequence was empty.") : next.value;
}

function last(rt: Runtime, value: unknown): unknown {
  if (value instanceof Generator) throw fail("TypeError", `'${typeName(value)}' object is not reversible`);
  if (!(value instanceof Undefined)) lengthOf(value);
  const items = listMembers(rt, value);
  if (value instanceof Markup && items.length > 0) return new Markup(items.at(-1) as string);
  return items.length === 0 ? emptyValue(rt, "No last item, sequence was empty.") : items[items.length - 1];
}

function reverse(rt: Runtime, value: unknown): unknown {
  const text = asText(value);
  if (text !== null) {
    rt.allocate(text.length * 2);
    const reversed = splitCharacters(text).reverse().join("");
    return value instanceof Markup ? new Markup(reversed) : reversed;
  }
  const isLazy = value instanceof Generator;
  try {
    const items = toList(rt, value).reverse();
    return isLazy ? items : lazy("<reversed>", items[Symbol.iterator]());
  } catch (error) {
    if (isPlainTypeError(error)) throw fail("FilterArgumentError", "argument must be iterable");
    throw error;
  }
}

function isPlainTypeError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "type" in error && error.type === "TypeError";
}

function* batches(rt: Runtime, value: unknown, size: unknown, fill: unknown): Iterator<unknown> & Iterable<unknown> {
  let row: unknown[] = [];
  const iterator = iteratorOf(rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(2);
    rt.allocate(16);
    if (areEqual(rt, row.length, size)) {
      // What an engine takes for a list that is about to grow, so that many short rows cost what they are.
      rt.allocate(160);
      yield row;
      row = [];
    }
    row.push(next.value);
  }
  if (row.length === 0) return;
  if (fill !== null && isOrdered(rt, "<", row.length, size)) addFill(rt, row, asIndex(size) - row.length, fill);
  yield row;
}

function addFill(rt: Runtime, row: unknown[], count: number, fill: unknown): void {
  rt.allocate(count * 8);
  rt.spend(count >> 3);
  for (let index = 0; index < count; index++) row.push(fill);
}

function* slices(rt: Runtime, value: unknown, count: unknown, fill: unknown): Iterator<unknown> & Iterable<unknown> {
  const items = toList(rt, value);
  const size = applyBinary(rt, "//", items.length, count) as number;
  const longer = applyBinary(rt, "%", items.length, count) as number;
  const total = asIndex(count);
  let offset = 0;
  for (let index = 0; index < total; index++) {
    rt.spend(2);
    rt.allocate(32 + size * 8);
    const start = offset + index * size;
    if (index < longer) offset++;
    const row = items.slice(start, offset + (index + 1) * size);
    if (fill !== null && index >= longer) row.push(fill);
    yield row;
  }
}

function* uniques(
  rt: Runtime,
  value: unknown,
  caseSensitive: unknown,
  attribute: unknown,
): Iterator<unknown> & Iterable<unknown> {
  const getter = makeGetter(attribute, { ignoreCase: !isTrue(caseSensitive) });
  const seen = new Set<unknown>();
  const iterator = iteratorOf(rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(2);
    rt.allocate(32);
    const key = hashKey(getter(rt, next.value));
    if (seen.has(key)) continue;
    seen.add(key);
    yield next.value;
  }
}

function extreme(rt: Runtime, args: readonly unknown[], operator: "<" | ">"): unknown {
  const [value, caseSensitive, attribute] = args;
  const getter = makeGetter(attribute, { ignoreCase: !isTrue(caseSensitive) });
  const iterator = iteratorOf(rt, value);
  let best: unknown = MISSING;
  let bestKey: unknown = null;
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(2);
    const key = getter(rt, next.value);
    if (best === MISSING || isOrdered(rt, operator, key, bestKey)) {
      best = next.value;
      bestKey = key;
    }
  }
  return best === MISSING ? emptyValue(rt, "No aggregated item, sequence was empty.") : best;
}

function sum(rt: Runtime, value: unknown, attribute: unknown, start: unknown): unknown {
  const getter = attribute === null ? null : makeGetter(attribute);
  if (asText(start) !== null) throw fail("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  let total = start;
  const iterator = iteratorOf(rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(1);
    total = applyBinary(rt, "+", total, getter === null ? next.value : getter(rt, next.value));
  }
  return total;
}

function dictSort(rt: Runtime, args: readonly unknown[]): unknown[] {
  const [value, caseSensitive, by, reversed] = args;
  if (by !== "key" && by !== "value") throw fail("FilterArgumentError", 'You can only sort by either "key" or "value"');
  if (value instanceof Undefined) throw value.failure();
  if (!isDict(value)) throw fail("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  const position = by === "key" ? 0 : 1;
  const fold = isTrue(caseSensitive) ? (key: unknown): unknown => key : ignoreCase;
  const pairs = dictEntries(value).map((pair) => new Tuple(pair));
  rt.spend(pairs.length);
  return sortBy(rt, pairs, (pair) => fold((pair as Tuple).items[position]), asIndex(reversed) !== 0);
}

function groupBy(rt: Runtime, args: readonly unknown[]): GroupTuple[] {
  const [value, attribute, fallback, caseSensitive] = args;
  const folded = !isTrue(caseSensitive);
  const getter = makeGetter(attribute, { ignoreCase: folded, fallback });
  const shown = makeGetter(attribute, { fallback });
  const groups: GroupTuple[] = [];
  let rows: unknown[] = [];
  let current: unknown = MISSING;
  for (const item of sortBy(rt, toList(rt, value), (row) => getter(rt, row), false)) {
    const key = getter(rt, item);
    if (current === MISSING || !areEqual(rt, current, key)) {
      rows = [];
      rt.allocate(64);
      groups.push(new GroupTuple(folded ? shown(rt, item) : key, rows));
      current = key;
    }
    rows.push(item);
  }
  return groups;
}

function* pairs(rt: Runtime, value: unknown): Iterator<unknown> & Iterable<unknown> {
  if (value instanceof Undefined) return;
  if (!isDict(value)) throw fail("TypeError", "Can only get item pairs from a mapping.");
  for (const pair of dictEntries(value)) {
    rt.spend(1);
    rt.allocate(32);
    yield new Tuple(pair);
  }
}

function random(rt: Runtime, value: unknown): unknown {
  const size = lengthOf(value);
  const items = listMembers(rt, value);
  return size === 0
    ? emptyValue(rt, "No random item, sequence was empty.")
    : items[Math.floor(Math.random() * items.length)];
}

const SELECTION = [
  ["case_sensitive", false],
  ["attribute", null],
] as const;

/** Filters over sequences. */
export const SEQUENCE_FILTERS: readonly Native[] = [
  native("first", [["seq"]], (rt, [value]) => first(rt, value)),
  native("last", [["seq"]], (rt, [value]) => last(rt, value)),
  native("list", [["value"]], (rt, [value]) => toList(rt, value)),
  native("length", [["obj"]], (_rt, [value]) => lengthOf(value), { named: false }),
  native("count", [["obj"]], (_rt, [value]) => lengthOf(value), { named: false }),
  native("reverse", [["value"]], (rt, [value]) => reverse(rt, value)),
  native("random", [["seq"]], (rt, [value]) => random(rt, value), { impure: true }),
  native("batch", [["value"], ["linecount"], ["fill_with", null]], (rt, [value, size, fill]) =>
    lazy("do_batch", batches(rt, value, size, fill)),
  ),
  native("slice", [["value"], ["slices"], ["fill_with", null]], (rt, [value, count, fill]) =>
    lazy("sync_do_slice", slices(rt, value, count, fill)),
  ),
  native("unique", [["value"], ...SELECTION], (rt, [value, sensitive, attribute]) =>
    lazy("do_unique", uniques(rt, value, sensitive, attribute)),
  ),
  native("min", [["value"], ...SELECTION], (rt, args) => extreme(rt, args, "<")),
  native("max", [["value"], ...SELECTION], (rt, args) => extreme(rt, args, ">")),
  native("sum", [["iterable"], ["attribute", null], ["start", 0]], (rt, [value, attribute, start]) =>
    sum(rt, value, attribute, start),
  ),
  native("sort", [["value"], ["reverse", false], ...SELECTION], (rt, [value, reversed, sensitive, attribute]) => {
    const getter = makeListGetter(attribute, { ignoreCase: !isTrue(sensitive) });
    return sortBy(rt, toList(rt, value), (item) => getter(rt, item), asIndex(reversed) !== 0);
  }),
  native("dictsort", [["value"], ["case_sensitive", false], ["by", "key"], ["reverse", false]], (rt, args) =>
    dictSort(rt, args),
  ),
  native("groupby", [["value"], ["attribute"], ["default", null], ["case_sensitive", false]], (rt, args) =>
    groupBy(rt, args),
  ),
  native("items", [["value"]], (rt, [value]) => lazy("do_items", pairs(rt, value))),
];
