import type { BinaryOperator } from "../parser/nodes.ts";
import { escapeHtml, escapeValue } from "../text/escape.ts";
import { formatPrintf } from "../text/printf.ts";
import { asIndex, asText } from "./arguments.ts";
import { Markup } from "./host-values.ts";
import {
  addNumbers,
  asNumeric,
  divideNumbers,
  floorDivideNumbers,
  isInt,
  moduloNumbers,
  multiplyNumbers,
  negateNumber,
  powerNumbers,
  subtractNumbers,
} from "./numbers.ts";
import { textOf } from "./repr.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "./type-names.ts";
import { fail, Tuple, Undefined } from "./values.ts";

/** Applies one of Python's binary operators. */
export function applyBinary(rt: Runtime, operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (left instanceof Undefined || right instanceof Undefined) return applyToUndefined(rt, operator, left, right);
  const a = asNumeric(left);
  const b = a === undefined ? undefined : asNumeric(right);
  if (a !== undefined && b !== undefined) return applyToNumbers(rt, operator, a, b);
  const result = applyToObjects(rt, operator, left, right);
  if (result !== undefined) return result;
  if (!isKnownValue(left) || !isKnownValue(right)) throw hostObjectError();
  const shown = operator === "**" ? "** or pow()" : operator;
  throw fail("TypeError", `unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`);
}

function applyToUndefined(rt: Runtime, operator: BinaryOperator, left: unknown, right: unknown): unknown {
  for (const side of [left, right]) {
    if (side instanceof Undefined && side.behaviour === "propagate") return side;
  }
  if (operator === "%" && !(left instanceof Undefined) && asText(left) !== null) {
    return applyToObjects(rt, operator, left, right);
  }
  throw (left instanceof Undefined ? left : (right as Undefined)).failure();
}

type Numbers = Parameters<typeof addNumbers>[0];

function applyToNumbers(rt: Runtime, operator: BinaryOperator, left: Numbers, right: Numbers): unknown {
  switch (operator) {
    case "+":
      return addNumbers(left, right);
    case "-":
      return subtractNumbers(left, right);
    case "*":
      return multiplyNumbers(rt, left, right);
    case "/":
      return divideNumbers(left, right);
    case "//":
      return floorDivideNumbers(rt, left, right);
    case "%":
      return moduloNumbers(rt, left, right);
    case "**":
      return powerNumbers(rt, left, right);
  }
}

/** Applies an operator to values that are not both numbers; `undefined` when their types do not support it. */
function applyToObjects(rt: Runtime, operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (operator === "+") return concatenate(rt, left, right);
  if (operator === "*") return repeatEither(rt, left, right);
  if (operator === "%") {
    if (left instanceof Markup) {
      return new Markup(formatPrintf(rt, left.text, right, { escape: (value) => escapeForMarkup(rt, value) }));
    }
    return typeof left === "string" ? formatPrintf(rt, left, right) : undefined;
  }
  return undefined;
}

function escapeForMarkup(rt: Runtime, value: unknown): string {
  return escapeValue(rt, value).text;
}

function concatenate(rt: Runtime, left: unknown, right: unknown): unknown {
  const a = asText(left);
  const b = asText(right);
  if (a !== null && b !== null) {
    rt.allocate(a.length + b.length);
    if (left instanceof Markup || right instanceof Markup) {
      return new Markup(escapeValue(rt, left).text + escapeValue(rt, right).text);
    }
    return a + b;
  }
  if (Array.isArray(left) && Array.isArray(right)) return joinLists(rt, left, right);
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple(joinLists(rt, left.items, right.items));
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    rt.allocate(left.length + right.length);
    const data = new Uint8Array(left.length + right.length);
    data.set(left);
    data.set(right, left.length);
    return data;
  }
  if (a !== null && !(left instanceof Markup) && isKnownValue(right)) {
    throw fail("TypeError", `can only concatenate str (not "${typeName(right)}") to str`);
  }
  return undefined;
}

function joinLists(rt: Runtime, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  rt.allocate((left.length + right.length) * 8);
  rt.spend((left.length + right.length) >> 3);
  return left.concat(right);
}

function repeatEither(rt: Runtime, left: unknown, right: unknown): unknown {
  if (isRepeatable(left)) return repeat(rt, left, right);
  return isRepeatable(right) ? repeat(rt, right, left) : undefined;
}

function isRepeatable(value: unknown): boolean {
  return asText(value) !== null || Array.isArray(value) || value instanceof Tuple || value instanceof Uint8Array;
}

function repeat(rt: Runtime, value: unknown, times: unknown): unknown {
  const number = asNumeric(times);
  if (number === undefined || !isInt(number)) {
    if (!isKnownValue(times)) throw hostObjectError();
    throw fail("TypeError", `can't multiply sequence by non-int of type '${typeName(times)}'`);
  }
  if (typeof number === "bigint") throw fail("OverflowError", "cannot fit 'int' into an index-sized integer");
  const count = Math.max(0, asIndex(number));
  if (typeof value === "string") return repeatText(rt, value, count);
  if (value instanceof Markup) return new Markup(repeatText(rt, value.text, count));
  if (value instanceof Uint8Array) {
    rt.allocate(value.length * count);
    return Uint8Array.from(repeatItems(rt, Array.from(value), count) as number[]);
  }
  if (value instanceof Tuple) return new Tuple(repeatItems(rt, value.items, count));
  return repeatItems(rt, value as readonly unknown[], count);
}

function repeatText(rt: Runtime, text: string, count: number): string {
  rt.allocate(text.length * count);
  return text === "" ? "" : text.repeat(count);
}

function repeatItems(rt: Runtime, items: readonly unknown[], count: number): unknown[] {
  const size = items.length * count;
  rt.allocate(size * 8);
  rt.spend(size >> 3);
  const result: unknown[] = [];
  if (items.length === 0) return result;
  for (let round = 0; round < count; round++) for (const item of items) result.push(item);
  return result;
}

/** Applies unary `-` or `+`. */
export function applyUnary(operator: "+" | "-", value: unknown): unknown {
  if (value instanceof Undefined) {
    if (value.behaviour === "propagate") return value;
    throw value.failure();
  }
  const number = asNumeric(value);
  if (number === undefined) {
    if (!isKnownValue(value)) throw hostObjectError();
    throw fail("TypeError", `bad operand type for unary ${operator}: '${typeName(value)}'`);
  }
  return operator === "-" ? negateNumber(number) : number;
}

/** Applies `~`: texts of all parts in a row; with autoescape a safe part makes the whole safe. */
export function concatenateTexts(rt: Runtime, parts: readonly unknown[], autoescape: boolean): unknown {
  const safe = autoescape && parts.some((part) => part instanceof Markup);
  let result = "";
  for (const part of parts) {
    if (part instanceof Undefined && part.behaviour === "propagate") return part;
    const text = part instanceof Markup ? part.text : safe ? escapeHtml(rt, textOf(rt, part)) : textOf(rt, part);
    rt.allocate(text.length);
    result += text;
  }
  return safe ? new Markup(result) : result;
}
