import { method, type Native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { isSpaceCode } from "../text/characters.ts";
import { isPrintable } from "../text/repr-text.ts";

const CASED = /\p{Cased}/u;
const UPPER = /[\p{Uppercase}]/u;
const LOWER = /[\p{Lowercase}]/u;
const TITLE = /\p{Lt}/u;

function begin(rt: Runtime, args: unknown[]): string {
  const text = args[0] as string;
  rt.allocate(text.length);
  rt.spend(text.length >> 4);
  return text;
}

/** Writes the first character of a word: digraphs such as ǆ have a title case of their own. */
function titleCharacter(character: string): string {
  const upper = character.toUpperCase();
  const code = character.codePointAt(0) as number;
  if (code >= 0x1c4 && code <= 0x1cc) return code <= 0x1c6 ? "ǅ" : code <= 0x1c9 ? "ǈ" : "ǋ";
  if (code >= 0x1f1 && code <= 0x1f3) return "ǲ";
  return upper.length > 1 ? upper.charAt(0) + upper.slice(1).toLowerCase() : upper;
}

/** Applies Python's `str.capitalize`. */
export function capitalizeText(text: string): string {
  if (text === "") return "";
  const first = String.fromCodePoint(text.codePointAt(0) as number);
  return titleCharacter(first) + text.slice(first.length).toLowerCase();
}

/** Applies Python's `str.title`: every run of cased letters is a word. */
export function titleText(text: string): string {
  let result = "";
  let inWord = false;
  for (const character of text) {
    const cased = CASED.test(character);
    result += cased ? (inWord ? character.toLowerCase() : titleCharacter(character)) : character;
    inWord = cased;
  }
  return result;
}

function swapCharacter(character: string): string {
  if (UPPER.test(character)) return character.toLowerCase();
  return LOWER.test(character) ? character.toUpperCase() : character;
}

function isTitle(text: string): boolean {
  let found = false;
  let inWord = false;
  for (const character of text) {
    const upper = UPPER.test(character) || TITLE.test(character);
    const lower = LOWER.test(character);
    if (upper && inWord) return false;
    if (lower && !inWord) return false;
    inWord = upper || lower;
    found ||= inWord;
  }
  return found;
}

/** Tells whether all cased characters are upper case and there is one. */
export function isUpperText(text: string): boolean {
  return UPPER.test(text) && !LOWER.test(text) && !TITLE.test(text);
}

/** Tells whether all cased characters are lower case and there is one. */
export function isLowerText(text: string): boolean {
  return LOWER.test(text) && !UPPER.test(text) && !TITLE.test(text);
}

function isSpaceText(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (!isSpaceCode(text.charCodeAt(index))) return false;
  return text !== "";
}

function everyCharacter(text: string, test: (character: string) => boolean): boolean {
  for (const character of text) if (!test(character)) return false;
  return true;
}

const foldCase = (text: string): string => text.replace(/ß|ẞ/g, "ss").replace(/ς/g, "σ").toLowerCase();

const transform = (name: string, change: (text: string) => string): Native =>
  method(name, [], (rt, args) => change(begin(rt, args)));

const test = (name: string, check: (text: string) => boolean): Native =>
  method(name, [], (rt, args) => {
    const text = args[0] as string;
    rt.spend(text.length >> 3);
    return check(text);
  });

const matches = (name: string, pattern: RegExp): Native => test(name, (text) => pattern.test(text));

/** Methods of str that change or look at the case and class of characters. */
export const STR_CASE_METHODS: readonly Native[] = [
  transform("upper", (text) => text.toUpperCase()),
  transform("lower", (text) => text.toLowerCase()),
  transform("capitalize", capitalizeText),
  transform("title", titleText),
  transform("swapcase", (text) => Array.from(text, swapCharacter).join("")),
  transform("casefold", foldCase),
  test("isupper", isUpperText),
  test("islower", isLowerText),
  test("istitle", isTitle),
  test("isspace", isSpaceText),
  test("isprintable", (text) => everyCharacter(text, isPrintable)),
  matches("isascii", /^[\x00-\x7f]*$/),
  matches("isalpha", /^\p{L}+$/u),
  matches("isdecimal", /^\p{Nd}+$/u),
  matches("isdigit", /^[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐]+$/u),
  matches("isnumeric", /^[\p{N}一二三四五六七八九十百千万億兆零〇]+$/u),
  matches("isalnum", /^[\p{L}\p{N}]+$/u),
  matches("isidentifier", /^[\p{ID_Start}_][\p{ID_Continue}]*$/u),
];
