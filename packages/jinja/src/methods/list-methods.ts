import { asIndex, resolveRange } from "../runtime/arguments.ts";
import { areEqual, orderForSort } from "../runtime/compare.ts";
import { requireOwnership } from "../runtime/copy.ts";
import { listMembers } from "../runtime/iterate.ts";
import { method, type Native, native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Callable, fail, type Tuple } from "../runtime/values.ts";

function indexIn(rt: Runtime, items: readonly unknown[], args: unknown[], kind: string): number {
  const { from, to } = resolveRange(args[2], args[3], items.length);
  for (let index = from; index < to; index++) {
    rt.spend(1);
    if (items[index] === args[1] || areEqual(rt, items[index], args[1])) return index;
  }
  throw fail("ValueError", kind === "tuple" ? "tuple.index(x): x not in tuple" : "the value is not in list");
}

function countIn(rt: Runtime, items: readonly unknown[], wanted: unknown): number {
  rt.spend(items.length);
  return items.filter((item) => item === wanted || areEqual(rt, item, wanted)).length;
}

/** Defines a method that changes its list. */
function changing(
  name: string,
  params: readonly (readonly [string] | readonly [string, unknown])[],
  run: (rt: Runtime, list: unknown[], args: unknown[]) => unknown,
): Native {
  return method(name, params, (rt, args) => {
    requireOwnership(rt);
    rt.spend(1);
    const result = run(rt, args[0] as unknown[], args);
    return result === undefined ? null : result;
  });
}

/** Applies a key function given as an argument, or leaves the item. */
export function applyKey(rt: Runtime, key: unknown, item: unknown): unknown {
  if (key === null) return item;
  if (key instanceof Callable) return key.invoke(rt, [item], null);
  throw fail("TypeError", "the key must be callable");
}

const sort = native("sort", [["self"], ["key", null], ["reverse", false]], (rt, args) => {
  requireOwnership(rt);
  const list = args[0] as unknown[];
  const sign = asIndex(args[2]) === 0 ? 1 : -1;
  const keyed = list.map((item) => ({ item, key: applyKey(rt, args[1], item) }));
  keyed.sort((a, b) => sign * orderForSort(rt, a.key, b.key));
  for (let index = 0; index < keyed.length; index++) list[index] = keyed[index]?.item;
  return null;
});

/** Methods of list. */
export const LIST_METHODS: readonly Native[] = [
  changing("append", [["object"]], (rt, list, args) => {
    rt.allocate(16);
    list.push(args[1]);
  }),
  changing("extend", [["iterable"]], (rt, list, args) => {
    const items = listMembers(rt, args[1]).slice();
    rt.allocate(items.length * 16);
    rt.spend(items.length);
    for (const item of items) list.push(item);
  }),
  changing("insert", [["index"], ["object"]], (rt, list, args) => {
    rt.allocate(16);
    rt.spend(list.length >> 3);
    list.splice(resolveRange(asIndex(args[1]), null, list.length).from, 0, args[2]);
  }),
  changing("pop", [["index", -1]], (rt, list, args) => {
    if (list.length === 0) throw fail("IndexError", "pop from empty list");
    const index = asIndex(args[1]);
    const offset = index < 0 ? index + list.length : index;
    if (offset < 0 || offset >= list.length) throw fail("IndexError", "pop index out of range");
    rt.spend((list.length - offset) >> 3);
    return list.splice(offset, 1)[0];
  }),
  changing("remove", [["value"]], (rt, list, args) => {
    for (let index = 0; index < list.length; index++) {
      rt.spend(1);
      if (list[index] === args[1] || areEqual(rt, list[index], args[1])) {
        list.splice(index, 1);
        return;
      }
    }
    throw fail("ValueError", "list.remove(x): x not in list");
  }),
  changing("reverse", [], (rt, list) => {
    rt.spend(list.length);
    list.reverse();
  }),
  changing("clear", [], (_rt, list) => {
    list.length = 0;
  }),
  sort,
  method("copy", [], (rt, args) => {
    const list = args[0] as unknown[];
    rt.allocate(list.length * 8);
    rt.spend(list.length >> 3);
    return list.slice();
  }),
  method("count", [["value"]], (rt, args) => countIn(rt, args[0] as unknown[], args[1])),
  method("index", [["value"], ["start", null], ["stop", null]], (rt, args) =>
    indexIn(rt, args[0] as unknown[], args, "list"),
  ),
];

/** Methods of tuple. */
export const TUPLE_METHODS: readonly Native[] = [
  method("count", [["value"]], (rt, args) => countIn(rt, (args[0] as Tuple).items, args[1])),
  method("index", [["value"], ["start", null], ["stop", null]], (rt, args) =>
    indexIn(rt, (args[0] as Tuple).items, args, "tuple"),
  ),
];
