import type { Runtime } from "../runtime/runtime.ts";
import { codePointLength, isSpaceCode, splitCharacters } from "./characters.ts";

/** Settings of `linkUrls`. Attribute values are escaped already. */
export interface LinkOptions {
  readonly limit: number | null;
  readonly rel: string | null;
  readonly target: string | null;
  readonly schemes: readonly string[];
}

const W = "[\\p{L}\\p{N}_]";
const LABEL = "(?:[\\p{L}\\p{N}_%-]+\\.)";
const HTTP = new RegExp(
  `^(?:(?:https?:\\/\\/|www\\.)${LABEL}*(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})|(?:[\\p{L}\\p{N}_%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)|https?:\\/\\/(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))(?::\\d{1,5})?(?:[/?#]\\S*)?$`,
  "iu",
);
const EMAIL = new RegExp(`^\\S+@${W}[\\p{L}\\p{N}_.-]*\\.${W}+$`, "u");

/** Turns URLs and mail addresses in escaped text into links, word by word and in linear time. */
export function linkUrls(rt: Runtime, text: string, options: LinkOptions): string {
  rt.spend(text.length);
  rt.allocate(text.length * 4);
  let result = "";
  let index = 0;
  while (index < text.length) {
    const space = isSpaceCode(text.charCodeAt(index));
    let end = index + 1;
    while (end < text.length && isSpaceCode(text.charCodeAt(end)) === space) end++;
    const word = text.slice(index, end);
    const linked = space ? word : linkWord(word, options);
    rt.allocate(linked.length);
    rt.spend(4);
    result += linked;
    index = end;
  }
  return result;
}

const OPENERS = ["(", "<", "&lt;"];
const TRAILERS = [")", ">", ".", ",", "&gt;"];
const PAIRS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;

function linkWord(word: string, options: LinkOptions): string {
  let start = 0;
  for (let opener = openerAt(word, start); opener !== undefined; opener = openerAt(word, start)) start += opener.length;
  let end = word.length;
  for (let trailer = trailerAt(word, start, end); trailer !== undefined; trailer = trailerAt(word, start, end))
    end -= trailer.length;
  let middle = word.slice(start, end);
  let tail = word.slice(end);
  for (const [opening, closing] of PAIRS) {
    const moves = Math.min(count(middle, opening), count(tail, closing));
    if (count(middle, opening) <= count(middle, closing)) continue;
    for (let move = 0; move < moves; move++) {
      const cut = tail.indexOf(closing) + closing.length;
      middle += tail.slice(0, cut);
      tail = tail.slice(cut);
    }
  }
  return word.slice(0, start) + linkMiddle(middle, options) + tail;
}

function openerAt(word: string, index: number): string | undefined {
  return OPENERS.find((opener) => word.startsWith(opener, index));
}

function trailerAt(word: string, start: number, end: number): string | undefined {
  return TRAILERS.find((trailer) => end - trailer.length >= start && word.endsWith(trailer, end));
}

function count(text: string, part: string): number {
  let found = 0;
  for (let index = text.indexOf(part); index !== -1; index = text.indexOf(part, index + part.length)) found++;
  return found;
}

function linkMiddle(middle: string, options: LinkOptions): string {
  const attributes = `${options.rel === null ? "" : ` rel="${options.rel}"`}${options.target === null ? "" : ` target="${options.target}"`}`;
  if (HTTP.test(middle)) {
    const absolute = middle.startsWith("https://") || middle.startsWith("http://");
    return `<a href="${absolute ? "" : "https://"}${middle}"${attributes}>${shorten(middle, options.limit)}</a>`;
  }
  if (middle.startsWith("mailto:") && EMAIL.test(middle.slice(7))) return `<a href="${middle}">${middle.slice(7)}</a>`;
  if (middle.includes("@") && !middle.startsWith("www.") && !middle.includes(":") && EMAIL.test(middle)) {
    return `<a href="mailto:${middle}">${middle}</a>`;
  }
  let linked = middle;
  for (const scheme of options.schemes) {
    if (linked !== scheme && linked.startsWith(scheme)) linked = `<a href="${linked}"${attributes}>${linked}</a>`;
  }
  return linked;
}

function shorten(url: string, limit: number | null): string {
  if (limit === null || codePointLength(url) <= limit) return url;
  return `${splitCharacters(url).slice(0, limit).join("")}...`;
}
