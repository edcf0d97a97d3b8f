import { asIndex, asText, requireText } from "../runtime/arguments.ts";
import { dictEntries, isDict } from "../runtime/dict.ts";
import { Markup } from "../runtime/host-values.ts";
import { isIterable, isTrue, listMembers } from "../runtime/iterate.ts";
import { type Native, native } from "../runtime/native.ts";
import { reprOf, textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Undefined } from "../runtime/values.ts";
import { trimBoth } from "../text/characters.ts";
import { escapeHtml, escapeValue } from "../text/escape.ts";
import { stripTags } from "../text/striptags.ts";
import { quoteUrl } from "../text/url-quote.ts";
import { linkUrls } from "../text/urlize.ts";

/** Marks a result safe where autoescape is on. */
function safeIf(rt: Runtime, text: string): unknown {
  return rt.autoescape ? new Markup(text) : text;
}

const BAD_KEY = /[ \t\n\r\f\v/>=]/;

function xmlAttributes(rt: Runtime, value: unknown, autospace: unknown): unknown {
  if (value instanceof Undefined) throw value.failure();
  if (!isDict(value)) throw fail("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  const parts: string[] = [];
  for (const [key, item] of dictEntries(value)) {
    rt.spend(3);
    if (item === null || item instanceof Undefined) continue;
    const name = asText(key);
    if (name === null) throw fail("TypeError", "expected string or bytes-like object");
    if (BAD_KEY.test(name)) throw fail("ValueError", `Invalid character in attribute name: ${reprOf(rt, key)}`);
    const part = `${escapeValue(rt, key).text}="${escapeValue(rt, item).text}"`;
    rt.allocate(part.length);
    parts.push(part);
  }
  const text = parts.join(" ");
  return safeIf(rt, isTrue(autospace) && text !== "" ? ` ${text}` : text);
}

const SCHEME = /^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u;

function urlize(rt: Runtime, args: readonly unknown[]): unknown {
  const [value, limit, nofollow, target, rel, extraSchemes] = args;
  const relations = new Set(
    trimBoth(isTrue(rel) ? requireText(rel, "rel must be str") : "")
      .split(/\s+/)
      .filter((part) => part !== ""),
  );
  if (isTrue(nofollow)) relations.add("nofollow");
  relations.add("noopener");
  const schemes = extraSchemes === null ? [] : listMembers(rt, extraSchemes).map((scheme) => checkScheme(rt, scheme));
  const text = linkUrls(rt, escapeValue(rt, value).text, {
    limit: limit === null ? null : asIndex(limit),
    rel: escapeHtml(rt, Array.from(relations).sort().join(" ")),
    target: isTrue(target) ? escapeValue(rt, target).text : null,
    schemes,
  });
  return safeIf(rt, text);
}

function checkScheme(rt: Runtime, scheme: unknown): string {
  const text = requireText(scheme, "expected string or bytes-like object");
  if (!SCHEME.test(text)) throw fail("FilterArgumentError", `${reprOf(rt, scheme)} is not a valid URI scheme prefix.`);
  return text;
}

function urlEncode(rt: Runtime, value: unknown): string {
  if (asText(value) !== null || !isIterable(value)) {
    if (value instanceof Undefined) throw value.failure();
    return quoteUrl(rt, textOf(rt, value), false);
  }
  const pairs = isDict(value) ? dictEntries(value) : listMembers(rt, value).map((item) => pairOf(rt, item));
  const parts = pairs.map(([key, item]) => `${quoteQuery(rt, key)}=${quoteQuery(rt, item)}`);
  rt.spend(parts.length);
  return parts.join("&");
}

function quoteQuery(rt: Runtime, value: unknown): string {
  if (value instanceof Uint8Array) return quoteUrl(rt, new TextDecoder().decode(value), true);
  return quoteUrl(rt, textOf(rt, value), true);
}

function pairOf(rt: Runtime, item: unknown): readonly [unknown, unknown] {
  const members = listMembers(rt, item);
  if (members.length > 2) throw fail("ValueError", "too many values to unpack (expected 2)");
  if (members.length < 2) throw fail("ValueError", `not enough values to unpack (expected 2, got ${members.length})`);
  return [members[0], members[1]];
}

/** Filters for HTML, XML and URLs. */
export const HTML_FILTERS: readonly Native[] = [
  native("escape", [["s"]], (rt, [value]) => escapeValue(rt, value), { named: false }),
  native("e", [["s"]], (rt, [value]) => escapeValue(rt, value), { named: false }),
  native("forceescape", [["value"]], (rt, [value]) => new Markup(escapeHtml(rt, textOf(rt, value)))),
  native("safe", [["value"]], (rt, [value]) => (value instanceof Markup ? value : new Markup(textOf(rt, value)))),
  native("striptags", [["value"]], (rt, [value]) => stripTags(rt, textOf(rt, value))),
  native("xmlattr", [["d"], ["autospace", true]], (rt, [value, autospace]) => xmlAttributes(rt, value, autospace)),
  native(
    "urlize",
    [
      ["value"],
      ["trim_url_limit", null],
      ["nofollow", false],
      ["target", null],
      ["rel", null],
      ["extra_schemes", null],
    ],
    urlize,
  ),
  native("urlencode", [["value"]], (rt, [value]) => urlEncode(rt, value)),
];
