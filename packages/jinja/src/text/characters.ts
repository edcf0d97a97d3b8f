/** Tells whether a code unit is white space for Python (`str.isspace`, `\s`); JavaScript's `\s` differs in six characters. */
export function isSpaceCode(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Tells whether a code unit ends a line for Python's `str.splitlines`. */
export function isLineEndCode(code: number): boolean {
  return (
    (code >= 10 && code <= 13) || (code >= 0x1c && code <= 0x1e) || code === 0x85 || code === 0x2028 || code === 0x2029
  );
}

/** Gives the index of the first character from `start` that is not white space. */
export function skipSpaces(text: string, start: number): number {
  let index = start;
  while (index < text.length && isSpaceCode(text.charCodeAt(index))) index++;
  return index;
}

/** Removes white space at the end. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpaceCode(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Removes white space at both ends. */
export function trimBoth(text: string): string {
  const rest = trimEnd(text);
  const start = skipSpaces(rest, 0);
  return start === 0 ? rest : rest.slice(start);
}

const SURROGATES = /[\ud800-\udfff]/;

/** Tells whether a text holds characters that take two code units, so that positions need care. */
export function hasSurrogates(text: string): boolean {
  return SURROGATES.test(text);
}

/** Counts code points, Python's `len` of a str. */
export function codePointLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Splits into characters (code points). */
export function splitCharacters(text: string): string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split("");
}

/** Translates a position counted in code points into one counted in code units. */
export function unitOffset(text: string, codePoints: number): number {
  let units = 0;
  for (let count = 0; count < codePoints && units < text.length; count++) {
    units += (text.codePointAt(units) as number) > 0xffff ? 2 : 1;
  }
  return units;
}

/** Compares by code point, as Python does; JavaScript compares code units. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (!hasSurrogates(left) && !hasSurrogates(right)) return left < right ? -1 : 1;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rankUnit(a) - rankUnit(b);
  }
  return left.length - right.length;
}

/** Ranks surrogates above all other code units, which gives the order of code points. */
function rankUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
