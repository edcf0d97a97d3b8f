import { buildDict } from "../methods/dict-methods.ts";
import { bindMethod } from "./access.ts";
import { asIndex, asText } from "./arguments.ts";
import { dictEntries } from "./dict.ts";
import { Markup } from "./host-values.ts";
import { isTrue } from "./iterate.ts";
import { LOREM_WORDS } from "./lorem.ts";
import { bindArguments, type Native, native, variadic } from "./native.ts";
import type { Runtime } from "./runtime.ts";
import { Callable, fail, MISSING, Namespace, ObjectValue, Range } from "./values.ts";

/** Longest range that the sandbox allows. */
const MAX_RANGE = 100_000;

function makeRange(args: readonly unknown[]): Range {
  if (args.length === 0) throw fail("TypeError", "range expected at least 1 argument, got 0");
  if (args.length > 3) throw fail("TypeError", `range expected at most 3 arguments, got ${args.length}`);
  const numbers = args.map(rangeBound);
  const [start, stop] = numbers.length === 1 ? [0, numbers[0] as number] : [numbers[0] as number, numbers[1] as number];
  const step = numbers[2] ?? 1;
  if (step === 0) throw fail("ValueError", "range() arg 3 must not be zero");
  const range = new Range(start, stop, step);
  if (range.length > MAX_RANGE) {
    throw fail("OverflowError", `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
  }
  return range;
}

function rangeBound(value: unknown): number {
  return typeof value === "bigint" ? Number(value) : asIndex(value);
}

function makeNamespace(rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null): Namespace {
  const namespace = new Namespace();
  rt.allocate(64);
  for (const [key, value] of dictEntries(buildDict(rt, args, named))) {
    const name = asText(key);
    if (name !== null) namespace.members.set(name, value);
  }
  return namespace;
}

function member(owner: ObjectValue, target: Native): Callable {
  return bindMethod(owner, target);
}

function makeCycler(rt: Runtime, items: readonly unknown[]): ObjectValue {
  if (items.length === 0) throw fail("RuntimeError", "at least one item has to be provided");
  let position = 0;
  rt.allocate(64 + items.length * 8);
  const next = native("next", [["self"]], () => {
    const item = items[position];
    position = (position + 1) % items.length;
    return item;
  });
  const reset = native("reset", [["self"]], () => {
    position = 0;
    return null;
  });
  const shown = (): string => "<jinja2.utils.Cycler object at 0x7f0000000000>";
  const read = (name: string): unknown => {
    if (name === "current") return items[position];
    if (name === "next") return member(cycler, next);
    if (name === "reset") return member(cycler, reset);
    if (name === "items") return items;
    return name === "pos" ? position : MISSING;
  };
  const cycler: ObjectValue = new ObjectValue("Cycler", { shown, member: read });
  return cycler;
}

function makeJoiner(rt: Runtime, separator: unknown): ObjectValue {
  let used = false;
  rt.allocate(64);
  const shown = (): string => "<jinja2.utils.Joiner object at 0x7f0000000000>";
  const read = (name: string): unknown => (name === "sep" ? separator : name === "used" ? used : MISSING);
  const invoke = (): unknown => {
    if (used) return separator;
    used = true;
    return "";
  };
  return new ObjectValue("Joiner", { shown, member: read, invoke });
}

const LIPSUM = native(
  "generate_lorem_ipsum",
  [
    ["n", 5],
    ["html", true],
    ["min", 20],
    ["max", 100],
  ],
  () => null,
);

/** Makes paragraphs of filler text. */
function makeLorem(rt: Runtime, args: unknown[]): unknown {
  const [count, html, least, most] = args;
  const paragraphs: string[] = [];
  for (let index = 0; index < asIndex(count); index++)
    paragraphs.push(makeParagraph(rt, asIndex(least), asIndex(most)));
  if (!isTrue(html)) return paragraphs.join("\n\n");
  return new Markup(paragraphs.map((text) => `<p>${text}</p>`).join("\n"));
}

function makeParagraph(rt: Runtime, least: number, most: number): string {
  if (most <= least) throw fail("ValueError", `empty range for randrange() (${least}, ${most}, ${most - least})`);
  const size = least + Math.floor(Math.random() * (most - least));
  rt.spend(size);
  rt.allocate(size * 12);
  const words = Array.from(
    { length: Math.max(1, size) },
    () => LOREM_WORDS[Math.floor(Math.random() * LOREM_WORDS.length)] as string,
  );
  const text = words.join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function callable(name: string, shown: string, target: Native): readonly [string, Callable] {
  return [
    name,
    new Callable(name, shown, (rt, args, named) => {
      if (target.variadic !== null) return target.variadic(rt, args, named);
      return target.run(rt, bindArguments(target, args, named));
    }),
  ];
}

const NEXT_KEYWORDS = "takes no keyword arguments";

function refuseNames(name: string, named: Map<string, unknown> | null): void {
  if (named !== null && named.size > 0) throw fail("TypeError", `${name}() ${NEXT_KEYWORDS}`);
}

/** The functions that every template can call. */
export const BUILTIN_GLOBALS: ReadonlyMap<string, unknown> = new Map([
  callable(
    "range",
    "<function safe_range>",
    variadic("range", (_rt, args, named) => {
      refuseNames("range", named);
      return makeRange(args);
    }),
  ),
  callable("dict", "<class 'dict'>", variadic("dict", buildDict)),
  callable("namespace", "<class 'jinja2.utils.Namespace'>", variadic("namespace", makeNamespace)),
  callable(
    "cycler",
    "<class 'jinja2.utils.Cycler'>",
    variadic("cycler", (rt, args, named) => {
      refuseNames("cycler", named);
      return makeCycler(rt, args);
    }),
  ),
  callable(
    "joiner",
    "<class 'jinja2.utils.Joiner'>",
    native("joiner", [["sep", ", "]], (rt, [separator]) => makeJoiner(rt, separator)),
  ),
  callable(
    "lipsum",
    "<function generate_lorem_ipsum>",
    variadic("lipsum", (rt, args, named) => makeLorem(rt, bindArguments(LIPSUM, args, named))),
  ),
]);
