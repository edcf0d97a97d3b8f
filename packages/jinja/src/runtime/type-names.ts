import { Dict, isPlainObject } from "./dict.ts";
import { Float, HostFunction, Markup } from "./host-values.ts";
import { Callable, DictView, fail, Generator, Namespace, ObjectValue, Range, Tuple, Undefined } from "./values.ts";

/** Names the Python type of a value, for messages. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "number":
      return Number.isSafeInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "object":
      return value === null ? "NoneType" : objectTypeName(value);
    default:
      return "host object";
  }
}

function objectTypeName(value: object): string {
  if (Array.isArray(value)) return "list";
  if (value instanceof Dict || value instanceof Map) return "dict";
  if (value instanceof Tuple) return "tuple";
  if (value instanceof Float) return "float";
  if (value instanceof Markup) return "Markup";
  if (value instanceof Undefined) {
    return value.behaviour === "strict"
      ? "StrictUndefined"
      : value.behaviour === "chainable"
        ? "ChainableUndefined"
        : "Undefined";
  }
  if (value instanceof Range) return "range";
  if (value instanceof Generator) return value.name.startsWith("<") ? "list_reverseiterator" : "generator";
  if (value instanceof DictView) return `dict_${value.kind}`;
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Namespace) return "Namespace";
  if (value instanceof ObjectValue) return value.typeName;
  if (value instanceof Callable) return "builtin_function_or_method";
  if (value instanceof HostFunction) return "function";
  return isPlainObject(value) ? "dict" : "host object";
}

/** Tells whether a value is one the language knows; anything else is an object of the host and out of reach. */
export function isKnownValue(value: unknown): boolean {
  return typeName(value) !== "host object";
}

/** Makes the error for an object of the host that a template touched. */
export function hostObjectError(): Error {
  return fail("SecurityError", "the context holds an object of the host, which a template cannot read");
}
