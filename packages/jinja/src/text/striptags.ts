import type { Runtime } from "../runtime/runtime.ts";
import { isSpaceCode } from "./characters.ts";
import { namedEntities } from "./entities.ts";

/** Removes comments, then tags, collapses white space and resolves entities, in linear time. */
export function stripTags(rt: Runtime, text: string): string {
  rt.spend(text.length);
  rt.allocate(text.length * 2);
  const withoutTags = removeBetween(removeBetween(text, "<!--", "-->"), "<", ">");
  return unescapeHtml(rt, collapseSpaces(withoutTags));
}

function removeBetween(text: string, opening: string, closing: string): string {
  let result = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf(opening, from);
    const end = start === -1 ? -1 : text.indexOf(closing, start + opening.length);
    if (end === -1) return result + text.slice(from);
    result += text.slice(from, start);
    from = end + closing.length;
  }
}

function collapseSpaces(text: string): string {
  const words: string[] = [];
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const space = index === text.length || isSpaceCode(text.charCodeAt(index));
    if (!space && start === -1) start = index;
    if (space && start !== -1) {
      words.push(text.slice(start, index));
      start = -1;
    }
  }
  return words.join(" ");
}

const REFERENCE = /&(#[0-9]{1,12};?|#[xX][0-9a-fA-F]{1,12};?|[^\t\n\f <&#;]{1,32};?)/g;
/** What browsers and Python read in the place of C1 controls. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Resolves character references like Python's `html.unescape`. */
export function unescapeHtml(rt: Runtime, text: string): string {
  if (!text.includes("&")) return text;
  rt.spend(text.length);
  rt.allocate(text.length);
  return text.replace(REFERENCE, (whole, body: string) => (body.startsWith("#") ? numeric(body) : named(whole, body)));
}

function numeric(body: string): string {
  const digits = body.replace(/;$/, "").slice(1);
  const code = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252.charAt(code - 0x80);
  if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return "\ufffd";
  if (code === 0xd) return "\r";
  const control =
    (code < 0x20 && code !== 9 && code !== 10 && code !== 12) || (code >= 0x7f && code <= 0x9f) || code === 11;
  const nonCharacter = (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
  return control || nonCharacter ? "" : String.fromCodePoint(code);
}

function named(whole: string, body: string): string {
  const entities = namedEntities();
  const exact = entities.get(body);
  if (exact !== undefined) return exact;
  for (let length = body.length - 1; length > 1; length--) {
    const value = entities.get(body.slice(0, length));
    if (value !== undefined) return value + body.slice(length);
  }
  return whole;
}
