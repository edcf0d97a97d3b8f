import { asIndex, asText, resolveRange } from "../runtime/arguments.ts";
import { method, type Native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Tuple } from "../runtime/values.ts";
import { codePointLength, hasSurrogates, unitOffset } from "../text/characters.ts";
import { findLastText, findText } from "../text/find-text.ts";

function needText(value: unknown): string {
  const text = asText(value);
  if (text === null) throw fail("TypeError", `must be str, not ${typeName(value)}`);
  return text;
}

/** Is a text cut to the bounds of an argument list, with the code points before the cut. */
interface Cut {
  readonly text: string;
  readonly before: number;
  /** False when the start lies behind the end of the text, where not even the empty text is found. */
  readonly inside: boolean;
}

function cut(rt: Runtime, text: string, start: unknown, end: unknown): Cut {
  rt.spend(text.length >> 4);
  const length = codePointLength(text);
  const { from, to } = resolveRange(start, end, length);
  if (from > length || to < from) return { text: "", before: from, inside: false };
  const wide = hasSurrogates(text);
  const part = wide ? text.slice(unitOffset(text, from), unitOffset(text, to)) : text.slice(from, to);
  return { text: part, before: from, inside: true };
}

function findIn(rt: Runtime, args: unknown[], last: boolean): number {
  const part = needText(args[1]);
  const area = cut(rt, args[0] as string, args[2], args[3]);
  if (!area.inside) return -1;
  const offset = last ? findLastText(rt, area.text, part) : findText(rt, area.text, part);
  return offset === -1 ? -1 : area.before + codePointLength(area.text.slice(0, offset));
}

function requireFound(offset: number): number {
  if (offset === -1) throw fail("ValueError", "substring not found");
  return offset;
}

/** Counts occurrences that do not overlap. */
export function countText(rt: Runtime, text: string, part: string): number {
  if (part === "") return codePointLength(text) + 1;
  let count = 0;
  for (let at = findText(rt, text, part); at !== -1; at = findText(rt, text, part, at + part.length)) {
    rt.spend(1);
    count++;
  }
  return count;
}

/** Replaces up to `limit` occurrences (all when negative), charging the result before it is made. */
export function replaceText(rt: Runtime, text: string, old: string, fresh: string, limit: number): string {
  if (limit === 0) return text;
  rt.spend(text.length >> 4);
  if (old === "") return insertBetween(rt, text, fresh, limit);
  let result = "";
  let from = 0;
  for (let count = 0; limit < 0 || count < limit; count++) {
    const offset = findText(rt, text, old, from);
    if (offset === -1) break;
    rt.spend(1);
    rt.allocate(offset - from + fresh.length);
    result += text.slice(from, offset) + fresh;
    from = offset + old.length;
  }
  rt.allocate(text.length - from);
  return result + text.slice(from);
}

function insertBetween(rt: Runtime, text: string, fresh: string, limit: number): string {
  const characters = Array.from(text);
  const places = limit < 0 ? characters.length + 1 : Math.min(limit, characters.length + 1);
  rt.spend(places);
  rt.allocate(text.length * 8 + places * fresh.length);
  let result = "";
  for (let index = 0; index < characters.length; index++) result += (index < places ? fresh : "") + characters[index];
  return places > characters.length ? result + fresh : result;
}

function hasAffix(
  rt: Runtime,
  args: unknown[],
  name: string,
  check: (text: string, affix: string) => boolean,
): boolean {
  const area = cut(rt, args[0] as string, args[2], args[3]);
  const affixes = args[1] instanceof Tuple ? args[1].items : [args[1]];
  for (const affix of affixes) {
    const text = asText(affix);
    if (text === null) {
      throw fail("TypeError", `${name} first arg must be str or a tuple of str, not ${typeName(affix)}`);
    }
    if (area.inside && check(area.text, text)) return true;
  }
  return false;
}

function partition(rt: Runtime, args: unknown[], last: boolean): Tuple {
  const text = args[0] as string;
  const separator = needText(args[1]);
  if (separator === "") throw fail("ValueError", "empty separator");
  rt.allocate(text.length);
  rt.spend(text.length >> 4);
  const offset = last ? findLastText(rt, text, separator) : findText(rt, text, separator);
  if (offset === -1) return new Tuple(last ? ["", "", text] : [text, "", ""]);
  return new Tuple([text.slice(0, offset), separator, text.slice(offset + separator.length)]);
}

const BOUNDS = [
  ["start", null],
  ["end", null],
] as const;

/** Methods of str that look for parts and replace them. */
export const STR_SEARCH_METHODS: readonly Native[] = [
  method("find", [["sub"], ...BOUNDS], (rt, args) => findIn(rt, args, false)),
  method("rfind", [["sub"], ...BOUNDS], (rt, args) => findIn(rt, args, true)),
  method("index", [["sub"], ...BOUNDS], (rt, args) => requireFound(findIn(rt, args, false))),
  method("rindex", [["sub"], ...BOUNDS], (rt, args) => requireFound(findIn(rt, args, true))),
  method("count", [["sub"], ...BOUNDS], (rt, args) => {
    const part = needText(args[1]);
    const area = cut(rt, args[0] as string, args[2], args[3]);
    return area.inside ? countText(rt, area.text, part) : 0;
  }),
  method("startswith", [["prefix"], ...BOUNDS], (rt, args) =>
    hasAffix(rt, args, "startswith", (text, affix) => text.startsWith(affix)),
  ),
  method("endswith", [["suffix"], ...BOUNDS], (rt, args) =>
    hasAffix(rt, args, "endswith", (text, affix) => text.endsWith(affix)),
  ),
  method("replace", [["old"], ["new"], ["count", -1]], (rt, args) =>
    replaceText(rt, args[0] as string, needText(args[1]), needText(args[2]), asIndex(args[3])),
  ),
  method("removeprefix", [["prefix"]], (rt, args) => {
    const text = args[0] as string;
    const prefix = needText(args[1]);
    rt.allocate(text.length);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  method("removesuffix", [["suffix"]], (rt, args) => {
    const text = args[0] as string;
    const suffix = needText(args[1]);
    rt.allocate(text.length);
    return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  }),
  method("partition", [["sep"]], (rt, args) => partition(rt, args, false)),
  method("rpartition", [["sep"]], (rt, args) => partition(rt, args, true)),
];
