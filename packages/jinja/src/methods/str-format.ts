import { readAttribute, readItem } from "../runtime/access.ts";
import { asText, requireText } from "../runtime/arguments.ts";
import { Dict, dictEntries, isDict, readDict } from "../runtime/dict.ts";
import { method, type Native, native, variadic } from "../runtime/native.ts";
import { isInt } from "../runtime/numbers.ts";
import { reprOf, textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, MISSING } from "../runtime/values.ts";
import { type FieldSource, formatFields } from "../text/str-format.ts";

/** Makes the source of replacement fields from the arguments of `format`. */
export function argumentSource(
  rt: Runtime,
  args: readonly unknown[],
  named: Map<string, unknown> | object | null,
): FieldSource {
  // Named first, see `ObjectValue`.
  const readPositional: FieldSource["positional"] = (index) => {
    if (index >= args.length) {
      throw fail("IndexError", `Replacement index ${index} out of range for positional args tuple`);
    }
    return args[index];
  };
  const readNamed: FieldSource["named"] = (name) => {
    const value = named === null ? MISSING : readDict(named, name);
    if (value === MISSING) throw fail("KeyError", `'${name}'`);
    return value;
  };
  const attribute: FieldSource["attribute"] = (value, name) => readAttribute(rt, value, name);
  const item: FieldSource["item"] = (value, key) => readItem(rt, value, key);
  const repr: FieldSource["repr"] = (value) => reprOf(rt, value);
  const text: FieldSource["text"] = (value) => textOf(rt, value);
  return { positional: readPositional, named: readNamed, attribute, item, repr, text, escape: null };
}

/** Checks the one argument of `format_map`. */
export function mappingArgument(args: readonly unknown[], named: Map<string, unknown> | null): object {
  if (named !== null && named.size > 0) throw fail("TypeError", "format_map() takes no keyword arguments");
  if (args.length !== 1) throw fail("TypeError", `format_map() takes exactly one argument (${args.length} given)`);
  if (!isDict(args[0])) throw fail("TypeError", `'${typeName(args[0])}' object is not subscriptable`);
  return args[0];
}

function encode(rt: Runtime, text: string, encoding: string): Uint8Array {
  const name = encoding.toLowerCase().replace(/_/g, "-");
  rt.allocate(text.length * 3);
  rt.spend(text.length >> 4);
  if (name === "utf-8" || name === "utf8") return new TextEncoder().encode(text);
  const limit =
    name === "ascii" || name === "us-ascii"
      ? 0x7f
      : name === "latin-1" || name === "iso-8859-1" || name === "latin1"
        ? 0xff
        : -1;
  if (limit === -1) throw fail("LookupError", `unknown encoding: ${encoding}`);
  const data = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > limit) {
      throw fail(
        "UnicodeEncodeError",
        `'${encoding}' codec can't encode character in position ${index}: ordinal not in range(${limit + 1})`,
      );
    }
    data[index] = code;
  }
  return data;
}

function translate(rt: Runtime, text: string, table: unknown): string {
  let result = "";
  let size = 0;
  rt.spend(text.length);
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const mapped = isDict(table) ? readDict(table, code) : readItem(rt, table, code);
    if (mapped === MISSING) result += character;
    else if (mapped !== null)
      result += isInt(mapped)
        ? String.fromCodePoint(Number(mapped))
        : requireText(mapped, "character mapping must return integer, None or str");
    rt.allocate(result.length - size);
    size = result.length;
  }
  return result;
}

function makeTable(rt: Runtime, args: readonly unknown[]): Dict {
  const table = new Dict();
  if (args.length === 1) {
    if (!isDict(args[0])) throw fail("TypeError", "if you give only one argument to maketrans it must be a dict");
    for (const [key, value] of dictEntries(args[0]))
      table.set(typeof key === "string" ? key.codePointAt(0) : key, value);
    return table;
  }
  const from = Array.from(requireText(args[0], "maketrans() argument 1 must be str"));
  const to = Array.from(requireText(args[1], "maketrans() argument 2 must be str"));
  if (from.length !== to.length) throw fail("ValueError", "the first two maketrans arguments must have equal length");
  rt.spend(from.length);
  for (let index = 0; index < from.length; index++) {
    table.set((from[index] as string).codePointAt(0), (to[index] as string).codePointAt(0));
  }
  for (const character of args.length > 2 ? requireText(args[2], "maketrans() argument 3 must be str") : "") {
    table.set(character.codePointAt(0), null);
  }
  return table;
}

/** Methods of str that format, encode and translate. */
export const STR_FORMAT_METHODS: readonly Native[] = [
  variadic("format", (rt, [self, ...args], named) =>
    formatFields(rt, asText(self) as string, argumentSource(rt, args, named)),
  ),
  variadic("format_map", (rt, [self, ...args], named) =>
    formatFields(rt, asText(self) as string, argumentSource(rt, [], mappingArgument(args, named))),
  ),
  native("encode", [["self"], ["encoding", "utf-8"], ["errors", "strict"]], (rt, args) =>
    encode(rt, args[0] as string, requireText(args[1], "encode() argument 'encoding' must be str")),
  ),
  method("translate", [["table"]], (rt, args) => translate(rt, args[0] as string, args[1])),
  variadic("maketrans", (rt, args) => makeTable(rt, args.slice(1))),
];
