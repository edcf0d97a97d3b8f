/** JSON values as this package handles them: parsed documents are unknown until a guard has looked. */

/** A JSON object whose members are not known yet. */
export type Obj = Record<string, unknown>;

/** Says whether a value is a JSON object (not null, not a list). */
export const isObject = (value: unknown): value is Obj =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Yields the value as an object, or an empty one. */
export const asObject = (value: unknown): Obj => (isObject(value) ? value : {});

/** Yields the value as a list, or an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Yields the value if it is text. */
export const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Yields the value if it is text with something in it besides white space. */
export const asFilledText = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

/** Lists the text members of a list; anything else in it is left out. */
export const asTexts = (value: unknown): readonly string[] =>
  asList(value).filter((item): item is string => typeof item === "string");

/**
 * Sets a member also where its name is `__proto__`, which an assignment would take for the prototype.
 */
export function setMember(target: Obj, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else target[name] = value;
}

/** Reads an own member; inherited ones (`constructor`, `toString`) do not count. */
export const member = (object: unknown, name: string): unknown =>
  isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;

/** Copies the object without the named members. */
export function without(object: Obj, ...names: readonly string[]): Obj {
  const copy: Obj = {};
  for (const [name, value] of Object.entries(object)) if (!names.includes(name)) setMember(copy, name, value);
  return copy;
}

/** Says whether two JSON values are equal, whatever the order of their members. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && equalJson(a[name], b[name]));
}
