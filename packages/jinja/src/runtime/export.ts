import { Dict, dictEntries } from "./dict.ts";
import { Float, HostFunction, Markup } from "./host-values.ts";
import { listMembers } from "./iterate.ts";
import { textOf } from "./repr.ts";
import type { Runtime } from "./runtime.ts";
import { DictView, Generator, Namespace, Range, Tuple, Undefined } from "./values.ts";

/**
 * Gives the native value of a template value: whole floats become numbers, tuples and lazy sequences arrays, a template's dicts
 * objects. Objects of the host come back as they are; lists are copied only when something inside had to change.
 */
export function exportValue(rt: Runtime, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return exportList(rt, value);
  if (value instanceof Undefined) return undefined;
  if (value instanceof Float) return value.value;
  if (value instanceof Markup) return value.text;
  if (value instanceof Dict) return exportDict(rt, value);
  if (value instanceof Map) return exportDict(rt, value);
  if (value instanceof Tuple) return exportList(rt, value.items);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Range || value instanceof DictView || value instanceof Generator) {
    return exportList(rt, listMembers(rt, value));
  }
  if (value instanceof HostFunction || value instanceof Namespace) return textOf(rt, value);
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? value : textOf(rt, value);
}

function exportList(rt: Runtime, items: readonly unknown[]): unknown[] {
  rt.enter();
  rt.spend(1 + (items.length >> 2));
  let copy: unknown[] | null = null;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== "object" || item === null) continue;
    const exported = exportValue(rt, item);
    if (exported === item) continue;
    if (copy === null) {
      rt.allocate(items.length * 8);
      copy = items.slice();
    }
    copy[index] = exported === undefined ? null : exported;
  }
  rt.depth--;
  return copy ?? (items as unknown[]);
}

function exportDict(rt: Runtime, dict: object): Record<string, unknown> {
  rt.enter();
  const entries = dictEntries(dict);
  rt.spend(entries.length);
  rt.allocate(entries.length * 32);
  const result: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    const value = exportValue(rt, item);
    if (value === undefined) continue;
    const name = typeof key === "string" ? key : textOf(rt, key);
    if (name === "__proto__")
      Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    else result[name] = value;
  }
  rt.depth--;
  return result;
}
