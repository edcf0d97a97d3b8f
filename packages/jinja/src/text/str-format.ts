import { Markup } from "../runtime/host-values.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail } from "../runtime/values.ts";
import { formatValue } from "./format-spec.ts";
import { asciiText } from "./repr-text.ts";

/** Gives the values of replacement fields and reads their members. */
export interface FieldSource {
  readonly positional: (index: number) => unknown;
  readonly named: (name: string) => unknown;
  readonly attribute: (value: unknown, name: string) => unknown;
  readonly item: (value: unknown, key: string | number) => unknown;
  readonly repr: (value: unknown) => string;
  readonly text: (value: unknown) => string;
  /** Escapes what a field inserts; `null` inserts as is. */
  readonly escape: ((value: unknown) => string) | null;
}

/** Counts fields without a name; `null` before the first field decided how fields are numbered. */
interface Numbering {
  automatic: boolean | null;
  next: number;
}

/** Applies Python's `str.format`. */
export function formatFields(rt: Runtime, format: string, source: FieldSource): string {
  return formatNested(rt, format, source, { automatic: null, next: 0 }, 2);
}

function formatNested(rt: Runtime, format: string, source: FieldSource, numbering: Numbering, depth: number): string {
  if (depth < 0) throw fail("ValueError", "Max string recursion exceeded");
  let result = "";
  let index = 0;
  while (index < format.length) {
    const character = format.charAt(index);
    if (character !== "{" && character !== "}") {
      let end = index + 1;
      while (end < format.length && format.charAt(end) !== "{" && format.charAt(end) !== "}") end++;
      result += format.slice(index, end);
      index = end;
    } else if (format.charAt(index + 1) === character) {
      result += character;
      index += 2;
    } else if (character === "}") {
      throw fail("ValueError", "Single '}' encountered in format string");
    } else {
      const end = endOfField(format, index + 1);
      const piece = formatField(rt, format.slice(index + 1, end), source, numbering, depth);
      rt.spend(4);
      rt.allocate(piece.length);
      result += piece;
      index = end + 1;
    }
  }
  rt.allocate(format.length);
  return result;
}

function endOfField(format: string, start: number): number {
  if (start >= format.length) throw fail("ValueError", "Single '{' encountered in format string");
  let depth = 1;
  let bracket = false;
  for (let index = start; index < format.length; index++) {
    const character = format.charAt(index);
    if (character === "[") bracket = true;
    else if (character === "]") bracket = false;
    else if (bracket && depth === 1) continue;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return index;
  }
  throw fail("ValueError", "expected '}' before end of string");
}

/** Is a field cut into its parts. */
interface Field {
  readonly name: string;
  readonly conversion: string | null;
  readonly spec: string;
}

function cutField(body: string): Field {
  let index = 0;
  let bracket = false;
  while (index < body.length) {
    const character = body.charAt(index);
    if (character === "{") throw fail("ValueError", "unexpected '{' in field name");
    if (character === "[") bracket = true;
    else if (character === "]") bracket = false;
    else if (!bracket && (character === "!" || character === ":")) break;
    index++;
  }
  const name = body.slice(0, index);
  if (body.charAt(index) !== "!") return { name, conversion: null, spec: body.slice(index + 1) };
  const conversion = body.charAt(index + 1);
  if (conversion === "") throw fail("ValueError", "end of string while looking for conversion specifier");
  const rest = body.slice(index + 2);
  if (rest !== "" && !rest.startsWith(":")) throw fail("ValueError", "expected ':' after conversion specifier");
  return { name, conversion, spec: rest.slice(1) };
}

function formatField(rt: Runtime, body: string, source: FieldSource, numbering: Numbering, depth: number): string {
  const field = cutField(body);
  const value = convert(readField(field.name, source, numbering), field.conversion, source);
  const spec = formatNested(rt, field.spec, source, numbering, depth - 1);
  if (source.escape === null) return formatValue(rt, value, spec);
  if (value instanceof Markup) {
    if (spec !== "") throw fail("ValueError", "Unsupported format specification for Markup.");
    return value.text;
  }
  return source.escape(formatValue(rt, value, spec));
}

function convert(value: unknown, conversion: string | null, source: FieldSource): unknown {
  switch (conversion) {
    case null:
      return value;
    case "s":
      return source.text(value);
    case "r":
      return source.repr(value);
    case "a":
      return asciiText(source.repr(value));
    default:
      throw fail("ValueError", `Unknown conversion specifier ${conversion}`);
  }
}

const FIRST = /^[^.[]*/;
const REST = /\.([^.[]*)|\[([^\]]*)\]|(.)/gsy;

function readField(name: string, source: FieldSource, numbering: Numbering): unknown {
  const whole = name === "" ? nextNumber(numbering) : name;
  const first = (FIRST.exec(whole) as RegExpExecArray)[0];
  let value: unknown;
  if (/^\d+$/.test(first)) {
    if (name !== "" && /^\d+$/.test(name)) useManualNumbers(numbering);
    value = source.positional(Number(first));
  } else value = source.named(first);
  for (const match of whole.slice(first.length).matchAll(REST)) {
    const [, attribute, key, stray] = match;
    if (stray !== undefined) {
      throw fail(
        "ValueError",
        stray === "[" ? "Missing ']' in format string" : "Only '.' or '[' may follow ']' in format field specifier",
      );
    }
    if (attribute === "" || key === "") throw fail("ValueError", "Empty attribute in format string");
    if (attribute !== undefined) value = source.attribute(value, attribute);
    else if (key !== undefined) value = source.item(value, /^\d+$/.test(key) ? Number(key) : key);
  }
  return value;
}

function nextNumber(numbering: Numbering): string {
  if (numbering.automatic === false) {
    throw fail("ValueError", "cannot switch from manual field specification to automatic field numbering");
  }
  numbering.automatic = true;
  return String(numbering.next++);
}

function useManualNumbers(numbering: Numbering): void {
  if (numbering.automatic === true && numbering.next > 0) {
    throw fail("ValueError", "cannot switch from manual field specification to automatic field numbering");
  }
  numbering.automatic = false;
}
