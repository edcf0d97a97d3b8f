import { equalJson, isObject, type Obj, setMember } from "../json-value.ts";

/**
 * The difference between two JSON values, as a JSON value that reads like what it adds:
 *
 *   { "a": 1, "b": { "c": 2 }, "d": 3 }  →  { "a": 1, "b": { "c": 5 } }   is   { "b": { "c": 5 }, "$remove": ["d"] }
 *
 * Objects are compared member by member; everything else, lists included, is replaced whole. A member of the data
 * that begins with `$remove` gets one more `$` in front.
 */
export const removeMember = "$remove";

const guardName = (name: string): string => (/^\$*\$remove/.test(name) ? `$${name}` : name);
const plainName = (name: string): string => (/^\$+\$remove/.test(name) ? name.slice(1) : name);

/** What must be added to `base` to get `target`; undefined if they are equal. */
export function difference(base: unknown, target: unknown): unknown {
  if (base === target) return undefined;
  if (!isObject(base) || !isObject(target)) return equalJson(base, target) ? undefined : guarded(target);
  const result: Obj = {};
  const removed: string[] = [];
  for (const name of Object.keys(base)) if (!Object.hasOwn(target, name)) removed.push(name);
  for (const [name, value] of Object.entries(target)) {
    if (!Object.hasOwn(base, name)) setMember(result, guardName(name), guarded(value));
    else {
      const inner = difference(base[name], value);
      if (inner !== undefined) setMember(result, guardName(name), inner);
    }
  }
  if (removed.length > 0) result[removeMember] = removed;
  return Object.keys(result).length === 0 ? undefined : result;
}

/** Escapes members of data that look like ours, at every level that is compared member by member. */
function guarded(value: unknown): unknown {
  if (!isObject(value)) return value;
  let copy: Obj | undefined;
  for (const [name, item] of Object.entries(value)) {
    const safe = guarded(item);
    if (safe === item && guardName(name) === name) continue;
    copy = {};
    break;
  }
  if (copy === undefined) return value;
  for (const [name, item] of Object.entries(value)) setMember(copy, guardName(name), guarded(item));
  return copy;
}

/** Adds a difference to `base`; neither is changed. */
export function withDifference(base: unknown, patch: unknown): unknown {
  if (patch === undefined) return base;
  if (!isObject(patch)) return patch;
  const from = isObject(base) ? base : {};
  const result: Obj = {};
  const removed = new Set(Array.isArray(patch[removeMember]) ? (patch[removeMember] as string[]) : []);
  for (const [name, value] of Object.entries(from)) if (!removed.has(name)) setMember(result, name, value);
  for (const [written, value] of Object.entries(patch)) {
    if (written === removeMember) continue;
    const name = plainName(written);
    const known = isObject(base) && Object.hasOwn(from, name) ? from[name] : undefined;
    setMember(result, name, isObject(value) ? withDifference(isObject(known) ? known : undefined, value) : value);
  }
  return result;
}
