import { makeInt } from "../runtime/numbers.ts";

const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;

/** Is a number read from a source. */
interface Literal<T> {
  readonly value: T;
  readonly end: number;
}

/** Reads a float literal at `index`, or gives `null` when there is none. */
export function floatLiteral(source: string, index: number): Literal<number> | null {
  FLOAT.lastIndex = index;
  const match = FLOAT.exec(source);
  return match === null ? null : { value: Number(match[0].replaceAll("_", "")), end: FLOAT.lastIndex };
}

/** Matches what can stand behind the first digit of a number. */
const NUMBER_PART = /[\w]/;

/** Largest number of digits that Python converts between int and str. */
const MAX_DIGITS = 4300;

/** Reads an integer literal at `index`, where a digit stands; `null` when it has more digits than Python reads. */
export function integerLiteral(source: string, index: number): Literal<number | bigint> | null {
  const digit = source.charCodeAt(index) - 48;
  // One digit and no more is what most templates have.
  if (!NUMBER_PART.test(source.charAt(index + 1))) return { value: digit, end: index + 1 };
  INTEGER.lastIndex = index;
  const match = INTEGER.exec(source) as RegExpExecArray;
  if (match[0].length > MAX_DIGITS) return null;
  return { value: makeInt(BigInt(match[0].replaceAll("_", ""))), end: INTEGER.lastIndex };
}
