import { asIndex, asText } from "../runtime/arguments.ts";
import { Markup } from "../runtime/host-values.ts";
import { isTrue } from "../runtime/iterate.ts";
import { type Native, native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, Undefined } from "../runtime/values.ts";
import { rememberingStyle, writeJson } from "../text/json-text.ts";
import { prettyPrint } from "../text/pretty-print.ts";

const TOJSON = rememberingStyle({
  sortKeys: true,
  indent: null,
  ascii: true,
  htmlSafe: true,
  itemSeparator: ", ",
  keySeparator: ": ",
});

/** Reads an indent: a number of blanks or a text; `null` for none. */
function indentText(indent: unknown): string | null {
  if (indent === null) return null;
  const text = asText(indent);
  if (text !== null) return text;
  const width = asIndex(indent);
  if (width > 1000) throw fail("ValueError", "the indent is larger than 1000");
  return " ".repeat(Math.max(0, width));
}

function toJson(rt: Runtime, value: unknown, indent: unknown): Markup {
  const level = indentText(indent);
  const style = level === null ? TOJSON : rememberingStyle({ ...TOJSON, indent: level, itemSeparator: "," });
  return new Markup(writeJson(rt, value, style));
}

function fallBack(value: unknown, fallback: unknown, boolean: unknown): unknown {
  if (value instanceof Undefined || (isTrue(boolean) && !isTrue(value))) return fallback;
  return value;
}

const DEFAULT_PARAMS = [["value"], ["default_value", ""], ["boolean", false]] as const;

/** Filters over values of any kind. */
export const VALUE_FILTERS: readonly Native[] = [
  native("default", DEFAULT_PARAMS, (_rt, [value, fallback, boolean]) => fallBack(value, fallback, boolean), {
    seesUndefined: true,
  }),
  native("d", DEFAULT_PARAMS, (_rt, [value, fallback, boolean]) => fallBack(value, fallback, boolean), {
    seesUndefined: true,
  }),
  native("tojson", [["value"], ["indent", null]], (rt, args) => toJson(rt, args[0], args[1])),
  native("pprint", [["value"]], (rt, [value]) => prettyPrint(rt, value)),
];
