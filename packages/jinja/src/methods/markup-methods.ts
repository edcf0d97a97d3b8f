import { asText } from "../runtime/arguments.ts";
import { Markup } from "../runtime/host-values.ts";
import { listMembers } from "../runtime/iterate.ts";
import { callNative, type Native, variadic } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Tuple } from "../runtime/values.ts";
import { escapeValue } from "../text/escape.ts";
import { formatFields } from "../text/str-format.ts";
import { stripTags, unescapeHtml } from "../text/striptags.ts";
import { argumentSource, mappingArgument } from "./str-format.ts";
import { joinTexts } from "./str-split.ts";

/** Methods whose text arguments are escaped and whose result is safe again. */
const WRAPPED =
  "capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill";
/** Methods whose resulting texts are safe again, with arguments taken as they are. */
const SPLITTING = "split rsplit splitlines";

function textSelf(args: readonly unknown[]): unknown[] {
  return [(args[0] as Markup).text, ...args.slice(1)];
}

function escapeArgument(rt: Runtime, value: unknown): unknown {
  return asText(value) === null ? value : escapeValue(rt, value).text;
}

function wrap(inner: Native): Native {
  return variadic(inner.name, (rt, args, named) => {
    const escaped = [(args[0] as Markup).text, ...args.slice(1).map((value) => escapeArgument(rt, value))];
    const names =
      named === null ? null : new Map(Array.from(named, ([name, value]) => [name, escapeArgument(rt, value)]));
    return new Markup(callNative(rt, inner, escaped, names) as string);
  });
}

function wrapSplit(inner: Native): Native {
  return variadic(inner.name, (rt, args, named) => {
    const parts = callNative(rt, inner, textSelf(args), named) as string[];
    return parts.map((part) => new Markup(part));
  });
}

function wrapPartition(inner: Native): Native {
  return variadic(inner.name, (rt, args, named) => {
    const [self, ...rest] = textSelf(args);
    const parts = callNative(rt, inner, [self, ...rest.map((value) => escapeArgument(rt, value))], named) as Tuple;
    return new Tuple(parts.items.map((part) => new Markup(part as string)));
  });
}

function plain(inner: Native): Native {
  return variadic(inner.name, (rt, args, named) => callNative(rt, inner, textSelf(args), named));
}

function format(
  rt: Runtime,
  self: unknown,
  args: readonly unknown[],
  named: Map<string, unknown> | object | null,
): Markup {
  const source = argumentSource(rt, args, named);
  return new Markup(
    formatFields(rt, (self as Markup).text, { ...source, escape: (value) => escapeValue(rt, value).text }),
  );
}

const OWN: readonly Native[] = [
  variadic("format", (rt, [self, ...args], named) => format(rt, self, args, named)),
  variadic("format_map", (rt, [self, ...args], named) => format(rt, self, [], mappingArgument(args, named))),
  variadic("join", (rt, [self, items]) => {
    const texts = listMembers(rt, items).map((item) => escapeValue(rt, item));
    return new Markup(joinTexts(rt, (self as Markup).text, texts));
  }),
  variadic("unescape", (rt, [self]) => unescapeHtml(rt, (self as Markup).text)),
  variadic("striptags", (rt, [self]) => stripTags(rt, (self as Markup).text)),
  variadic("escape", (rt, [, value]) => escapeValue(rt, value)),
];

/** Makes the methods of Markup from those of str. */
export function markupMethods(strMethods: ReadonlyMap<string, Native>): ReadonlyMap<string, Native> {
  const table = new Map<string, Native>();
  for (const [name, inner] of strMethods) table.set(name, plain(inner));
  for (const name of WRAPPED.split(" ")) table.set(name, wrap(strMethods.get(name) as Native));
  for (const name of SPLITTING.split(" ")) table.set(name, wrapSplit(strMethods.get(name) as Native));
  for (const name of ["partition", "rpartition"]) table.set(name, wrapPartition(strMethods.get(name) as Native));
  for (const own of OWN) table.set(own.name, own);
  return table;
}
