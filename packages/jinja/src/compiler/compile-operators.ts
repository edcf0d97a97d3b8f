import type { BinaryOperator, CompareOperator, Expr } from "../parser/nodes.ts";
import { areEqual, contains, isOrdered } from "../runtime/compare.ts";
import type { Evaluate, Frame } from "../runtime/frame.ts";
import { isTrue } from "../runtime/iterate.ts";
import { compareNumbers, isFloat, isInt, toDouble } from "../runtime/numbers.ts";
import { applyBinary, applyUnary, concatenateTexts } from "../runtime/operators.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Undefined } from "../runtime/values.ts";
import { foldedValue, withFolding } from "./fold.ts";
import type { Compiled, CompileState, Scope } from "./state.ts";

/** Compiles `and` and `or`, which give one of their operands. */
export function compileLogic(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "and" | "or" }>): Compiled {
  const left = state.compileExpression(scope, node.left);
  const right = state.compileExpression(scope, node.right);
  const stop = node.kind === "or";
  const choose = (first: unknown, second: () => unknown): unknown => (isTrue(first) === stop ? first : second());
  const evaluate: Evaluate = (frame) => {
    const value = left.evaluate(frame);
    return isTrue(value) === stop ? value : right.evaluate(frame);
  };
  if (left.fold === null) return { evaluate, fold: null };
  return withFolding([], () => choose(foldedValue(left), () => foldedValue(right)), evaluate);
}

function compare(rt: Runtime, operator: CompareOperator, left: unknown, right: unknown): boolean | Undefined {
  for (const side of [left, right]) {
    if (side instanceof Undefined && side.behaviour === "propagate") return side;
  }
  switch (operator) {
    case "==":
      return areEqual(rt, left, right);
    case "!=":
      return !areEqual(rt, left, right);
    case "in":
      return contains(rt, right, left);
    case "not in":
      return !contains(rt, right, left);
    default:
      return isOrdered(rt, operator, left, right);
  }
}

/** Compiles comparisons, also chained ones. */
export function compileCompare(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "compare" }>): Compiled {
  const first = state.compileExpression(scope, node.first);
  const rest = node.rest.map(({ operator, node: operand }) => ({
    operator,
    part: state.compileExpression(scope, operand),
  }));
  const place = state.place(node.offset);
  const only = rest.length === 1 ? rest[0] : undefined;
  const folded = (): unknown => {
    let left = foldedValue(first);
    let result: unknown = true;
    for (const { operator, part } of rest) {
      const right = foldedValue(part);
      result = compare(state.folding, operator, left, right);
      if (result === false) return false;
      left = right;
    }
    return result;
  };
  if (only !== undefined) {
    const compareOne = compileOneCompare(first.evaluate, only.operator, only.part.evaluate, place);
    return withFolding([first, only.part], folded, compareOne);
  }
  const evaluate: Evaluate = (frame) => {
    let left = first.evaluate(frame);
    let result: boolean | Undefined = true;
    for (const { operator, part } of rest) {
      const right = part.evaluate(frame);
      frame.rt.at = place;
      result = compare(frame.rt, operator, left, right);
      if (result !== true) return result;
      left = right;
    }
    return result;
  };
  return first.fold === null ? { evaluate, fold: null } : withFolding([], folded, evaluate);
}

/** Compiles one comparison; texts and small numbers, the common case, are compared directly. */
function compileOneCompare(
  left: Evaluate,
  operator: CompareOperator,
  right: Evaluate,
  place: Frame["rt"]["at"],
): Evaluate {
  if (operator === "==" || operator === "!=") {
    const wanted = operator === "==";
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      if (typeof a === "string" && typeof b === "string") return (a === b) === wanted;
      frame.rt.at = place;
      return compare(frame.rt, operator, a, b);
    };
  }
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === "number" && typeof b === "number") {
      if (operator === "<") return a < b;
      if (operator === ">") return a > b;
    }
    frame.rt.at = place;
    return compare(frame.rt, operator, a, b);
  };
}

/** Compiles an arithmetic operator. */
export function compileBinary(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "binary" }>): Compiled {
  const left = state.compileExpression(scope, node.left);
  const right = state.compileExpression(scope, node.right);
  const place = state.place(node.offset);
  const { operator } = node;
  const flipped = operator === "**" && right.fold === null ? negativeConstant(left) : null;
  const slow: Evaluate = (frame) => {
    const a = flipped ?? left.evaluate(frame);
    const b = right.evaluate(frame);
    frame.rt.at = place;
    const result = applyBinary(frame.rt, operator, a, b);
    return flipped === null ? result : applyUnary("-", result);
  };
  const evaluate = compileArithmetic(operator, left.evaluate, right.evaluate, place) ?? slow;
  return withFolding(
    [left, right],
    () => applyBinary(state.folding, operator, left.fold?.(), right.fold?.()),
    evaluate,
  );
}

/**
 * Gives the positive counterpart of a negative constant. Jinja2 writes such a constant into Python source, where `-2 ** n` is
 * `-(2 ** n)`; templates see that result, but only when `n` is not constant itself.
 */
function negativeConstant(part: Compiled): unknown {
  const value = part.fold?.();
  const negative =
    isFloat(value) || isInt(value) ? compareNumbers(value, 0) < 0 || Object.is(toDouble(value), -0) : false;
  return negative ? applyUnary("-", value) : null;
}

/** Compiles `+` and `-` with a direct path for small integers; `null` for the other operators. */
function compileArithmetic(
  operator: BinaryOperator,
  left: Evaluate,
  right: Evaluate,
  place: Frame["rt"]["at"],
): Evaluate | null {
  if (operator !== "+" && operator !== "-") return null;
  const sign = operator === "+" ? 1 : -1;
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
      const result = a + sign * b;
      if (Number.isSafeInteger(result)) return result;
    }
    frame.rt.at = place;
    return applyBinary(frame.rt, operator, a, b);
  };
}

/** Compiles `~`. */
export function compileConcat(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "concat" }>): Compiled {
  const parts = node.items.map((item) => state.compileExpression(scope, item));
  const place = state.place(node.offset);
  const { autoescape } = scope;
  const evaluate: Evaluate = (frame) => {
    const values = parts.map((part) => part.evaluate(frame));
    frame.rt.at = place;
    return concatenateTexts(frame.rt, values, autoescape === "volatile" ? frame.rt.autoescape : autoescape);
  };
  // Jinja2 folds constant parts into a plain str, also where autoescape would have made the result safe.
  return withFolding(parts, () => foldConcat(state, parts), evaluate);
}

function foldConcat(state: CompileState, parts: readonly Compiled[]): unknown {
  const values = parts.map((part) => part.fold?.());
  const gone = values.find((value) => value instanceof Undefined && value.behaviour === "propagate");
  return gone ?? values.map((value) => textOf(state.folding, value)).join("");
}
