import { isDict, readDict } from "../runtime/dict.ts";
import { Float, Markup } from "../runtime/host-values.ts";
import { asNumeric, isInt, makeInt, type Numeric, toDouble, truncateToInt } from "../runtime/numbers.ts";
import { bigintText, reprOf, textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, MISSING, Range, Tuple, Undefined } from "../runtime/values.ts";
import { codePointLength, splitCharacters } from "./characters.ts";
import { formatMagnitude } from "./number-format.ts";
import { asciiText } from "./repr-text.ts";

/** Is one `%` conversion: `%(key)-08.3f`. */
interface Conversion {
  readonly key: string | null;
  readonly left: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly precision: number;
  readonly type: string;
}

/** Settings of `formatPrintf`. */
export interface PrintfOptions {
  /** Escapes what `%s` and `%r` insert; used for `Markup`. */
  readonly escape?: (value: unknown) => string;
}

/** Applies Python's `format % argument`. */
export function formatPrintf(rt: Runtime, format: string, argument: unknown, options: PrintfOptions = {}): string {
  const source = new Arguments(argument);
  let result = "";
  let index = 0;
  for (;;) {
    const next = format.indexOf("%", index);
    if (next === -1) break;
    rt.spend(4);
    result += format.slice(index, next);
    const reader = new ConversionReader(format, next + 1, source);
    const conversion = reader.read();
    index = reader.index;
    const piece = conversion.type === "%" ? "%" : formatOne(rt, conversion, source, index - 1, options);
    rt.allocate(piece.length + (index - next));
    result += piece;
  }
  source.checkAllUsed();
  return result + format.slice(index);
}

/** Hands out the values for the conversions. */
class Arguments {
  readonly values: readonly unknown[];
  readonly mapping: unknown;
  next = 0;

  constructor(argument: unknown) {
    this.values = argument instanceof Tuple ? argument.items : [argument];
    this.mapping = isMappingArgument(argument) ? argument : MISSING;
  }

  take(): unknown {
    if (this.next >= this.values.length) throw fail("TypeError", "not enough arguments for format string");
    return this.values[this.next++];
  }

  named(key: string): unknown {
    const mapping = this.mapping;
    if (mapping === MISSING) throw fail("TypeError", "format requires a mapping");
    if (mapping instanceof Undefined) throw mapping.failure();
    if (!isDict(mapping)) throw fail("TypeError", `${typeName(mapping)} indices must be integers or slices, not str`);
    const value = readDict(mapping, key);
    if (value === MISSING) throw fail("KeyError", `'${key}'`);
    return value;
  }

  checkAllUsed(): void {
    if (this.next < this.values.length && this.mapping === MISSING) {
      throw fail("TypeError", "not all arguments converted during string formatting");
    }
  }
}

function isMappingArgument(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    isDict(value) ||
    value instanceof Range ||
    value instanceof Undefined ||
    value instanceof Uint8Array
  );
}

/** Reads one conversion behind its `%`. */
class ConversionReader {
  private readonly format: string;
  private readonly source: Arguments;
  index: number;

  constructor(format: string, index: number, source: Arguments) {
    this.format = format;
    this.index = index;
    this.source = source;
  }

  read(): Conversion {
    const key = this.readKey();
    const flags = this.readFlags();
    let width = this.readNumber();
    let left = flags.includes("-");
    if (width < 0) {
      left = true;
      width = -width;
    }
    let precision = -1;
    if (this.peek() === ".") {
      this.index++;
      precision = Math.max(0, this.readNumber());
    }
    while (this.peek() !== "" && "hlL".includes(this.peek())) this.index++;
    const type = this.take();
    return {
      key,
      left,
      plus: flags.includes("+"),
      space: flags.includes(" "),
      alternate: flags.includes("#"),
      zero: flags.includes("0"),
      width,
      precision,
      type,
    };
  }

  private peek(): string {
    return this.format.charAt(this.index);
  }

  private take(): string {
    if (this.index >= this.format.length) throw fail("ValueError", "incomplete format");
    const code = this.format.codePointAt(this.index) as number;
    this.index += code > 0xffff ? 2 : 1;
    return String.fromCodePoint(code);
  }

  private readKey(): string | null {
    if (this.peek() !== "(") return null;
    let depth = 1;
    const start = ++this.index;
    while (depth > 0) {
      if (this.index >= this.format.length) throw fail("ValueError", "incomplete format key");
      const character = this.format.charAt(this.index++);
      if (character === "(") depth++;
      else if (character === ")") depth--;
    }
    return this.format.slice(start, this.index - 1);
  }

  private readFlags(): string {
    const start = this.index;
    while (this.peek() !== "" && "-+ #0".includes(this.peek())) this.index++;
    return this.format.slice(start, this.index);
  }

  private readNumber(): number {
    if (this.peek() === "*") {
      this.index++;
      const value = this.source.take();
      if (typeof value !== "number" && typeof value !== "boolean") throw fail("TypeError", "* wants int");
      if (!isInt(Number(value))) throw fail("TypeError", "* wants int");
      return Number(value);
    }
    const start = this.index;
    while (this.peek() >= "0" && this.peek() <= "9") this.index++;
    const number = Number(this.format.slice(start, this.index) || "0");
    if (number > 2147483647) throw fail("ValueError", "width too big");
    return number;
  }
}

function formatOne(
  rt: Runtime,
  conversion: Conversion,
  source: Arguments,
  index: number,
  options: PrintfOptions,
): string {
  const value = conversion.key === null ? source.take() : source.named(conversion.key);
  rt.allocate(Math.max(conversion.width, conversion.precision, 0));
  const { type } = conversion;
  if (type === "s" || type === "r" || type === "a")
    return padText(formatText(rt, conversion, value, options), conversion);
  if (type === "c") return padText(formatCharacter(value), conversion);
  if ("diuoxX".includes(type)) return padNumber(integerDigits(rt, conversion, value), conversion);
  if ("eEfFgG".includes(type)) return padNumber(floatDigits(rt, conversion, value), conversion);
  const code = (type.codePointAt(0) as number).toString(16);
  throw fail("ValueError", `unsupported format character '${type}' (0x${code}) at index ${index}`);
}

function formatText(rt: Runtime, conversion: Conversion, value: unknown, options: PrintfOptions): string {
  let text: string;
  if (conversion.type === "s") text = options.escape === undefined ? textOf(rt, value) : options.escape(value);
  else {
    const repr = reprOf(rt, value);
    text = options.escape === undefined ? repr : options.escape(repr);
    if (conversion.type === "a") text = asciiText(text);
  }
  return conversion.precision < 0 ? text : splitCharacters(text).slice(0, conversion.precision).join("");
}

function formatCharacter(value: unknown): string {
  const text = value instanceof Markup ? value.text : value;
  if (typeof text === "string") {
    if (codePointLength(text) === 1) return text;
    throw fail("TypeError", "%c requires int or char");
  }
  const number = typeof text === "boolean" ? Number(text) : text;
  if (!isInt(number)) throw fail("TypeError", "%c requires int or char");
  if (typeof number === "bigint" || number < 0 || number > 0x10ffff)
    throw fail("OverflowError", "%c arg not in range(0x110000)");
  return String.fromCodePoint(number);
}

/** Is a number ready to be padded: its sign, a prefix such as 0x, and digits. */
interface Digits {
  readonly sign: string;
  readonly prefix: string;
  readonly digits: string;
}

function integerDigits(rt: Runtime, conversion: Conversion, value: unknown): Digits {
  const { type } = conversion;
  const number = asNumeric(value);
  if (number === undefined) {
    if (value instanceof Undefined && !"oxX".includes(type)) throw value.failure();
    const wanted = "oxX".includes(type) ? "an integer is required" : "a real number is required";
    throw fail("TypeError", `%${type} format: ${wanted}, not ${typeName(value)}`);
  }
  if ("oxX".includes(type) && !isInt(number)) {
    throw fail("TypeError", `%${type} format: an integer is required, not float`);
  }
  const whole = BigInt(toWhole(number));
  const magnitude = whole < 0n ? -whole : whole;
  let digits = integerText(rt, magnitude, type);
  if (type === "X") digits = digits.toUpperCase();
  if (conversion.precision > digits.length) digits = digits.padStart(conversion.precision, "0");
  const prefix = conversion.alternate && "oxX".includes(type) ? `0${type}` : "";
  return { sign: signOf(whole < 0n, conversion), prefix, digits };
}

function toWhole(number: Numeric): number | bigint {
  if (typeof number === "bigint") return number;
  return isInt(number) ? number : truncateToInt(number instanceof Float ? number.value : number);
}

function integerText(rt: Runtime, magnitude: bigint, type: string): string {
  if (type === "o") return magnitude.toString(8);
  if (type === "x" || type === "X") return magnitude.toString(16);
  return bigintText(rt, magnitude);
}

function floatDigits(rt: Runtime, conversion: Conversion, value: unknown): Digits {
  const number = asNumeric(value);
  if (number === undefined) {
    if (value instanceof Undefined) throw value.failure();
    throw fail("TypeError", `must be real number, not ${typeName(value)}`);
  }
  const double = toDouble(typeof number === "bigint" ? makeInt(number) : number);
  const precision = conversion.precision < 0 ? 6 : conversion.precision;
  rt.spend(precision >> 3);
  const digits = formatMagnitude(double, conversion.type, precision, conversion.alternate);
  return { sign: signOf(double < 0 || Object.is(double, -0), conversion), prefix: "", digits };
}

function signOf(negative: boolean, conversion: Conversion): string {
  if (negative) return "-";
  return conversion.plus ? "+" : conversion.space ? " " : "";
}

function padNumber(number: Digits, conversion: Conversion): string {
  const { sign, prefix, digits } = number;
  const size = sign.length + prefix.length + digits.length;
  if (conversion.zero && !conversion.left && size < conversion.width) {
    return sign + prefix + "0".repeat(conversion.width - size) + digits;
  }
  return padText(sign + prefix + digits, conversion);
}

function padText(text: string, conversion: Conversion): string {
  const missing = conversion.width - codePointLength(text);
  if (missing <= 0) return text;
  const blanks = " ".repeat(missing);
  return conversion.left ? text + blanks : blanks + text;
}
