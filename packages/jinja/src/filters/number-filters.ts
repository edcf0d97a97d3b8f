import { asIndex, asText } from "../runtime/arguments.ts";
import { Float } from "../runtime/host-values.ts";
import { isTrue } from "../runtime/iterate.ts";
import { type Native, native } from "../runtime/native.ts";
import {
  asNumeric,
  isInt,
  makeFloat,
  makeInt,
  type Numeric,
  negateNumber,
  toDouble,
  truncateToInt,
} from "../runtime/numbers.ts";
import { applyBinary } from "../runtime/operators.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, Undefined } from "../runtime/values.ts";
import { fixedText, floatText, roundDouble } from "../text/float-text.ts";
import { parseFloatText, parseInteger } from "../text/parse-number.ts";

function absolute(value: unknown): unknown {
  const number = asNumeric(value);
  if (number === undefined) throw fail("TypeError", `bad operand type for abs(): '${typeName(value)}'`);
  if (number instanceof Float) return new Float(Math.abs(number.value));
  return number < 0 ? negateNumber(number) : number;
}

/** Converts like Python's `float`; `null` where Python raises TypeError or ValueError. */
function convertFloat(rt: Runtime, value: unknown): number | null {
  const number = asNumeric(value);
  if (number !== undefined) return toDouble(number);
  const text = asText(value);
  if (text !== null) {
    rt.spend(text.length >> 4);
    return parseFloatText(text);
  }
  if (value instanceof Undefined) throw value.failure();
  return null;
}

function convertInt(rt: Runtime, value: unknown, fallback: unknown, base: unknown): unknown {
  const text = asText(value);
  if (text !== null) {
    rt.spend(text.length >> 2);
    const exact = parseIntegerSafely(text, asIndex(base));
    if (exact !== null) return exact;
  } else {
    const number = asNumeric(value);
    if (number !== undefined && isInt(number)) return number;
  }
  const double = convertFloat(rt, value);
  if (double === null || Number.isNaN(double)) return fallback;
  return truncateToInt(double);
}

/** Reads an int; a base or size that Python refuses counts as no int, as the filter then tries a float. */
function parseIntegerSafely(text: string, base: number): number | bigint | null {
  try {
    return parseInteger(text, base);
  } catch {
    return null;
  }
}

function round(rt: Runtime, value: unknown, precision: unknown, method: unknown): unknown {
  if (method !== "common" && method !== "ceil" && method !== "floor") {
    throw fail("FilterArgumentError", "method must be common, ceil or floor");
  }
  if (method === "common") return roundCommon(value, precision);
  const factor = applyBinary(rt, "**", 10, precision);
  const scaled = applyBinary(rt, "*", value, factor);
  const number = asNumeric(scaled);
  if (number === undefined) throw fail("TypeError", `must be real number, not ${typeName(scaled)}`);
  const change = method === "ceil" ? Math.ceil : Math.floor;
  const whole = isInt(number) ? number : truncateToInt(change(toDouble(number)));
  return applyBinary(rt, "/", whole, factor);
}

function roundCommon(value: unknown, precision: unknown): unknown {
  const number = asNumeric(value);
  if (number === undefined) {
    throw fail("TypeError", `type ${typeName(value)} doesn't define __round__ method`);
  }
  if (precision === null) return roundToInt(number);
  const places = asIndex(precision);
  if (isInt(number)) return places >= 0 ? number : roundInt(number, -places);
  const rounded = roundDouble(toDouble(number), places);
  if (!Number.isFinite(rounded) && Number.isFinite(toDouble(number))) {
    throw fail("OverflowError", "rounded value too large to represent");
  }
  return makeFloat(rounded);
}

function roundToInt(number: Numeric): unknown {
  if (isInt(number)) return number;
  return truncateToInt(roundDouble(toDouble(number), 0));
}

/** Rounds an int half to even at a power of ten. */
function roundInt(value: number | bigint, places: number): number | bigint {
  const digits = value.toString().length;
  if (places > digits) return 0;
  const unit = 10n ** BigInt(places);
  const whole = BigInt(value);
  const remainder = ((whole % unit) + unit) % unit;
  const floor = whole - remainder;
  const twice = remainder * 2n;
  const up = twice > unit || (twice === unit && (floor / unit) % 2n !== 0n);
  return makeInt(up ? floor + unit : floor);
}

const DECIMAL_UNITS = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY_UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

function fileSize(rt: Runtime, value: unknown, binary: unknown): string {
  const bytes = convertFloat(rt, value);
  if (bytes === null)
    throw fail(asText(value) === null ? "TypeError" : "ValueError", "could not convert the size to float");
  const base = isTrue(binary) ? 1024 : 1000;
  const units = isTrue(binary) ? BINARY_UNITS : DECIMAL_UNITS;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${truncateToInt(bytes)} Bytes`;
  let size = base;
  for (let index = 0; ; index++) {
    size *= base;
    if (bytes < size || index === units.length - 1) return `${oneDecimal((base * bytes) / size)} ${units[index]}`;
  }
}

function oneDecimal(value: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  return `${value < 0 ? "-" : ""}${fixedText(Math.abs(value), 1)}`;
}

/** Filters over numbers. */
export const NUMBER_FILTERS: readonly Native[] = [
  native(
    "abs",
    [["x"]],
    (_rt, [value]) => {
      if (value instanceof Undefined && value.behaviour === "chainable") throw value.failure();
      return absolute(value);
    },
    { named: false },
  ),
  native("int", [["value"], ["default", 0], ["base", 10]], (rt, [value, fallback, base]) =>
    convertInt(rt, value, fallback, base),
  ),
  native("float", [["value"], ["default", new Float(0)]], (rt, [value, fallback]) => {
    const double = convertFloat(rt, value);
    return double === null ? fallback : makeFloat(double);
  }),
  native("round", [["value"], ["precision", 0], ["method", "common"]], (rt, [value, precision, method]) =>
    round(rt, value, precision, method),
  ),
  native("filesizeformat", [["value"], ["binary", false]], (rt, [value, binary]) => fileSize(rt, value, binary)),
];
