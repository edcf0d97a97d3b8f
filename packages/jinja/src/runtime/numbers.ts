import { Float } from "./host-values.ts";
import type { Runtime } from "./runtime.ts";
import { fail } from "./values.ts";

/**
 * Numbers in a template:
 *
 *   int    a safe integer as `number`, any other as `bigint` (never a bigint that is safe)
 *   float  `Float` when its value is a safe integer (1.0, -0.0), else `number` (1.5, 1e300, NaN)
 *   bool   takes part as 0 or 1
 */
export type Numeric = number | bigint | Float;

/** Makes a float. */
export function makeFloat(value: number): number | Float {
  return Number.isSafeInteger(value) ? new Float(value) : value;
}

/** Makes an int from a bigint. */
export function makeInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** Tells whether a value is an int (not a bool). */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "bigint";
}

/** Tells whether a value is a float. */
export function isFloat(value: unknown): value is number | Float {
  return typeof value === "number" ? !Number.isSafeInteger(value) : value instanceof Float;
}

/** Takes a bool as 0 or 1 and leaves other numbers; `undefined` for what is no number. */
export function asNumeric(value: unknown): Numeric | undefined {
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float) return value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** Gives the double behind a number. Throws OverflowError for an int that is too large. */
export function toDouble(value: Numeric): number {
  if (typeof value === "number") return value;
  if (value instanceof Float) return value.value;
  const double = Number(value);
  if (!Number.isFinite(double)) throw fail("OverflowError", "int too large to convert to float");
  return double;
}

function bothInts(left: Numeric, right: Numeric): boolean {
  return isInt(left) && isInt(right);
}

/** Adds two numbers. */
export function addNumbers(left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right)) {
    const sum = Number(left) + Number(right);
    return Number.isSafeInteger(sum) && typeof left === "number" && typeof right === "number"
      ? sum
      : makeInt(BigInt(left as number) + BigInt(right as number));
  }
  return makeFloat(toDouble(left) + toDouble(right));
}

/** Subtracts two numbers. */
export function subtractNumbers(left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right)) {
    const difference = Number(left) - Number(right);
    return Number.isSafeInteger(difference) && typeof left === "number" && typeof right === "number"
      ? difference
      : makeInt(BigInt(left as number) - BigInt(right as number));
  }
  return makeFloat(toDouble(left) - toDouble(right));
}

/** Multiplies two numbers; large integers are charged by their size before the work. */
export function multiplyNumbers(rt: Runtime, left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right)) {
    const product = Number(left) * Number(right);
    if (Number.isSafeInteger(product) && typeof left === "number" && typeof right === "number") return product + 0;
    const a = BigInt(left as number);
    const b = BigInt(right as number);
    const bitsA = bitLength(a);
    const bitsB = bitLength(b);
    rt.chargeInteger(bitsA + bitsB);
    rt.spend((bitsA >> 6) * ((bitsB >> 6) + 1));
    return makeInt(a * b);
  }
  return makeFloat(toDouble(left) * toDouble(right));
}

/** Divides truly; the result is a float also for ints. */
export function divideNumbers(left: Numeric, right: Numeric): Numeric {
  if (typeof left === "bigint" || typeof right === "bigint") {
    if (bothInts(left, right)) return divideBig(BigInt(left as number), BigInt(right as number));
  }
  const divisor = toDouble(right);
  if (divisor === 0)
    throw fail("ZeroDivisionError", isInt(left) && isInt(right) ? "division by zero" : "float division by zero");
  return makeFloat(toDouble(left) / divisor);
}

/** Divides large ints with one correct rounding. */
function divideBig(left: bigint, right: bigint): Numeric {
  if (right === 0n) throw fail("ZeroDivisionError", "division by zero");
  const negative = left < 0n !== right < 0n;
  const a = left < 0n ? -left : left;
  const b = right < 0n ? -right : right;
  const shift = Math.max(-1100, Math.min(1100, bitLength(b) - bitLength(a) + 66));
  const scaled = shift >= 0 ? a << BigInt(shift) : a;
  const divisor = shift >= 0 ? b : b << BigInt(-shift);
  let quotient = scaled / divisor;
  if (scaled % divisor !== 0n) quotient |= 1n;
  const value = scaleDouble(Number(quotient), -shift);
  if (!Number.isFinite(value)) throw fail("OverflowError", "integer division result too large for a float");
  return makeFloat(negative ? -value : value);
}

function scaleDouble(value: number, exponent: number): number {
  let result = value;
  let rest = exponent;
  while (rest > 1000) {
    result *= 2 ** 1000;
    rest -= 1000;
  }
  while (rest < -1000) {
    result *= 2 ** -1000;
    rest += 1000;
  }
  return result * 2 ** rest;
}

/** Divides and rounds towards minus infinity. */
export function floorDivideNumbers(rt: Runtime, left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right)) return divideInts(rt, left as number | bigint, right as number | bigint).quotient;
  return makeFloat(divideDoubles(toDouble(left), toDouble(right)).quotient);
}

/** Gives the remainder with the sign of the divisor. */
export function moduloNumbers(rt: Runtime, left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right)) return divideInts(rt, left as number | bigint, right as number | bigint).remainder;
  const divisor = toDouble(right);
  if (divisor === 0) throw fail("ZeroDivisionError", "float modulo");
  return makeFloat(divideDoubles(toDouble(left), divisor).remainder);
}

function divideInts(
  rt: Runtime,
  left: number | bigint,
  right: number | bigint,
): { quotient: Numeric; remainder: Numeric } {
  if (right === 0) throw fail("ZeroDivisionError", "integer division or modulo by zero");
  if (typeof left === "number" && typeof right === "number") {
    let remainder = left % right;
    if (remainder !== 0 && remainder < 0 !== right < 0) remainder += right;
    return { quotient: Math.round((left - remainder) / right) + 0, remainder: remainder + 0 };
  }
  const a = BigInt(left);
  const b = BigInt(right);
  rt.spend((bitLength(a) >> 5) * ((bitLength(b) >> 8) + 1));
  rt.allocate(bitLength(a) >> 3);
  let quotient = a / b;
  let remainder = a % b;
  if (remainder !== 0n && remainder < 0n !== b < 0n) {
    quotient -= 1n;
    remainder += b;
  }
  return { quotient: makeInt(quotient), remainder: makeInt(remainder) };
}

function divideDoubles(left: number, right: number): { quotient: number; remainder: number } {
  if (right === 0) throw fail("ZeroDivisionError", "float floor division by zero");
  let remainder = left % right;
  let quotient = (left - remainder) / right;
  if (remainder !== 0) {
    if (right < 0 !== remainder < 0) {
      remainder += right;
      quotient -= 1;
    }
  } else {
    remainder = right < 0 ? -0 : 0;
  }
  if (quotient !== 0) {
    const floor = Math.floor(quotient);
    quotient = quotient - floor > 0.5 ? floor + 1 : floor;
  } else {
    quotient = left / right < 0 || Object.is(left / right, -0) ? -0 : 0;
  }
  return { quotient, remainder };
}

/** Raises to a power; the size of the result is charged before the work. */
export function powerNumbers(rt: Runtime, left: Numeric, right: Numeric): Numeric {
  if (bothInts(left, right) && (right as number) >= 0) {
    const base = BigInt(left as number);
    if (base === 0n || base === 1n) return right === 0 ? 1 : makeInt(base);
    if (base === -1n) return BigInt(right as number) % 2n === 0n ? 1 : -1;
    const bits = bitLength(base) * Number(right);
    rt.chargeInteger(bits);
    rt.spend((bits >> 6) * ((bits >> 10) + 1));
    return makeInt(base ** BigInt(right as number));
  }
  const base = toDouble(left);
  const exponent = toDouble(right);
  if (base === 0 && exponent < 0) throw fail("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw fail("TypeError", "a negative number to a fractional power is complex, which is not supported");
  }
  const power = base === 1 ? 1 : base ** exponent;
  if (!Number.isFinite(power) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw fail("OverflowError", "(34, 'Numerical result out of range')");
  }
  return makeFloat(power);
}

/** Counts the bits of an integer's magnitude. */
export function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude === 0n) return 0;
  const hex = magnitude.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

/** Turns the sign round. */
export function negateNumber(value: Numeric): Numeric {
  if (typeof value === "bigint") return makeInt(-value);
  if (value instanceof Float) return new Float(-value.value);
  return Number.isSafeInteger(value) ? 0 - value : -value;
}

/** Compares two numbers exactly, also an int with a float; NaN gives NaN. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  const a = left instanceof Float ? left.value : left;
  const b = right instanceof Float ? right.value : right;
  if (a < b) return -1;
  if (a > b) return 1;
  // JavaScript compares a bigint with a number exactly, and `==` across the two as well.
  // biome-ignore lint/suspicious/noDoubleEquals: mixed comparison of bigint and number is what is wanted
  return a == b ? 0 : Number.NaN;
}

/** Rounds a double to an int, towards zero. Throws for infinities and NaN. */
export function truncateToInt(value: number): number | bigint {
  if (Number.isNaN(value)) throw fail("ValueError", "cannot convert float NaN to integer");
  if (!Number.isFinite(value)) throw fail("OverflowError", "cannot convert float infinity to integer");
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}
