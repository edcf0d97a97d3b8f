import { requireOwnership } from "../runtime/copy.ts";
import { copyDict, Dict, dictEntries, dictKeys, isDict, readDict } from "../runtime/dict.ts";
import { listMembers } from "../runtime/iterate.ts";
import { method, type Native, variadic } from "../runtime/native.ts";
import { reprOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { DictView, fail, MISSING, Tuple } from "../runtime/values.ts";

/** Adds pairs to a dict: from another dict, or from a sequence of pairs, then from named arguments. */
export function updateDict(
  rt: Runtime,
  target: Dict,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): void {
  if (args.length > 1) throw fail("TypeError", `update expected at most 1 argument, got ${args.length}`);
  if (args.length === 1) addAll(rt, target, args[0]);
  for (const [name, value] of named ?? []) add(rt, target, name, value);
}

function addAll(rt: Runtime, target: Dict, source: unknown): void {
  if (isDict(source)) {
    for (const [key, value] of dictEntries(source)) add(rt, target, key, value);
    return;
  }
  const items = listMembers(rt, source);
  for (let index = 0; index < items.length; index++) {
    const pair = pairOf(rt, items[index], index);
    add(rt, target, pair[0], pair[1]);
  }
}

function pairOf(rt: Runtime, item: unknown, index: number): readonly unknown[] {
  if (typeof item === "number" || item === null || typeof item === "boolean") {
    throw fail("TypeError", `cannot convert dictionary update sequence element #${index} to a sequence`);
  }
  const pair = listMembers(rt, item);
  if (pair.length !== 2) {
    throw fail("ValueError", `dictionary update sequence element #${index} has length ${pair.length}; 2 is required`);
  }
  return pair;
}

function add(rt: Runtime, target: Dict, key: unknown, value: unknown): void {
  rt.spend(1);
  rt.allocate(48);
  target.set(key, value);
}

/** Requires a dict that may be changed. */
function own(rt: Runtime, value: unknown): Dict {
  requireOwnership(rt);
  return value as Dict;
}

function copy(rt: Runtime, source: object): Dict {
  const size = dictKeys(source).length;
  rt.spend(size);
  rt.allocate(size * 48);
  return copyDict(source);
}

function popItem(rt: Runtime, dict: Dict): Tuple {
  const keys = dictKeys(dict);
  rt.spend(keys.length >> 3);
  if (keys.length === 0) throw fail("KeyError", "'popitem(): dictionary is empty'");
  const key = keys[keys.length - 1];
  const pair = new Tuple([key, dict.get(key)]);
  dict.delete(key);
  return pair;
}

function pop(rt: Runtime, dict: Dict, key: unknown, fallback: unknown): unknown {
  const value = dict.get(key);
  if (value === MISSING) {
    if (fallback === MISSING) throw fail("KeyError", reprOf(rt, key));
    return fallback;
  }
  dict.delete(key);
  return value;
}

function fromKeys(rt: Runtime, keys: unknown, value: unknown): Dict {
  const dict = new Dict();
  for (const key of listMembers(rt, keys)) add(rt, dict, key, value);
  return dict;
}

/** Methods of dict. */
export const DICT_METHODS: readonly Native[] = [
  method("keys", [], (_rt, args) => new DictView("keys", args[0] as object)),
  method("values", [], (_rt, args) => new DictView("values", args[0] as object)),
  method("items", [], (_rt, args) => new DictView("items", args[0] as object)),
  method("get", [["key"], ["default", null]], (_rt, args) => {
    const value = readDict(args[0] as object, args[1]);
    return value === MISSING ? args[2] : value;
  }),
  method("copy", [], (rt, args) => copy(rt, args[0] as object)),
  method("fromkeys", [["iterable"], ["value", null]], (rt, args) => fromKeys(rt, args[1], args[2])),
  method("clear", [], (rt, args) => {
    own(rt, args[0]).clear();
    return null;
  }),
  method("pop", [["key"], ["default", MISSING]], (rt, args) => pop(rt, own(rt, args[0]), args[1], args[2])),
  method("popitem", [], (rt, args) => popItem(rt, own(rt, args[0]))),
  method("setdefault", [["key"], ["default", null]], (rt, args) => {
    const dict = own(rt, args[0]);
    const value = dict.get(args[1]);
    if (value !== MISSING) return value;
    add(rt, dict, args[1], args[2]);
    return args[2];
  }),
  variadic("update", (rt, args, named) => {
    updateDict(rt, own(rt, args[0]), args.slice(1), named);
    return null;
  }),
];

/** Makes a dict as the global `dict(…)` does. */
export function buildDict(rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null): Dict {
  if (args.length > 1) throw fail("TypeError", `dict expected at most 1 argument, got ${args.length}`);
  const dict = new Dict();
  if (args.length === 1 && !isDict(args[0]) && typeName(args[0]) === "host object") {
    throw fail("SecurityError", "the context holds an object of the host, which a template cannot read");
  }
  updateDict(rt, dict, args, named);
  return dict;
}
