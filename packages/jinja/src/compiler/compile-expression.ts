import { TemplateError } from "../errors.ts";
import { DICT_METHOD_NAMES } from "../methods/methods.ts";
import type { BinaryOperator, CompareOperator, Expr, SliceNode } from "../parser/nodes.ts";
import { noSuchMember, noSuchName, readAttribute, readItem, readMemberFirst } from "../runtime/access.ts";
import { areEqual, contains, isOrdered } from "../runtime/compare.ts";
import { Dict, isPlainObject } from "../runtime/dict.ts";
import type { Evaluate, Frame } from "../runtime/frame.ts";
import { isTrue } from "../runtime/iterate.ts";
import { compareNumbers, isFloat, isInt, toDouble } from "../runtime/numbers.ts";
import { applyBinary, applyUnary, concatenateTexts } from "../runtime/operators.ts";
import { textOf } from "../runtime/repr.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { sliceValue } from "../runtime/slice.ts";
import { MISSING, ObjectValue, Tuple, Undefined } from "../runtime/values.ts";
import { compileCall } from "./compile-call.ts";
import { compileFilter, compileTest } from "./compile-filter.ts";
import { compileRawName } from "./compile-name.ts";
import { constant, foldedValue, withFolding } from "./fold.ts";
import { internName } from "./intern.ts";
import type { Compiled, CompileState, Scope } from "./state.ts";

/** Compiles an expression to a closure. */
export function compileExpression(state: CompileState, scope: Scope, node: Expr): Compiled {
  state.cost++;
  switch (node.kind) {
    case "const":
      return constant(isShortText(node.value) ? internName(node.value) : node.value);
    case "name":
      return { evaluate: compileName(scope, node.name), fold: null };
    case "tuple":
      return compileSequence(state, scope, node.items, (items) => new Tuple(items));
    case "list":
      return compileSequence(state, scope, node.items, (items) => items);
    case "dict":
      return compileDict(state, scope, node.items);
    case "condition":
      return compileCondition(state, scope, node);
    case "and":
    case "or":
      return compileLogic(state, scope, node);
    case "not": {
      const inner = compileExpression(state, scope, node.node);
      const evaluate: Evaluate = (frame) => !isTrue(inner.evaluate(frame));
      return withFolding([inner], () => !isTrue(inner.fold?.()), evaluate);
    }
    case "compare":
      return compileCompare(state, scope, node);
    case "binary":
      return compileBinary(state, scope, node);
    case "unary": {
      const inner = compileExpression(state, scope, node.node);
      const place = state.place(node.offset);
      const { operator } = node;
      return withFolding(
        [inner],
        () => applyUnary(operator, inner.fold?.()),
        (frame) => {
          const value = inner.evaluate(frame);
          frame.rt.at = place;
          return applyUnary(operator, value);
        },
      );
    }
    case "concat":
      return compileConcat(state, scope, node);
    case "attribute":
      return compileAttribute(state, scope, node);
    case "item":
      return compileItem(state, scope, node);
    case "call":
      return { evaluate: compileCall(state, scope, node), fold: null };
    case "filter":
      return compileFilter(state, scope, node, null);
    case "test":
      return compileTest(state, scope, node);
    case "slice":
    case "namespace target":
      throw state.fail("a slice stands alone", node.offset);
  }
}

function compileName(scope: Scope, name: string): Evaluate {
  const read = compileRawName(scope, name);
  return (frame) => {
    const value = read(frame);
    return value === MISSING ? noSuchName(frame.rt.environment.undefinedBehaviour, name) : value;
  };
}

function compileSequence(
  state: CompileState,
  scope: Scope,
  nodes: readonly Expr[],
  make: (items: unknown[]) => unknown,
): Compiled {
  const parts = nodes.map((node) => compileExpression(state, scope, node));
  const evaluates = parts.map((part) => part.evaluate);
  const count = evaluates.length;
  const evaluate: Evaluate = (frame) => {
    frame.rt.allocate(16 + count * 8);
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) items.push((evaluates[index] as Evaluate)(frame));
    return make(items);
  };
  return withFolding(parts, () => make(parts.map((part) => part.fold?.())), evaluate);
}

function compileDict(state: CompileState, scope: Scope, nodes: readonly (readonly [Expr, Expr])[]): Compiled {
  const parts = nodes.map(
    ([key, value]) => [compileExpression(state, scope, key), compileExpression(state, scope, value)] as const,
  );
  const evaluate: Evaluate = (frame) => {
    frame.rt.allocate(32 + parts.length * 32);
    const dict = new Dict();
    for (const [key, value] of parts) {
      const name = key.evaluate(frame);
      dict.set(name, value.evaluate(frame));
    }
    return dict;
  };
  return withFolding(
    parts.flat(),
    () => {
      const dict = new Dict();
      for (const [key, value] of parts) dict.set(key.fold?.(), value.fold?.());
      return dict;
    },
    evaluate,
  );
}

function compileCondition(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "condition" }>): Compiled {
  const soft: Scope = { ...scope, soft: true };
  const test = compileExpression(state, soft, node.test);
  const yes = compileExpression(state, soft, node.yes);
  const no = node.no === null ? null : compileExpression(state, soft, node.no);
  // Jinja2 uses its lenient undefined here in every mode.
  const behaviour = state.environment.undefinedBehaviour === "propagate" ? "propagate" : "lenient";
  const reason = "the inline if-expression evaluated to false and no else section was defined.";
  const otherwise: Evaluate = no === null ? () => new Undefined(behaviour, reason) : no.evaluate;
  const evaluate: Evaluate = (frame) => (isTrue(test.evaluate(frame)) ? yes.evaluate(frame) : otherwise(frame));
  if (no === null) return { evaluate, fold: null };
  return withFolding([], () => foldedValue(isTrue(foldedValue(test)) ? yes : no), evaluate);
}

function compileLogic(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "and" | "or" }>): Compiled {
  const left = compileExpression(state, scope, node.left);
  const right = compileExpression(state, scope, node.right);
  const stop = node.kind === "or";
  const choose = (first: unknown, second: () => unknown): unknown => (isTrue(first) === stop ? first : second());
  const evaluate: Evaluate = (frame) => {
    const value = left.evaluate(frame);
    return isTrue(value) === stop ? value : right.evaluate(frame);
  };
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

function compileCompare(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "compare" }>): Compiled {
  const first = compileExpression(state, scope, node.first);
  const rest = node.rest.map(({ operator, node: operand }) => ({
    operator,
    part: compileExpression(state, scope, operand),
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
  if (only !== undefined)
    return withFolding([], folded, compileOneCompare(first.evaluate, only.operator, only.part.evaluate, place));
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
  return withFolding([], folded, evaluate);
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

function compileBinary(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "binary" }>): Compiled {
  const left = compileExpression(state, scope, node.left);
  const right = compileExpression(state, scope, node.right);
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

function compileConcat(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "concat" }>): Compiled {
  const parts = node.items.map((item) => compileExpression(state, scope, item));
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

function compileAttribute(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "attribute" }>): Compiled {
  const inner = compileExpression(state, scope, node.node);
  const name = internName(node.name);
  const place = state.place(node.offset);
  const read = state.environment.membersFirst ? readMemberFirst : readAttribute;
  const isMember = state.environment.membersFirst || (!DICT_METHOD_NAMES.has(name) && !name.startsWith("_"));
  // Names that Object.prototype knows are never read directly, nor are functions: only own members of data are visible.
  const direct = isMember && !(name in Object.prototype);
  const evaluate: Evaluate = (frame) => {
    const value = inner.evaluate(frame);
    if (typeof value === "object" && value !== null) {
      // Members of host objects are read directly; everything else takes the long way.
      if (direct && isPlainObject(value)) {
        const member = value[name];
        if (member !== undefined && typeof member !== "function") return member;
      } else if (value instanceof ObjectValue) {
        const member = value.member(name);
        if (member !== MISSING) return member;
      }
    }
    frame.rt.at = place;
    return read(frame.rt, value, name);
  };
  return withFolding([inner], () => read(state.folding, inner.fold?.(), name), evaluate);
}

function compileItem(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "item" }>): Compiled {
  const inner = compileExpression(state, scope, node.node);
  if (node.key.kind === "slice") return compileSlice(state, scope, inner, node.key);
  if (node.key.kind === "tuple" && node.key.items.some((item) => item.kind === "slice")) {
    throw state.fail("a slice stands alone", node.key.offset);
  }
  const key = compileExpression(state, scope, node.key);
  const place = state.place(node.offset);
  const evaluate: Evaluate = (frame) => {
    const value = inner.evaluate(frame);
    const index = key.evaluate(frame);
    if (
      typeof index === "number" &&
      index >= 0 &&
      Array.isArray(value) &&
      index < value.length &&
      Number.isInteger(index)
    ) {
      const item: unknown = value[index];
      return item === undefined ? null : item;
    }
    frame.rt.at = place;
    return readItem(frame.rt, value, index);
  };
  return withFolding([inner, key], () => readItem(state.folding, inner.fold?.(), key.fold?.()), evaluate);
}

function compileSlice(state: CompileState, scope: Scope, inner: Compiled, node: SliceNode): Compiled {
  const bounds = [node.start, node.stop, node.step].map((bound) =>
    bound === null ? constant(null) : compileExpression(state, scope, bound),
  ) as [Compiled, Compiled, Compiled];
  const [start, stop, step] = bounds;
  const place = state.place(node.offset);
  const evaluate: Evaluate = (frame) => {
    const value = inner.evaluate(frame);
    const from = start.evaluate(frame);
    const to = stop.evaluate(frame);
    const by = step.evaluate(frame);
    frame.rt.at = place;
    return sliceValue(frame.rt, value, from, to, by);
  };
  const fold = (): unknown => {
    const value = inner.fold?.();
    try {
      return sliceValue(state.folding, value, start.fold?.(), stop.fold?.(), step.fold?.());
    } catch (error) {
      // Jinja2 folds a slice as an item, for which a wrong type gives undefined; when run, it is an error.
      if (error instanceof TemplateError && error.type === "TypeError")
        return noSuchMember(state.folding, value, "slice");
      throw error;
    }
  };
  return withFolding([inner, ...bounds], fold, evaluate);
}

/** Tells whether a constant may be used as the name of a member. */
function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length <= 40;
}
