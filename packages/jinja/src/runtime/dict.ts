import { Float, Markup } from "./host-values.ts";
import { fail, MISSING, Tuple, Undefined } from "./values.ts";

/**
 * Is a dict made by a template: keys of any hashable kind in insertion order. Keys that are equal in Python (1, 1.0, True)
 * share one entry; `originals` remembers the key that was written first where it differs from its hash key.
 */
export class Dict {
  readonly entries = new Map<unknown, unknown>();
  originals: Map<unknown, unknown> | null = null;

  get(key: unknown): unknown {
    const hash = typeof key === "string" ? key : hashKey(key);
    const value = this.entries.get(hash);
    return value === undefined && !this.entries.has(hash) ? MISSING : value;
  }

  set(key: unknown, value: unknown): void {
    const hash = hashKey(key);
    if (hash !== key && !this.entries.has(hash)) {
      this.originals ??= new Map();
      this.originals.set(hash, key);
    }
    this.entries.set(hash, value);
  }

  delete(key: unknown): boolean {
    const hash = hashKey(key);
    this.originals?.delete(hash);
    return this.entries.delete(hash);
  }

  clear(): void {
    this.entries.clear();
    this.originals = null;
  }

  /** Gives the key as it was written. */
  original(hash: unknown): unknown {
    const key = this.originals?.get(hash);
    return key === undefined ? hash : key;
  }
}

const UNDEFINED_KEY = Symbol("undefined");

/** Maps a key to a value that is the same for keys that Python holds equal. Throws TypeError for lists and dicts. */
export function hashKey(key: unknown): unknown {
  if (typeof key === "string") return key.charCodeAt(0) === 0 ? `\0s${key}` : key;
  if (typeof key === "number") return Number.isInteger(key) && !Number.isSafeInteger(key) ? BigInt(key) : key;
  if (key === null) return key;
  if (typeof key === "boolean") return key ? 1 : 0;
  if (key instanceof Float) return key.value;
  if (key instanceof Markup) return hashKey(key.text);
  if (key instanceof Tuple) return `\0t${hashTuple(key)}`;
  if (key instanceof Undefined) {
    if (key.behaviour === "strict") throw key.failure();
    return UNDEFINED_KEY;
  }
  if (Array.isArray(key)) throw fail("TypeError", "unhashable type: 'list'");
  if (isDict(key)) throw fail("TypeError", "unhashable type: 'dict'");
  return key;
}

/** Longest text that stands for a tuple used as a key. */
const LONGEST_KEY = 1 << 16;

function hashTuple(tuple: Tuple): string {
  let text = "";
  for (const item of tuple.items) {
    const hash = hashKey(item);
    const part =
      typeof hash === "symbol" ? "u" : typeof hash === "object" && hash !== null ? `o${identify(hash)}` : String(hash);
    text += `${typeof hash}${part.length}:${part}`;
    // A tuple that holds the same tuple twice, again and again, would have a key of any length.
    if (text.length > LONGEST_KEY) throw fail("LimitError", "a tuple used as a key is too large");
  }
  return text;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** Numbers an object, so that identity can take part in a text key. */
function identify(value: object): number {
  let identity = identities.get(value);
  if (identity === undefined) {
    identity = ++lastIdentity;
    identities.set(value, identity);
  }
  return identity;
}

/** Tells whether a value is an object of the host's data: prototype `Object.prototype` or none. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Is any of the values that a template sees as a dict. */
export type DictLike = Dict | Map<unknown, unknown> | Record<string, unknown>;

/** Tells whether a value is a dict: the template's own, the host's object, or a host `Map`. */
export function isDict(value: unknown): value is DictLike {
  return value instanceof Dict || isPlainObject(value) || value instanceof Map;
}

/** Reads a member of a dict; MISSING when it has none. */
export function readDict(dict: object, key: unknown): unknown {
  if (dict instanceof Dict) return dict.get(key);
  if (dict instanceof Map) {
    const hash = hashKey(key);
    const value = dict.get(hash);
    return value === undefined && !dict.has(hash) ? MISSING : value;
  }
  const name = key instanceof Markup ? key.text : key;
  if (typeof name !== "string") {
    hashKey(key);
    return MISSING;
  }
  if (!Object.hasOwn(dict, name)) return MISSING;
  const value = (dict as Record<string, unknown>)[name];
  return value === undefined ? MISSING : value;
}

/** Counts the members of a dict. */
export function dictSize(dict: object): number {
  if (dict instanceof Dict) return dict.entries.size;
  if (dict instanceof Map) return dict.size;
  return dictKeys(dict).length;
}

/** Lists the keys of a dict as they were written; members of host objects that are `undefined` do not exist. */
export function dictKeys(dict: object): unknown[] {
  if (dict instanceof Dict) {
    const keys = Array.from(dict.entries.keys());
    return dict.originals === null ? keys : keys.map((hash) => dict.original(hash));
  }
  if (dict instanceof Map) return Array.from(dict.keys());
  const record = dict as Record<string, unknown>;
  const keys = Object.keys(record);
  for (const key of keys) if (record[key] === undefined) return keys.filter((name) => record[name] !== undefined);
  return keys;
}

/** Lists the members of a dict as pairs. */
export function dictEntries(dict: object): [unknown, unknown][] {
  return dictKeys(dict).map((key) => [key, readDict(dict, key)]);
}

/** Makes a dict from pairs. */
export function makeDict(pairs: Iterable<readonly [unknown, unknown]>): Dict {
  const dict = new Dict();
  for (const [key, value] of pairs) dict.set(key, value);
  return dict;
}

/** Copies a dict of any kind into one that a template may change. */
export function copyDict(source: object): Dict {
  return makeDict(dictEntries(source));
}
