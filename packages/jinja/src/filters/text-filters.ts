import { findMethod } from "../methods/methods.ts";
import { centerText } from "../methods/str-pad.ts";
import { replaceText } from "../methods/str-search.ts";
import { splitLines } from "../methods/str-split.ts";
import { asIndex, asText } from "../runtime/arguments.ts";
import { makeGetter } from "../runtime/attribute-path.ts";
import { isOrdered } from "../runtime/compare.ts";
import { makeDict } from "../runtime/dict.ts";
import { Markup } from "../runtime/host-values.ts";
import { isTrue, lengthOf, listMembers } from "../runtime/iterate.ts";
import { callNative, type Native, native, variadic } from "../runtime/native.ts";
import { applyBinary } from "../runtime/operators.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sliceValue } from "../runtime/slice.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Tuple, Undefined } from "../runtime/values.ts";
import { escapeHtml, escapeValue } from "../text/escape.ts";
import { wrapLine } from "../text/wordwrap.ts";

/** Gives str and Markup as they are and anything else as its text. */
function softText(rt: Runtime, value: unknown): string | Markup {
  return typeof value === "string" || value instanceof Markup ? value : textOf(rt, value);
}

/** Calls a method of str or Markup. */
function callMethod(rt: Runtime, value: string | Markup, name: string, args: readonly unknown[]): unknown {
  return callNative(rt, findMethod(value, name) as Native, [value, ...args], null);
}

function byMethod(name: string): Native {
  const ofStr = findMethod("", name) as Native;
  return native(name, [["s"]], (rt, args) => {
    const [value] = args;
    return typeof value === "string" ? ofStr.run(rt, args) : callMethod(rt, softText(rt, value), name, []);
  });
}

const WORD_START = /([-\s({[<]+)/;

function title(rt: Runtime, value: unknown): string {
  const text = textOf(rt, value);
  rt.spend(text.length >> 3);
  rt.allocate(text.length * 2);
  return text
    .split(WORD_START)
    .map((item) => {
      if (item === "") return "";
      const first = String.fromCodePoint(item.codePointAt(0) as number);
      return first.toUpperCase() + item.slice(first.length).toLowerCase();
    })
    .join("");
}

function replace(rt: Runtime, args: readonly unknown[]): unknown {
  const [value, old, fresh, count] = args;
  const limit = count === null ? -1 : asIndex(count);
  if (!rt.autoescape) return replaceText(rt, textOf(rt, value), textOf(rt, old), textOf(rt, fresh), limit);
  const needsEscape = old instanceof Markup || (fresh instanceof Markup && !(value instanceof Markup));
  const source = needsEscape ? escapeValue(rt, value) : softText(rt, value);
  return callMethod(rt, source, "replace", [softText(rt, old), softText(rt, fresh), limit]);
}

function join(rt: Runtime, args: readonly unknown[]): unknown {
  const [value, separator, attribute] = args;
  let items = listMembers(rt, value);
  if (attribute !== null) {
    const getter = makeGetter(attribute);
    items = items.map((item) => getter(rt, item));
  }
  rt.spend(items.length);
  if (!rt.autoescape) return joinPlain(rt, textOf(rt, separator), items);
  const safe = separator instanceof Markup || items.some((item) => item instanceof Markup);
  if (!safe) return joinPlain(rt, textOf(rt, separator), items);
  const parts = items.map((item) => (item instanceof Markup ? item.text : escapeHtml(rt, textOf(rt, item))));
  return new Markup(joinPlain(rt, escapeValue(rt, separator).text, parts));
}

function joinPlain(rt: Runtime, separator: string, items: readonly unknown[]): string {
  let text = "";
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const part = textOf(rt, item === undefined ? null : item);
    rt.allocate(part.length + separator.length);
    text += index === 0 ? part : separator + part;
  }
  return text;
}

function indent(rt: Runtime, args: readonly unknown[]): unknown {
  const [value, width, first, blank] = args;
  const text = asText(value);
  if (text === null) {
    if (value instanceof Undefined) throw value.failure();
    throw fail(
      Array.isArray(value) ? "AttributeError" : "TypeError",
      `unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`,
    );
  }
  const indention = asText(width) ?? (applyBinary(rt, "*", " ", width) as string);
  const lines = splitLines(rt, `${text}\n`, false);
  const safe = value instanceof Markup;
  rt.allocate(lines.length * indention.length);
  const indented = lines.map((line, index) => {
    if (index === 0) return isTrue(first) ? indention + line : line;
    return isTrue(blank) || line !== "" ? indention + line : line;
  });
  const result = indented.join("\n");
  return safe ? new Markup(result) : result;
}

function truncate(rt: Runtime, args: readonly unknown[]): unknown {
  const [value, length, killWords, end, leeway] = args;
  const slack = leeway === null ? 5 : leeway;
  const endSize = lengthOf(end);
  if (isOrdered(rt, "<", length, endSize)) {
    throw fail("AssertionError", `expected length >= ${endSize}, got ${textOf(rt, length)}`);
  }
  if (isOrdered(rt, "<", slack, 0)) throw fail("AssertionError", `expected leeway >= 0, got ${textOf(rt, slack)}`);
  if (isOrdered(rt, "<=", lengthOf(value), applyBinary(rt, "+", length, slack))) return value;
  const cut = sliceValue(rt, value, null, applyBinary(rt, "-", length, endSize), null);
  if (isTrue(killWords)) return applyBinary(rt, "+", cut, end);
  if (typeof cut !== "string" && !(cut instanceof Markup)) {
    throw fail("AttributeError", `'${typeName(cut)}' object has no attribute 'rsplit'`);
  }
  const words = callMethod(rt, cut, "rsplit", [" ", 1]) as unknown[];
  return applyBinary(rt, "+", words[0], end);
}

function wordWrap(rt: Runtime, args: readonly unknown[]): string {
  const [value, width, breakLongWords, wrapString, breakOnHyphens] = args;
  const text = asText(value);
  if (text === null) {
    if (value instanceof Undefined) throw value.failure();
    throw fail("AttributeError", `'${typeName(value)}' object has no attribute 'splitlines'`);
  }
  const separator = wrapString === null ? "\n" : asText(wrapString);
  if (separator === null) throw fail("AttributeError", `'${typeName(wrapString)}' object has no attribute 'join'`);
  const options = {
    width: asIndex(width),
    breakLongWords: isTrue(breakLongWords),
    breakOnHyphens: isTrue(breakOnHyphens),
  };
  const wrapped = splitLines(rt, text, false).map((line) => {
    const lines = line === "" ? [] : wrapLine(rt, line, options);
    rt.allocate(lines.length * separator.length);
    return lines.join(separator);
  });
  rt.allocate(wrapped.length * separator.length);
  return wrapped.join(separator);
}

const WORDS = /[\p{L}\p{N}_]+/gu;

function countWords(rt: Runtime, value: unknown): number {
  const text = textOf(rt, value);
  rt.spend(text.length >> 1);
  rt.allocate(text.length * 4);
  return text.match(WORDS)?.length ?? 0;
}

function format(rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null): unknown {
  const [value, ...rest] = args;
  if (rest.length > 0 && named !== null && named.size > 0) {
    throw fail("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
  }
  return applyBinary(
    rt,
    "%",
    softText(rt, value),
    named !== null && named.size > 0 ? makeDict(named) : new Tuple(rest),
  );
}

/** Filters over text. */
export const TEXT_FILTERS: readonly Native[] = [
  byMethod("upper"),
  byMethod("lower"),
  byMethod("capitalize"),
  native("title", [["s"]], (rt, [value]) => title(rt, value)),
  native("trim", [["value"], ["chars", null]], (rt, [value, chars]) =>
    callMethod(rt, softText(rt, value), "strip", [chars]),
  ),
  native("string", [["object"]], (rt, [value]) => softText(rt, value), { named: false }),
  native("center", [["value"], ["width", 80]], (rt, [value, width]) => {
    const source = softText(rt, value);
    if (source instanceof Markup) return new Markup(centerText(rt, source.text, asIndex(width), " "));
    return centerText(rt, source, asIndex(width), " ");
  }),
  native("replace", [["s"], ["old"], ["new"], ["count", null]], replace),
  native("join", [["value"], ["d", ""], ["attribute", null]], join),
  native("indent", [["s"], ["width", 4], ["first", false], ["blank", false]], indent),
  native("truncate", [["s"], ["length", 255], ["killwords", false], ["end", "..."], ["leeway", null]], truncate),
  native(
    "wordwrap",
    [["s"], ["width", 79], ["break_long_words", true], ["wrapstring", null], ["break_on_hyphens", true]],
    wordWrap,
  ),
  native("wordcount", [["s"]], (rt, [value]) => countWords(rt, value)),
  variadic("format", format),
];
