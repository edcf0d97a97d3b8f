import type { Runtime } from "../runtime/runtime.ts";
import { fail } from "../runtime/values.ts";
import { codePointLength, hasSurrogates, trimBoth, unitOffset } from "./characters.ts";

/** Settings of `wrapLine`. */
export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

const SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
const NO_SPACE = "[^\\t\\n\\x0b\\x0c\\r ]";
const WORD = "[\\p{L}\\p{N}_]";
const PUNCTUATED = "[\\p{L}\\p{N}_!\"'&.,?]";
const LETTER = "[\\p{L}\\p{Nl}\\p{No}_]";

/** Cuts a line into words, runs of blanks, and the parts of hyphenated words, as Python's `textwrap` does. */
const CHUNKS = new RegExp(
  `(?:${SPACE}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|${NO_SPACE}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${PUNCTUATED}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  "gu",
);
const SIMPLE_CHUNKS = new RegExp(`${SPACE}+|${NO_SPACE}+`, "gu");

/** Wraps one line to a width. */
export function wrapLine(rt: Runtime, line: string, options: WrapOptions): string[] {
  if (options.width <= 0) throw fail("ValueError", `invalid width ${options.width} (must be > 0)`);
  rt.spend(line.length >> 1);
  rt.allocate(line.length * 4);
  const chunks = cutChunks(line, options.breakOnHyphens ? CHUNKS : SIMPLE_CHUNKS);
  rt.spend(chunks.length);
  return fillLines(rt, chunks, options);
}

function cutChunks(line: string, pattern: RegExp): string[] {
  const chunks: string[] = [];
  let from = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > from) chunks.push(line.slice(from, match.index));
    chunks.push(match[0]);
    from = match.index + match[0].length;
  }
  if (from < line.length) chunks.push(line.slice(from));
  return chunks;
}

function fillLines(rt: Runtime, chunks: readonly string[], options: WrapOptions): string[] {
  const { width } = options;
  const lines: string[] = [];
  const rest = chunks.slice().reverse();
  while (rest.length > 0) {
    rt.spend(4);
    let current: string[] = [];
    let length = 0;
    if (lines.length > 0 && isBlank(rest.at(-1))) rest.pop();
    while (rest.length > 0) {
      const size = codePointLength(rest.at(-1) as string);
      if (length + size > width) break;
      current.push(rest.pop() as string);
      length += size;
    }
    if (rest.length > 0 && codePointLength(rest.at(-1) as string) > width) breakWord(rest, current, length, options);
    if (current.length > 0 && isBlank(current.at(-1))) current = current.slice(0, -1);
    if (current.length > 0) {
      rt.allocate(16);
      lines.push(current.join(""));
    }
  }
  return lines;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && trimBoth(chunk) === "";
}

/** Puts as much of a word as fits on the current line, or the whole word on a line of its own. */
function breakWord(rest: string[], current: string[], length: number, options: WrapOptions): void {
  const word = rest.at(-1) as string;
  if (!options.breakLongWords) {
    if (current.length === 0) current.push(rest.pop() as string);
    return;
  }
  const room = options.width - length;
  const units = hasSurrogates(word) ? unitOffset(word, room) : room;
  let end = units;
  if (options.breakOnHyphens && word.length > units) {
    const hyphen = units === 0 ? -1 : word.lastIndexOf("-", units - 1);
    if (hyphen > 0 && /[^-]/.test(word.slice(0, hyphen))) end = hyphen + 1;
  }
  current.push(word.slice(0, end));
  rest[rest.length - 1] = word.slice(end);
}
