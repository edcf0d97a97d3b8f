import { Dict, isPlainObject } from "./dict.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Asks for the render to start again on copies of the host's data. A template that changes a list or dict (`items.append(x)`)
 * is rare; only then is host data copied, so that the change is seen in the template and never outside it.
 */
export class CopyRequest {
  readonly kind = "copy request";
}

/** Makes sure that lists and dicts may be changed. */
export function requireOwnership(rt: Runtime): void {
  if (rt.copying === null) throw new CopyRequest();
}

/** Copies host data into values that the template owns; the same host object always gives the same copy. */
export function copyHostValue(rt: Runtime, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  if (!isList && !(value instanceof Map) && !isPlainObject(value)) return value;
  const copies = rt.copying as Map<object, unknown>;
  const known = copies.get(value);
  if (known !== undefined) return known;
  rt.enter();
  const copy = isList ? copyList(rt, copies, value) : copyMembers(rt, copies, value);
  rt.depth--;
  return copy;
}

function copyList(rt: Runtime, copies: Map<object, unknown>, value: readonly unknown[]): unknown[] {
  rt.spend(value.length);
  rt.allocate(value.length * 8);
  const copy: unknown[] = [];
  copies.set(value, copy);
  copies.set(copy, copy);
  for (const item of value) copy.push(copyHostValue(rt, item));
  return copy;
}

function copyMembers(
  rt: Runtime,
  copies: Map<object, unknown>,
  value: Map<unknown, unknown> | Record<string, unknown>,
): Dict {
  const entries = value instanceof Map ? Array.from(value) : Object.entries(value);
  rt.spend(entries.length);
  rt.allocate(entries.length * 32);
  const copy = new Dict();
  copies.set(value, copy);
  for (const [key, item] of entries) if (item !== undefined) copy.set(key, copyHostValue(rt, item));
  return copy;
}
