import { Float, Markup } from "./host-values.ts";
import { asNumeric, isInt } from "./numbers.ts";
import { typeName } from "./type-names.ts";
import { fail } from "./values.ts";

/** Largest index that Python's C code takes (`Py_ssize_t`), as a double. */
const MAX_INDEX = 2 ** 63;

/** Reads an argument that must be an int (bool counts); beyond the range of an index it is an OverflowError. */
export function asIndex(value: unknown): number {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  if (typeof number === "bigint") throw fail("OverflowError", "Python int too large to convert to C ssize_t");
  throw fail("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** Reads a bound of a slice: an int of any size (clamped), or nothing. */
export function asSliceBound(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const number = asNumeric(value);
  if (number === undefined || !isInt(number)) {
    throw fail("TypeError", "slice indices must be integers or None or have an __index__ method");
  }
  if (typeof number === "bigint") return number < 0n ? -MAX_INDEX : MAX_INDEX;
  return number;
}

/** Gives the text of a str or Markup, or `null` for anything else. */
export function asText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return value instanceof Markup ? value.text : null;
}

/** Reads an argument that must be a str. */
export function requireText(value: unknown, message: string): string {
  const text = asText(value);
  if (text === null) throw fail("TypeError", `${message}, not ${typeName(value)}`);
  return text;
}

/** Reads a number as a double where only its size matters; `null` for anything that is no number. */
export function asDouble(value: unknown): number | null {
  const number = asNumeric(value);
  if (number === undefined) return null;
  return number instanceof Float ? number.value : Number(number);
}

/** Turns Python's bounds into offsets for a sequence of `length` members. */
export function resolveRange(
  start: unknown,
  end: unknown,
  length: number,
): { readonly from: number; readonly to: number } {
  const clamp = (bound: number | null, fallback: number): number => {
    if (bound === null) return fallback;
    return bound < 0 ? Math.max(0, bound + length) : bound;
  };
  return { from: clamp(asSliceBound(start), 0), to: Math.min(length, clamp(asSliceBound(end), length)) };
}
