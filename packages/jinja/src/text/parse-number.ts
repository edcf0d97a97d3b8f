import { makeInt } from "../runtime/numbers.ts";
import { fail } from "../runtime/values.ts";
import { trimBoth } from "./characters.ts";

const DIGIT = /\p{Nd}/u;

/** Replaces decimal digits of other scripts by ASCII ones. */
function asciiDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return Array.from(text, (character) => {
    if (!DIGIT.test(character) || character < "\x80") return character;
    let zero = character.codePointAt(0) as number;
    // Digits of a script stand in a row of ten that starts at a multiple of the row's own zero.
    while (DIGIT.test(String.fromCodePoint(zero - 1)) && (character.codePointAt(0) as number) - zero < 9) zero--;
    return String((character.codePointAt(0) as number) - zero);
  }).join("");
}

const PREFIXES: Readonly<Record<string, number>> = { "0b": 2, "0o": 8, "0x": 16 };
/** Largest number of digits that Python converts between int and str. */
const MAX_DIGITS = 4300;

/** Reads a text as Python's `int(text, base)`; `null` when it is no int. */
export function parseInteger(text: string, base: number): number | bigint | null {
  if (base !== 0 && (base < 2 || base > 36)) throw fail("ValueError", "int() base must be >= 2 and <= 36, or 0");
  const body = asciiDigits(trimBoth(text));
  const match = /^([+-]?)(.*)$/s.exec(body);
  const negative = match?.[1] === "-";
  const plain = match?.[2] ?? "";
  const prefix = PREFIXES[plain.slice(0, 2).toLowerCase()];
  const prefixed = prefix !== undefined && (base === 0 || base === prefix);
  const radix = base === 0 ? (prefix ?? 10) : base;
  const digits = prefixed ? plain.slice(2).replace(/^_/, "") : plain;
  if (!/^[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*$/.test(digits)) return null;
  const clean = digits.replaceAll("_", "");
  if (base === 0 && !prefixed && /^0+[1-9]/.test(clean)) return null;
  if (clean.length > MAX_DIGITS && (radix & (radix - 1)) !== 0) {
    throw fail("ValueError", `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`);
  }
  const value = readDigits(clean, radix);
  return value === null ? null : makeInt(negative ? -value : value);
}

function readDigits(digits: string, radix: number): bigint | null {
  if (radix === 10) return /^[0-9]+$/.test(digits) ? BigInt(digits) : null;
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const amount = Number.parseInt(digit, 36);
    if (amount >= radix) return null;
    value = value * BigInt(radix) + BigInt(amount);
  }
  return value;
}

const FLOAT =
  /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:e[+-]?[0-9]+(?:_[0-9]+)*)?$/i;

/** Reads a text as Python's `float(text)`; `null` when it is no float. */
export function parseFloatText(text: string): number | null {
  const body = asciiDigits(trimBoth(text));
  if (FLOAT.test(body)) return Number(body.replaceAll("_", ""));
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(body);
  if (word === null) return null;
  const value = word[2]?.toLowerCase() === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
  return word[1] === "-" ? -value : value;
}
