import type { Expr } from "../parser/nodes.ts";
import { Dict } from "../runtime/dict.ts";
import type { Evaluate } from "../runtime/frame.ts";
import { isTrue } from "../runtime/iterate.ts";
import { applyUnary } from "../runtime/operators.ts";
import { Tuple, Undefined } from "../runtime/values.ts";
import { compileAttribute, compileItem } from "./compile-access.ts";
import { compileCall } from "./compile-call.ts";
import { compileFilter, compileTest } from "./compile-filter.ts";
import { compileName } from "./compile-name.ts";
import { compileBinary, compileCompare, compileConcat, compileLogic } from "./compile-operators.ts";
import { constant, foldedValue, withFolding } from "./fold.ts";
import type { Compiled, CompileState, Scope } from "./state.ts";

/** Compiles an expression to a closure. */
export function compileExpression(state: CompileState, scope: Scope, node: Expr): Compiled {
  state.cost++;
  switch (node.kind) {
    case "const":
      return constant(node.value);
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
  if (no === null || test.fold === null) return { evaluate, fold: null };
  return withFolding([], () => foldedValue(isTrue(foldedValue(test)) ? yes : no), evaluate);
}
