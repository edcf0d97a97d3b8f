import { areEqual } from "../runtime/compare.ts";
import { isDict } from "../runtime/dict.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { listMembers } from "../runtime/iterate.ts";
import { method, type Native, nativeTable } from "../runtime/native.ts";
import { fail, Range, Tuple } from "../runtime/values.ts";
import { BYTES_METHODS } from "./bytes-methods.ts";
import { DICT_METHODS } from "./dict-methods.ts";
import { LIST_METHODS, TUPLE_METHODS } from "./list-methods.ts";
import { markupMethods } from "./markup-methods.ts";
import { FLOAT_METHODS, INT_METHODS } from "./number-methods.ts";
import { STR_CASE_METHODS } from "./str-case.ts";
import { STR_FORMAT_METHODS } from "./str-format.ts";
import { STR_PAD_METHODS } from "./str-pad.ts";
import { STR_SEARCH_METHODS } from "./str-search.ts";
import { STR_SPLIT_METHODS } from "./str-split.ts";

const STR = nativeTable(STR_CASE_METHODS, STR_SEARCH_METHODS, STR_SPLIT_METHODS, STR_PAD_METHODS, STR_FORMAT_METHODS);
const MARKUP = markupMethods(STR);
const LIST = nativeTable(LIST_METHODS);
const TUPLE = nativeTable(TUPLE_METHODS);
const DICT = nativeTable(DICT_METHODS);
const INT = nativeTable(INT_METHODS);
const FLOAT = nativeTable(FLOAT_METHODS);
const BYTES = nativeTable(BYTES_METHODS);
const RANGE = nativeTable([
  method("count", [["value"]], (rt, args) => {
    const members = listMembers(rt, args[0]);
    return members.filter((item) => areEqual(rt, item, args[1])).length;
  }),
  method("index", [["value"]], (rt, args) => {
    const offset = listMembers(rt, args[0]).findIndex((item) => areEqual(rt, item, args[1]));
    if (offset === -1) throw fail("ValueError", "the value is not in range");
    return offset;
  }),
]);

/** Names of all methods of dict, which hide members of the same name in Python's `value.name`. */
export const DICT_METHOD_NAMES: ReadonlySet<string> = new Set(DICT.keys());

/** Finds the method `name` of a value's type. */
export function findMethod(value: unknown, name: string): Native | undefined {
  switch (typeof value) {
    case "string":
      return STR.get(name);
    case "number":
      return (Number.isSafeInteger(value) ? INT : FLOAT).get(name);
    case "bigint":
    case "boolean":
      return INT.get(name);
    case "object":
      return value === null ? undefined : methodsOfObject(value)?.get(name);
    default:
      return undefined;
  }
}

function methodsOfObject(value: object): ReadonlyMap<string, Native> | undefined {
  if (Array.isArray(value)) return LIST;
  if (isDict(value)) return DICT;
  if (value instanceof Tuple) return TUPLE;
  if (value instanceof Markup) return MARKUP;
  if (value instanceof Float) return FLOAT;
  if (value instanceof Uint8Array) return BYTES;
  return value instanceof Range ? RANGE : undefined;
}
