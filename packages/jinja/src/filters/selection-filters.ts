import { readTypeAttribute } from "../runtime/access.ts";
import { asText } from "../runtime/arguments.ts";
import { type Getter, makeGetter } from "../runtime/attribute-path.ts";
import { isTrue, iteratorOf } from "../runtime/iterate.ts";
import { callNative, type Native, native, variadic } from "../runtime/native.ts";
import { reprOf, textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, Generator } from "../runtime/values.ts";

type Named = Map<string, unknown> | null;

/** Finds a filter or test by the name that a template gave as text. */
function lookUp(rt: Runtime, table: ReadonlyMap<string, Native>, name: unknown, what: string): Native {
  const text = asText(name);
  const found = text === null ? undefined : table.get(text);
  if (found === undefined) throw fail("TemplateRuntimeError", `No ${what} named ${reprOf(rt, name)}.`);
  return found;
}

function mapper(rt: Runtime, args: readonly unknown[], named: Named): Getter {
  if (args.length === 0 && named?.has("attribute")) {
    const rest = Array.from(named.keys()).find((key) => key !== "attribute" && key !== "default");
    if (rest !== undefined) throw fail("FilterArgumentError", `Unexpected keyword argument '${rest}'`);
    return makeGetter(named.get("attribute"), { fallback: named.get("default") ?? null });
  }
  if (args.length === 0) throw fail("FilterArgumentError", "map requires a filter argument");
  const [name, ...rest] = args;
  let filter: Native | null = null;
  return (run, item) => {
    filter ??= lookUp(rt, rt.environment.filters, name, "filter");
    return callNative(run, filter, [item, ...rest], named);
  };
}

/** Applies to each item; nothing happens, not even a check of the arguments, before the first item is asked for. */
function* mapItems(
  rt: Runtime,
  value: unknown,
  args: readonly unknown[],
  named: Named,
): Iterator<unknown> & Iterable<unknown> {
  if (!isTrue(value)) return;
  const apply = mapper(rt, args, named);
  const iterator = iteratorOf(rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(5);
    yield apply(rt, next.value);
  }
}

/** Says which items a filter of this family keeps. */
interface Selection {
  readonly keep: boolean;
  readonly byAttribute: boolean;
}

function chooser(
  rt: Runtime,
  args: readonly unknown[],
  named: Named,
  selection: Selection,
): (item: unknown) => boolean {
  if (selection.byAttribute && args.length === 0)
    throw fail("FilterArgumentError", "Missing parameter for attribute name");
  const getter = selection.byAttribute ? makeGetter(args[0]) : null;
  const [name, ...rest] = selection.byAttribute ? args.slice(1) : args;
  const count = args.length - (selection.byAttribute ? 1 : 0);
  const read = (item: unknown): unknown => (getter === null ? item : getter(rt, item));
  if (count === 0) return (item) => isTrue(read(item)) === selection.keep;
  let test: Native | null = null;
  return (item) => {
    const value = read(item);
    test ??= lookUp(rt, rt.environment.tests, name, "test");
    return isTrue(callNative(rt, test, [value, ...rest], named)) === selection.keep;
  };
}

function* chooseItems(
  rt: Runtime,
  value: unknown,
  args: readonly unknown[],
  named: Named,
  selection: Selection,
): Iterator<unknown> & Iterable<unknown> {
  if (!isTrue(value)) return;
  const keeps = chooser(rt, args, named, selection);
  const iterator = iteratorOf(rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    rt.spend(5);
    if (keeps(next.value)) yield next.value;
  }
}

function choosing(name: string, selection: Selection): Native {
  return variadic(
    name,
    (rt, [value, ...args], named) => new Generator("select_or_reject", chooseItems(rt, value, args, named, selection)),
    { impure: true },
  );
}

/** Filters that apply a filter, a test or an attribute to each item. */
export const SELECTION_FILTERS: readonly Native[] = [
  variadic("map", (rt, [value, ...args], named) => new Generator("sync_do_map", mapItems(rt, value, args, named)), {
    impure: true,
  }),
  choosing("select", { keep: true, byAttribute: false }),
  choosing("reject", { keep: false, byAttribute: false }),
  choosing("selectattr", { keep: true, byAttribute: true }),
  choosing("rejectattr", { keep: false, byAttribute: true }),
  native("attr", [["obj"], ["name"]], (rt, [value, name]) => {
    if (asText(name) === null) throw fail("TypeError", "attribute name must be string");
    return readTypeAttribute(rt, value, textOf(rt, name));
  }),
];
