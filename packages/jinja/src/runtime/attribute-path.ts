import { readItem } from "./access.ts";
import { asText } from "./arguments.ts";
import { Markup } from "./host-values.ts";
import type { Runtime } from "./runtime.ts";
import { Undefined } from "./values.ts";

/** Reads a value from an item, such as the attribute that a filter was told to use. */
export type Getter = (rt: Runtime, item: unknown) => unknown;

/** Splits `"address.0.city"` into keys; what is no text is one key, and `null` is no key at all. */
function keysOf(attribute: unknown): unknown[] {
  if (attribute === null) return [];
  const text = asText(attribute);
  if (text === null) return [attribute];
  return text.split(".").map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));
}

function readPath(rt: Runtime, item: unknown, keys: readonly unknown[], fallback: unknown): unknown {
  let value = item;
  for (const key of keys) {
    rt.spend(1);
    value = readItem(rt, value, key);
    if (fallback !== null && value instanceof Undefined) value = fallback;
  }
  return value;
}

/** Writes texts in lower case and leaves everything else. */
export function ignoreCase(value: unknown): unknown {
  if (typeof value === "string") return value.toLowerCase();
  return value instanceof Markup ? value.text.toLowerCase() : value;
}

/** Settings of a getter. */
export interface GetterOptions {
  readonly ignoreCase?: boolean;
  /** Stands in for undefined members. */
  readonly fallback?: unknown;
}

/** Makes a getter for one attribute path. */
export function makeGetter(attribute: unknown, options: GetterOptions = {}): Getter {
  const keys = keysOf(attribute);
  const fallback = options.fallback ?? null;
  return (rt, item) => {
    const value = readPath(rt, item, keys, fallback);
    return options.ignoreCase === true ? ignoreCase(value) : value;
  };
}

/** Makes a getter for several attribute paths with commas between them; it gives a list. */
export function makeListGetter(
  attribute: unknown,
  options: GetterOptions = {},
): (rt: Runtime, item: unknown) => unknown[] {
  const text = asText(attribute);
  const getters = (text === null ? [attribute] : text.split(",")).map((part) => makeGetter(part, options));
  return (rt, item) => getters.map((getter) => getter(rt, item));
}
