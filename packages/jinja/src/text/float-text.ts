/**
 * Decimal digits of doubles, with Python's rule: the exact binary value is rounded half to even. JavaScript's `toFixed` rounds
 * ties up and stops at 100 digits, so the digits are made with integers.
 */

/** Splits a positive finite double into `mantissa * 2^exponent`. */
function splitDouble(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 };
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) return quotient + 1n;
  return quotient;
}

/** Gives the digits of `value * 10^places` as an integer; `value` is finite and not negative. */
function scaledDigits(value: number, places: number): bigint {
  const { mantissa, exponent } = splitDouble(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  return divideHalfEven(numerator, denominator);
}

/** Writes a finite magnitude with exactly `places` digits behind the point (`%.{places}f`). */
export function fixedText(value: number, places: number): string {
  const digits = scaledDigits(Math.abs(value), places).toString();
  if (places === 0) return digits;
  const padded = digits.padStart(places + 1, "0");
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** Gives `count` significant digits of a finite magnitude and the decimal exponent of the first one. */
export function significantDigits(value: number, count: number): { digits: string; exponent: number } {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return { digits: "0".repeat(count), exponent: 0 };
  let exponent = Number(magnitude.toExponential().split("e")[1]);
  let digits = scaledDigits(magnitude, count - 1 - exponent).toString();
  if (digits.length > count) {
    // Rounding carried into a new digit, as 9.99 to 10.0.
    exponent++;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

/** Writes a finite magnitude in exponent form (`%.{places}e`). */
export function exponentText(value: number, places: number): string {
  const { digits, exponent } = significantDigits(value, places + 1);
  return withExponent(digits, exponent);
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  const size = Math.abs(exponent).toString().padStart(2, "0");
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** Writes a finite magnitude in general form (`%.{precision}g`); `alternate` keeps trailing zeros. */
export function generalText(value: number, precision: number, alternate: boolean): string {
  const count = Math.max(1, precision);
  const { digits, exponent } = significantDigits(value, count);
  const kept = alternate ? digits : digits.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= count) return withExponent(kept, exponent);
  return placePoint(kept, exponent, alternate);
}

/** Writes digits without an exponent. */
function placePoint(digits: string, exponent: number, keepPoint: boolean): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? (keepPoint ? `${whole}.` : whole) : `${whole}.${fraction}`;
}

/** Writes a float as Python's `repr` does: the shortest digits that read back, an exponent below 1e-4 and from 1e16. */
export function floatText(value: number): string {
  const size = value < 0 ? -value : value;
  // The common case first: String gives the same digits for everything that needs no exponent.
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Number.isNaN(value)) return "nan";
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa, exponent] = size.toExponential().split("e") as [string, string];
  return `${value < 0 ? "-" : ""}${withExponent(mantissa.replace(".", ""), Number(exponent))}`;
}

/** Writes a float as Python's `json.dumps` does. */
export function jsonFloatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Infinity" : "Infinity";
  return floatText(value);
}

/** Rounds half to even at a decimal place, like Python's `round(float, places)`. */
export function roundDouble(value: number, places: number): number {
  if (!Number.isFinite(value) || value === 0 || places > 323) return value;
  if (places < -308) return value < 0 ? -0 : 0;
  const magnitude = Math.abs(value);
  const rounded = Number(places >= 0 ? fixedText(magnitude, places) : `${scaledDigits(magnitude, places)}e${-places}`);
  return value < 0 ? -rounded : rounded;
}
