import { asIndex, asText } from "../runtime/arguments.ts";
import type { Float } from "../runtime/host-values.ts";
import { isTrue } from "../runtime/iterate.ts";
import { method, type Native, native } from "../runtime/native.ts";
import { bitLength, makeInt, type Numeric, toDouble, truncateToInt } from "../runtime/numbers.ts";
import { fail, Tuple } from "../runtime/values.ts";

const big = (value: unknown): bigint => BigInt(Number.isSafeInteger(Number(value)) ? Number(value) : (value as bigint));

function countOnes(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).replace(/0/g, "").length;
}

const toBytes = native("to_bytes", [["self"], ["length", 1], ["byteorder", "big"], ["signed", false]], (rt, args) => {
  const size = asIndex(args[1]);
  const order = asText(args[2]);
  if (order !== "big" && order !== "little") throw fail("ValueError", "byteorder must be either 'little' or 'big'");
  if (size < 0) throw fail("ValueError", "length argument must be non-negative");
  rt.allocate(size);
  let value = big(args[0]);
  const signed = isTrue(args[3]);
  if (value < 0n && !signed) throw fail("OverflowError", "can't convert negative int to unsigned");
  if (bitLength(value) + (signed ? 1 : 0) > size * 8) throw fail("OverflowError", "int too big to convert");
  if (value < 0n) value += 1n << BigInt(size * 8);
  const data = new Uint8Array(size);
  for (let index = size - 1; index >= 0; index--) {
    data[index] = Number(value & 0xffn);
    value >>= 8n;
  }
  return order === "big" ? data : data.reverse();
});

/** Methods of int and bool. */
export const INT_METHODS: readonly Native[] = [
  method("bit_length", [], (_rt, args) => bitLength(big(args[0]))),
  method("bit_count", [], (_rt, args) => countOnes(big(args[0]))),
  method("conjugate", [], (_rt, args) => makeInt(big(args[0]))),
  method("as_integer_ratio", [], (_rt, args) => new Tuple([makeInt(big(args[0])), 1])),
  toBytes,
];

function integerRatio(value: number): Tuple {
  if (Number.isNaN(value)) throw fail("ValueError", "cannot convert NaN to integer ratio");
  if (!Number.isFinite(value)) throw fail("OverflowError", "cannot convert Infinity to integer ratio");
  let numerator = value;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return new Tuple([truncateToInt(numerator), makeInt(denominator)]);
}

function hexText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  let magnitude = Math.abs(value);
  if (magnitude === 0) return `${sign}0x0.0p+0`;
  let exponent = Math.max(-1022, Math.floor(Math.log2(magnitude)));
  magnitude /= 2 ** exponent;
  if (magnitude >= 2) {
    magnitude /= 2;
    exponent++;
  }
  const lead = Math.floor(magnitude);
  const fraction = Math.round((magnitude - lead) * 2 ** 52)
    .toString(16)
    .padStart(13, "0");
  return `${sign}0x${lead}.${fraction}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}

/** Methods of float. */
export const FLOAT_METHODS: readonly Native[] = [
  method("is_integer", [], (_rt, args) => Number.isInteger(toDouble(args[0] as Numeric))),
  method("as_integer_ratio", [], (_rt, args) => integerRatio(toDouble(args[0] as Numeric))),
  method("conjugate", [], (_rt, args) => args[0] as number | Float),
  method("hex", [], (_rt, args) => hexText(toDouble(args[0] as Numeric))),
];
