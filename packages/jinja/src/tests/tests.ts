import { isLowerText, isUpperText } from "../methods/str-case.ts";
import { asText } from "../runtime/arguments.ts";
import { areEqual, areIdentical, contains, isOrdered, type Ordering } from "../runtime/compare.ts";
import { hashKey, isDict } from "../runtime/dict.ts";
import { HostFunction, Markup } from "../runtime/host-values.ts";
import { isIterable, sizeOf } from "../runtime/iterate.ts";
import { type Native, native, nativeTable } from "../runtime/native.ts";
import { asNumeric, isFloat, isInt } from "../runtime/numbers.ts";
import { applyBinary } from "../runtime/operators.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Callable, DictView, Generator, ObjectValue, Undefined } from "../runtime/values.ts";

/** Defines a test of one value. */
function one(name: string, check: (value: unknown, rt: Runtime) => boolean): Native {
  return native(name, [["value"]], (rt, [value]) => check(value, rt), { seesUndefined: true });
}

/** Defines a test of a value against another one, under several names; operators take no named arguments. */
function two(
  names: string,
  params: readonly [string, string],
  check: (rt: Runtime, value: unknown, other: unknown) => boolean,
  named: boolean,
): Native[] {
  return names.split(" ").map((name) =>
    native(name, [[params[0]], [params[1]]], (rt, [value, other]) => check(rt, value, other), {
      named,
      seesUndefined: true,
    }),
  );
}

function ordering(names: string, operator: Ordering): Native[] {
  return two(names, ["a", "b"], (rt, value, other) => isOrdered(rt, operator, value, other), false);
}

function remainder(rt: Runtime, value: unknown, divisor: unknown, wanted: number): boolean {
  return areEqual(rt, applyBinary(rt, "%", value, divisor), wanted);
}

function isSequence(value: unknown): boolean {
  if (value instanceof Undefined) return value.behaviour !== "strict";
  if (value instanceof DictView || value instanceof ObjectValue || value instanceof Generator) return false;
  return sizeOf(value) >= 0;
}

function isCallable(value: unknown): boolean {
  if (value instanceof Undefined) return true;
  return (
    value instanceof Callable ||
    value instanceof HostFunction ||
    (value instanceof ObjectValue && value.invoke !== null)
  );
}

function isKnown(table: ReadonlyMap<string, Native>, name: unknown): boolean {
  hashKey(name);
  const text = asText(name);
  return text !== null && table.has(text);
}

/** The built-in tests by name. */
export const TESTS = nativeTable(
  [
    one("odd", (value, rt) => remainder(rt, value, 2, 1)),
    one("even", (value, rt) => remainder(rt, value, 2, 0)),
    one("defined", (value) => !(value instanceof Undefined)),
    one("undefined", (value) => value instanceof Undefined),
    one("none", (value) => value === null),
    one("boolean", (value) => typeof value === "boolean"),
    one("true", (value) => value === true),
    one("false", (value) => value === false),
    one("integer", (value) => isInt(value)),
    one("float", (value) => isFloat(value)),
    one("number", (value) => asNumeric(value) !== undefined),
    one("string", (value) => asText(value) !== null),
    one("mapping", (value) => isDict(value)),
    one("sequence", isSequence),
    one("iterable", (value) => {
      if (value instanceof Undefined && value.behaviour === "strict") throw value.failure();
      return isIterable(value);
    }),
    native("callable", [["obj"]], (_rt, [value]) => isCallable(value), { named: false, seesUndefined: true }),
    one(
      "escaped",
      (value) => value instanceof Markup || (value instanceof Undefined && value.behaviour === "chainable"),
    ),
    one("lower", (value, rt) => isLowerText(textOf(rt, value))),
    one("upper", (value, rt) => isUpperText(textOf(rt, value))),
    one("filter", (value, rt) => isKnown(rt.environment.filters, value)),
    one("test", (value, rt) => isKnown(rt.environment.tests, value)),
  ],
  two("divisibleby", ["value", "num"], (rt, value, other) => remainder(rt, value, other, 0), true),
  two("sameas", ["value", "other"], (_rt, value, other) => areIdentical(value, other), true),
  two("in", ["value", "seq"], (rt, value, other) => contains(rt, other, value), true),
  two("== eq equalto", ["a", "b"], (rt, value, other) => areEqual(rt, value, other), false),
  two("!= ne", ["a", "b"], (rt, value, other) => !areEqual(rt, value, other), false),
  ordering("> gt greaterthan", ">"),
  ordering(">= ge", ">="),
  ordering("< lt lessthan", "<"),
  ordering("<= le", "<="),
);
