import { Markup } from "../runtime/host-values.ts";
import { asNumeric, isInt, toDouble } from "../runtime/numbers.ts";
import { bigintText, textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail } from "../runtime/values.ts";
import { codePointLength, splitCharacters } from "./characters.ts";
import { formatMagnitude, formatUntyped, groupDigits } from "./number-format.ts";

/** Is a parsed format spec: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
interface FormatSpec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly signed: boolean;
  readonly coerceZero: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | null;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([,_]+)?(?:\.(\d+))?(.*)$/su;

/** Applies Python's `format(value, spec)`. */
export function formatValue(rt: Runtime, value: unknown, spec: string): string {
  if (spec === "") return textOf(rt, value);
  const text = value instanceof Markup ? value.text : value;
  if (typeof text === "string") return formatString(rt, text, parseSpec(rt, spec, "str"));
  const number = asNumeric(value);
  if (number === undefined) {
    throw fail("TypeError", `unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const parsed = parseSpec(rt, spec, isInt(number) ? "int" : "float");
  return isInt(number) ? formatInteger(rt, number, parsed) : formatFloat(rt, toDouble(number), parsed);
}

function parseSpec(rt: Runtime, spec: string, type: string): FormatSpec {
  const match = SPEC.exec(spec);
  if (match === null) throw fail("ValueError", `Invalid format specifier '${spec}' for object of type '${type}'`);
  const [, fill, align, sign, coerce, alternate, zero, width, grouping, precision, rest] = match;
  if (rest !== undefined && Array.from(rest).length > 1) {
    throw fail(
      "ValueError",
      rest.startsWith(".")
        ? "Format specifier missing precision"
        : `Invalid format specifier '${spec}' for object of type '${type}'`,
    );
  }
  if (rest === ".") throw fail("ValueError", "Format specifier missing precision");
  if (grouping !== undefined && grouping.length > 1) {
    throw fail("ValueError", grouping === ",," ? "Cannot specify ',' with ','." : "Cannot specify both ',' and '_'.");
  }
  const size = Number(width ?? 0);
  const places = precision === undefined ? null : Number(precision);
  if (size > 2147483647 || (places ?? 0) > 2147483647)
    throw fail("ValueError", "Too many decimal digits in format string");
  rt.allocate(size + (places ?? 0));
  return {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: align ?? (zero !== undefined && type !== "str" ? "=" : ""),
    sign: sign ?? "-",
    signed: sign !== undefined,
    coerceZero: coerce !== undefined,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: size,
    grouping: grouping ?? "",
    precision: places,
    type: rest ?? "",
  };
}

function formatString(rt: Runtime, text: string, spec: FormatSpec): string {
  if (spec.type !== "" && spec.type !== "s") {
    throw fail("ValueError", `Unknown format code '${spec.type}' for object of type 'str'`);
  }
  if (spec.signed) throw fail("ValueError", "Sign not allowed in string format specifier");
  if (spec.alternate) throw fail("ValueError", "Alternate form (#) not allowed in string format specifier");
  if (spec.grouping !== "") throw fail("ValueError", `Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.align === "=") throw fail("ValueError", "'=' alignment not allowed in string format specifier");
  const shown = spec.precision === null ? text : splitCharacters(text).slice(0, spec.precision).join("");
  rt.allocate(shown.length);
  return pad(shown, spec, "<");
}

function pad(text: string, spec: FormatSpec, align: string): string {
  const missing = spec.width - codePointLength(text);
  if (missing <= 0) return text;
  switch (spec.align === "" ? align : spec.align) {
    case "<":
      return text + spec.fill.repeat(missing);
    case "^":
      return spec.fill.repeat(missing >> 1) + text + spec.fill.repeat(missing - (missing >> 1));
    default:
      return spec.fill.repeat(missing) + text;
  }
}

function signFor(negative: boolean, spec: FormatSpec): string {
  if (negative) return "-";
  return spec.sign === "-" ? "" : spec.sign;
}

function formatInteger(rt: Runtime, value: number | bigint, spec: FormatSpec): string {
  const { type } = spec;
  if (type !== "" && "eEfFgG%".includes(type)) return formatFloat(rt, toDouble(value), spec);
  if (type !== "" && !"bcdoxXn".includes(type)) {
    throw fail("ValueError", `Unknown format code '${type}' for object of type 'int'`);
  }
  if (spec.precision !== null) throw fail("ValueError", "Precision not allowed in integer format specifier");
  if (type === "c") return formatCodePoint(value, spec);
  if (spec.coerceZero)
    throw fail("ValueError", "Negative zero coercion (z) not allowed in format specifier with integer format code");
  if (spec.grouping === "," && "boxX".includes(type) && type !== "")
    throw fail("ValueError", `Cannot specify ',' with '${type}'.`);
  if (spec.grouping !== "" && type === "n") throw fail("ValueError", `Cannot specify '${spec.grouping}' with 'n'.`);
  const negative = value < 0;
  const magnitude = negative ? -BigInt(value) : BigInt(value);
  const digits = integerDigits(rt, magnitude, type);
  const prefix = spec.alternate && "boxX".includes(type) && type !== "" ? `0${type}` : "";
  const size = "boxX".includes(type) && type !== "" ? 4 : 3;
  return assemble(rt, signFor(negative, spec) + prefix, digits, "", size, spec);
}

function integerDigits(rt: Runtime, magnitude: bigint, type: string): string {
  if (type === "b") return magnitude.toString(2);
  if (type === "o") return magnitude.toString(8);
  if (type === "x") return magnitude.toString(16);
  return type === "X" ? magnitude.toString(16).toUpperCase() : bigintText(rt, magnitude);
}

function formatCodePoint(value: number | bigint, spec: FormatSpec): string {
  if (spec.signed) throw fail("ValueError", "Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) throw fail("ValueError", "Alternate form (#) not allowed with integer format specifier 'c'");
  if (spec.grouping !== "") throw fail("ValueError", `Cannot specify '${spec.grouping}' with 'c'.`);
  if (typeof value === "bigint" || value < 0 || value > 0x10ffff)
    throw fail("OverflowError", "%c arg not in range(0x110000)");
  return pad(String.fromCodePoint(value), spec, spec.zero ? ">" : "<");
}

function formatFloat(rt: Runtime, value: number, spec: FormatSpec): string {
  const { type } = spec;
  if (type !== "" && !"eEfFgGn%".includes(type)) {
    throw fail("ValueError", `Unknown format code '${type}' for object of type 'float'`);
  }
  if (spec.grouping !== "" && type === "n") throw fail("ValueError", `Cannot specify '${spec.grouping}' with 'n'.`);
  rt.spend((spec.precision ?? 0) >> 3);
  const digits = floatDigits(value, spec);
  let negative = value < 0 || Object.is(value, -0);
  if (spec.coerceZero && !/[1-9]/.test(digits.split(/e/i)[0] ?? "") && Number.isFinite(value)) negative = false;
  const match = /^(\d*)(.*)$/s.exec(digits) as RegExpExecArray;
  return assemble(rt, signFor(negative, spec), match[1] ?? "", match[2] ?? "", 3, spec);
}

function floatDigits(value: number, spec: FormatSpec): string {
  if (spec.type === "%") return `${formatMagnitude(value * 100, "f", spec.precision ?? 6, spec.alternate)}%`;
  if (spec.type === "") return formatUntyped(value, spec.precision, spec.alternate);
  return formatMagnitude(value, spec.type === "n" ? "g" : spec.type, spec.precision ?? 6, spec.alternate);
}

/** Puts sign, grouped digits and the rest together and pads them. */
function assemble(rt: Runtime, sign: string, digits: string, rest: string, size: number, spec: FormatSpec): string {
  const inner = spec.align === "=" && spec.fill === "0" ? Math.max(0, spec.width - sign.length - rest.length) : 0;
  rt.allocate(digits.length * 2);
  const grouped = digits === "" ? "" : groupDigits(digits, spec.grouping, size, inner);
  const body = grouped + rest;
  if (spec.align === "=") return sign + spec.fill.repeat(Math.max(0, spec.width - sign.length - body.length)) + body;
  return pad(sign + body, spec, ">");
}
