import { floatText } from "../text/float-text.ts";
import { reprText } from "../text/repr-text.ts";
import { bytesText } from "./bytes.ts";
import { dictKeys, isDict, readDict } from "./dict.ts";
import { Float, HostFunction, Markup } from "./host-values.ts";
import { viewMembers } from "./iterate.ts";
import { bitLength } from "./numbers.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError } from "./type-names.ts";
import { Callable, DictView, fail, Generator, Namespace, ObjectValue, Range, Tuple, Undefined } from "./values.ts";

/** Writes a value as Python's `str` does. */
export function textOf(rt: Runtime, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? `${value}` : floatText(value);
  if (value instanceof Markup) return value.text;
  if (value instanceof Undefined) {
    if (value.behaviour === "strict") throw value.failure();
    return "";
  }
  return reprOf(rt, value);
}

/** Writes a value as Python's `repr` does; what is written is charged as allocated. */
export function reprOf(rt: Runtime, value: unknown): string {
  switch (typeof value) {
    case "string": {
      rt.allocate(value.length + 2);
      rt.spend(value.length >> 4);
      return reprText(value);
    }
    case "number":
      return Number.isSafeInteger(value) ? `${value}` : floatText(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return bigintText(rt, value);
    case "object":
      return value === null ? "None" : reprObject(rt, value);
    default:
      throw hostObjectError();
  }
}

/** Largest number of digits that Python converts between int and str. */
const MAX_INT_DIGITS = 4300;

/** Writes a large int. */
export function bigintText(rt: Runtime, value: bigint): string {
  const bits = bitLength(value);
  rt.spend(bits >> 5);
  rt.allocate(bits >> 2);
  const text = value.toString();
  if (text.length - (value < 0n ? 1 : 0) > MAX_INT_DIGITS) {
    throw fail("ValueError", `Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion`);
  }
  return text;
}

function reprObject(rt: Runtime, value: object): string {
  if (Array.isArray(value)) return reprNested(rt, value, () => `[${reprItems(rt, value)}]`, "[...]");
  if (isDict(value)) return reprNested(rt, value, () => `{${reprPairs(rt, value)}}`, "{...}");
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple) {
    const items = value.items;
    return reprNested(
      rt,
      value,
      () => (items.length === 1 ? `(${reprItems(rt, items)},)` : `(${reprItems(rt, items)})`),
      "(...)",
    );
  }
  if (value instanceof Markup) return `Markup(${reprText(value.text)})`;
  if (value instanceof Undefined) return "Undefined";
  if (value instanceof DictView)
    return reprNested(rt, value, () => `dict_${value.kind}([${reprItems(rt, viewMembers(rt, value))}])`, "...");
  if (value instanceof Range) {
    return value.step === 1
      ? `range(${value.start}, ${value.stop})`
      : `range(${value.start}, ${value.stop}, ${value.step})`;
  }
  if (value instanceof Uint8Array) {
    rt.allocate(value.length * 4);
    rt.spend(value.length >> 2);
    return bytesText(value);
  }
  if (value instanceof Generator) {
    const shown = value.name === "<reversed>" ? "list_reverseiterator object" : `generator object ${value.name}`;
    return `<${shown} at 0x7f0000000000>`;
  }
  if (value instanceof Namespace) {
    return reprNested(rt, value, () => `<Namespace {${reprMembers(rt, value)}}>`, "<Namespace ...>");
  }
  if (value instanceof Callable) return value.shown;
  if (value instanceof ObjectValue) return value.shown();
  if (value instanceof HostFunction) return `<function ${value.name}>`;
  throw hostObjectError();
}

const open: object[] = [];

/** Writes a container, guarding against containers that hold themselves and against deep ones. */
function reprNested(rt: Runtime, value: object, write: () => string, again: string): string {
  if (open.includes(value)) return again;
  rt.enter();
  open.push(value);
  try {
    return write();
  } finally {
    open.pop();
    rt.depth--;
  }
}

function reprItems(rt: Runtime, items: readonly unknown[]): string {
  let text = "";
  rt.spend(items.length);
  for (let index = 0; index < items.length; index++) {
    const item = reprOf(rt, items[index] === undefined ? null : items[index]);
    text += index === 0 ? item : `, ${item}`;
    rt.allocate(item.length + 2);
  }
  return text;
}

function reprPairs(rt: Runtime, dict: object): string {
  let text = "";
  const keys = dictKeys(dict);
  rt.spend(keys.length);
  for (const key of keys) {
    const pair = `${reprOf(rt, key)}: ${reprOf(rt, readDict(dict, key))}`;
    rt.allocate(pair.length + 2);
    text += text === "" ? pair : `, ${pair}`;
  }
  return text;
}

function reprMembers(rt: Runtime, namespace: Namespace): string {
  return Array.from(namespace.members, ([key, value]) => `${reprText(key)}: ${reprOf(rt, value)}`).join(", ");
}
