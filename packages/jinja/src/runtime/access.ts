import { TemplateError } from "../errors.ts";
import { hasSurrogates, splitCharacters } from "../text/characters.ts";
import { reprText } from "../text/repr-text.ts";
import { asText } from "./arguments.ts";
import { bytesItem } from "./bytes.ts";
import { isDict, readDict } from "./dict.ts";
import { Float, HostFunction, Markup } from "./host-values.ts";
import { callNative, type Native } from "./native.ts";
import { isInt } from "./numbers.ts";
import { reprOf } from "./repr.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "./type-names.ts";
import { Callable, fail, MISSING, Namespace, ObjectValue, Range, Tuple, Undefined } from "./values.ts";

/** Is the pair that `groupby` gives: a tuple whose members also have names. */
export class GroupTuple extends Tuple {
  constructor(grouper: unknown, list: readonly unknown[]) {
    super([grouper, list]);
  }
}

/** Attributes that every Python object has; a template may not touch them. */
const OBJECT_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ " +
    "__init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ " +
    "__subclasshook__"
  ).split(" "),
);
const SIZED_ATTRIBUTES: ReadonlySet<string> = new Set("__len__ __contains__ __getitem__ __iter__".split(" "));

function hasPrivateAttribute(value: unknown, name: string): boolean {
  if (OBJECT_ATTRIBUTES.has(name)) return true;
  if (SIZED_ATTRIBUTES.has(name)) {
    return (
      typeof value === "string" ||
      Array.isArray(value) ||
      value instanceof Tuple ||
      value instanceof Markup ||
      isDict(value)
    );
  }
  if (name === "__dict__") return value instanceof ObjectValue || value instanceof HostFunction;
  return (
    name === "__call__" && (value instanceof Callable || value instanceof HostFunction || value instanceof ObjectValue)
  );
}

/** Applies Jinja's `value.name`: the attribute of the type, then the member of the data. */
export function readAttribute(rt: Runtime, value: unknown, name: string): unknown {
  const attribute = typeAttribute(rt, value, name);
  if (attribute !== MISSING) return attribute;
  const member = memberOf(value, name);
  return member === MISSING ? noSuchMember(rt, value, name) : member;
}

/** Applies `value.name` with the order turned round: the member of the data, then the attribute of the type. */
export function readMemberFirst(rt: Runtime, value: unknown, name: string): unknown {
  const member = memberOf(value, name);
  if (member !== MISSING) return member;
  const attribute = typeAttribute(rt, value, name);
  return attribute === MISSING ? noSuchMember(rt, value, name) : attribute;
}

/** Applies Jinja's `value[key]`: the item, then for a text key the attribute of the type. */
export function readItem(rt: Runtime, value: unknown, key: unknown): unknown {
  const item = itemOf(rt, value, key);
  if (item !== MISSING) return item;
  const name = asText(key);
  if (name !== null) {
    const attribute = typeAttribute(rt, value, name);
    if (attribute !== MISSING) return attribute;
  }
  return noSuchMember(rt, value, key);
}

/** Applies the `attr` filter: the attribute of the type only. */
export function readTypeAttribute(rt: Runtime, value: unknown, name: string): unknown {
  if (value instanceof Undefined && !OBJECT_ATTRIBUTES.has(name)) {
    return readAttribute(rt, value, name);
  }
  const attribute = typeAttribute(rt, value, name);
  return attribute === MISSING ? noSuchMember(rt, value, name) : attribute;
}

function typeAttribute(rt: Runtime, value: unknown, name: string): unknown {
  if (name.charCodeAt(0) === 95 && hasPrivateAttribute(value, name)) {
    const reason = `access to attribute '${name}' of '${typeName(value)}' object is unsafe.`;
    return new Undefined(rt.environment.undefinedBehaviour, reason, "SecurityError");
  }
  const found = rt.environment.findMethod(value, name);
  if (found !== undefined) return bindMethod(value, found);
  if (typeof value !== "object" || value === null) return numberAttribute(value, name);
  if (value instanceof ObjectValue) return value.member(name);
  if (value instanceof Namespace) {
    const member = value.members.get(name);
    return member === undefined ? MISSING : member;
  }
  if (value instanceof GroupTuple)
    return name === "grouper" ? value.items[0] : name === "list" ? value.items[1] : MISSING;
  if (value instanceof Float) return numberAttribute(value, name);
  if (value instanceof Range && (name === "start" || name === "stop" || name === "step")) return value[name];
  if (value instanceof Undefined) {
    if (value.behaviour === "chainable" || value.behaviour === "propagate") return value;
    throw value.failure();
  }
  return MISSING;
}

function numberAttribute(value: unknown, name: string): unknown {
  if (typeof value === "string" || value === null) return MISSING;
  const number = typeof value === "boolean" ? Number(value) : value;
  const whole = isInt(number);
  if (name === "real") return number;
  if (name === "imag") return whole ? 0 : new Float(0);
  if (whole && name === "numerator") return number;
  return whole && name === "denominator" ? 1 : MISSING;
}

/** Makes a method into a value that can be called later. */
export function bindMethod(self: unknown, target: Native): Callable {
  const shown = `<built-in method ${target.name} of ${typeName(self)} object at 0x7f0000000000>`;
  return new Callable(target.name, shown, (run, args, named) => callNative(run, target, [self, ...args], named));
}

/** Reads a member of data by text key. */
function memberOf(value: unknown, name: string): unknown {
  if (value === null || typeof value !== "object") return MISSING;
  if (value instanceof Undefined) {
    if (value.behaviour === "chainable" || value.behaviour === "propagate") return value;
    throw value.failure();
  }
  if (isDict(value)) return readDict(value, name);
  if (!isKnownValue(value)) throw hostObjectError();
  return MISSING;
}

function itemOf(rt: Runtime, value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return itemAt(value, key);
  if (typeof value === "string") return characterAt(rt, value, key);
  if (typeof value !== "object" || value === null) return MISSING;
  if (value instanceof Undefined) {
    if (value.behaviour === "chainable" || value.behaviour === "propagate") return value;
    throw value.failure();
  }
  if (isDict(value)) return memberByKey(value, key);
  if (value instanceof Tuple) return itemAt(value.items, key);
  if (value instanceof Markup) {
    const character = characterAt(rt, value.text, key);
    return character === MISSING ? MISSING : new Markup(character as string);
  }
  if (value instanceof Range) return rangeItem(value, key);
  if (value instanceof Uint8Array) return bytesItem(value, indexOf(key, value.length));
  if (!isKnownValue(value)) throw hostObjectError();
  return MISSING;
}

/** Reads a member by a key of any kind; a key that cannot be one finds nothing. */
function memberByKey(dict: object, key: unknown): unknown {
  if (typeof key !== "object" || key === null) return readDict(dict, key);
  try {
    return readDict(dict, key);
  } catch (error) {
    if (error instanceof TemplateError && error.type === "TypeError") return MISSING;
    throw error;
  }
}

/** Turns a Python index into an offset; -1 when it is out of range or no int. */
function indexOf(key: unknown, length: number): number {
  const index = typeof key === "boolean" ? Number(key) : key;
  if (typeof index !== "number" || !Number.isSafeInteger(index)) return -1;
  const offset = index < 0 ? index + length : index;
  return offset >= 0 && offset < length ? offset : -1;
}

function itemAt(items: readonly unknown[], key: unknown): unknown {
  const offset = indexOf(key, items.length);
  if (offset === -1) return MISSING;
  const item = items[offset];
  return item === undefined ? null : item;
}

function characterAt(rt: Runtime, text: string, key: unknown): unknown {
  if (!hasSurrogates(text)) {
    const offset = indexOf(key, text.length);
    return offset === -1 ? MISSING : text.charAt(offset);
  }
  rt.spend(text.length >> 2);
  rt.allocate(text.length * 8);
  return itemAt(splitCharacters(text), key);
}

function rangeItem(range: Range, key: unknown): unknown {
  const offset = indexOf(key, range.length);
  return offset === -1 ? MISSING : range.start + offset * range.step;
}

/** Makes the undefined value for a member that does not exist. */
export function noSuchMember(rt: Runtime, value: unknown, key: unknown): Undefined {
  const owner = value === null ? "None" : `${ownerName(value)} object`;
  const name = asText(key);
  const reason =
    name === null ? `${owner} has no element ${reprOf(rt, key)}` : `'${owner}' has no attribute ${reprText(name)}`;
  return new Undefined(rt.environment.undefinedBehaviour, reason);
}

function ownerName(value: unknown): string {
  const name = typeName(value);
  if (value instanceof Namespace) return "jinja2.utils.Namespace";
  if (value instanceof Markup) return "markupsafe.Markup";
  return value instanceof ObjectValue ? `jinja2.runtime.${name}` : name;
}

/** Says why a name is undefined. */
export function noSuchName(name: string): string {
  return `${reprText(name)} is undefined`;
}

/** Makes the undefined value that a host's or a filter's empty answer stands for. */
export function emptyValue(rt: Runtime, reason: string): Undefined {
  return new Undefined(rt.environment.undefinedBehaviour, reason);
}

/** Makes the error for calling what cannot be called. */
export function notCallable(value: unknown): Error {
  if (value instanceof Undefined) return value.failure();
  if (!isKnownValue(value)) return hostObjectError();
  return fail("TypeError", `'${typeName(value)}' object is not callable`);
}
