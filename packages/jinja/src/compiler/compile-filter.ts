import type { FilterNode, TestNode } from "../parser/nodes.ts";
import type { Evaluate, Frame } from "../runtime/frame.ts";
import { bindArguments, callNative, type Native } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, Undefined } from "../runtime/values.ts";
import { compileArguments } from "./compile-call.ts";
import { constant, withFolding } from "./fold.ts";
import type { Compiled, CompileState, Scope } from "./state.ts";

/** Calls a filter or test with its value first. */
type Apply = (rt: Runtime, args: unknown[]) => unknown;

/** Compiles a filter; `input` gives the value when the filter stands over a block. */
export function compileFilter(state: CompileState, scope: Scope, node: FilterNode, input: Evaluate | null): Compiled {
  state.cost += 3;
  const native = find(state, scope, node, state.environment.filters, "filter");
  const value: Compiled =
    node.node === null ? { evaluate: input as Evaluate, fold: null } : state.compileExpression(scope, node.node);
  const propagates = state.environment.undefinedBehaviour === "propagate" && native?.seesUndefined !== true;
  return compileApplication(state, scope, node, { value, native, propagates, missing: "filter" });
}

/** Compiles a test; the result is a bool for the built-in ones. */
export function compileTest(state: CompileState, scope: Scope, node: TestNode): Compiled {
  state.cost += 2;
  const native = find(state, scope, node, state.environment.tests, "test");
  const value = state.compileExpression(scope, node.node);
  return compileApplication(state, scope, node, { value, native, propagates: false, missing: "test" });
}

function find(
  state: CompileState,
  scope: Scope,
  node: FilterNode | TestNode,
  table: ReadonlyMap<string, Native>,
  what: string,
): Native | null {
  const native = table.get(node.name);
  if (native === undefined && !scope.soft) {
    throw state.fail(`No ${what} named '${node.name}'.`, node.offset, "TemplateAssertionError");
  }
  return native ?? null;
}

/** Says what is applied to what. */
interface Application {
  readonly value: Compiled;
  readonly native: Native | null;
  readonly propagates: boolean;
  readonly missing: "filter" | "test";
}

function compileApplication(
  state: CompileState,
  scope: Scope,
  node: FilterNode | TestNode,
  what: Application,
): Compiled {
  const { value, native, propagates } = what;
  const place = state.place(node.offset);
  if (native === null) {
    const args = compileArguments(state, scope, node, node.offset);
    return {
      evaluate: (frame) => {
        args.positional(frame, [value.evaluate(frame)]);
        args.named(frame);
        frame.rt.at = place;
        throw fail("TemplateRuntimeError", `No ${what.missing} named '${node.name}' found.`);
      },
      fold: null,
    };
  }
  const fixed =
    native.variadic === null && node.spreadArgs === null && node.spreadNamed === null
      ? compileFixed(state, scope, node, native)
      : null;
  if (fixed === null) return compileOpen(state, scope, node, what, native);
  const { run } = native;
  const list = compileList(fixed);
  const read = value.evaluate;
  const evaluate: Evaluate = (frame) => {
    const first = read(frame);
    if (propagates && first instanceof Undefined) return first;
    const args = list(frame, first);
    frame.rt.at = place;
    return run(frame.rt, args);
  };
  if (native.impure || scope.autoescape === "volatile" || value.fold === null) return { evaluate, fold: null };
  const fold = (): unknown => applyFolded(state, scope, run, [value, ...fixed], propagates);
  return withFolding([value, ...fixed], fold, evaluate);
}

/** Makes the list of arguments: the value, and what stands behind it. Lists of known length, as growing one costs more than a call. */
function compileList(parts: readonly Compiled[]): (frame: Frame, first: unknown) => unknown[] {
  const evaluates = parts.map((part) => part.evaluate);
  const [second, third] = evaluates;
  if (second === undefined) return (_frame, first) => [first];
  if (third === undefined) return (frame, first) => [first, second(frame)];
  if (evaluates.length === 2) return (frame, first) => [first, second(frame), third(frame)];
  return (frame, first) => {
    const args = [first];
    for (let index = 0; index < evaluates.length; index++) args.push((evaluates[index] as Evaluate)(frame));
    return args;
  };
}

function applyFolded(
  state: CompileState,
  scope: Scope,
  run: Apply,
  parts: readonly Compiled[],
  propagates: boolean,
): unknown {
  const args = parts.map((part) => part.fold?.());
  if (propagates && args[0] instanceof Undefined) return args[0];
  state.folding.autoescape = scope.autoescape === true;
  return run(state.folding, args);
}

/** Puts argument expressions in the order of the parameters; `null` when they do not fit, which fails when it is run. */
function compileFixed(
  state: CompileState,
  scope: Scope,
  node: FilterNode | TestNode,
  native: Native,
): Compiled[] | null {
  const { params } = native;
  if (node.args.length > params.length - 1) return null;
  const parts = node.args.map((arg) => state.compileExpression(scope, arg));
  const names = node.named.length === 0 ? null : new Map(node.named);
  if (names !== null && names.size !== node.named.length)
    throw state.fail("keyword argument repeated", node.offset, "SyntaxError");
  for (let index = parts.length + 1; index < params.length; index++) {
    const param = params[index] as Native["params"][number];
    const expression = native.named ? names?.get(param[0]) : undefined;
    if (expression !== undefined) {
      names?.delete(param[0]);
      parts.push(state.compileExpression(scope, expression));
    } else if (param.length === 2) parts.push(constant(param[1]));
    else return null;
  }
  return names === null || names.size === 0 ? parts : null;
}

/** Compiles a filter whose arguments are only known when it runs. */
function compileOpen(
  state: CompileState,
  scope: Scope,
  node: FilterNode | TestNode,
  what: Application,
  native: Native,
): Compiled {
  const args = compileArguments(state, scope, node, node.offset);
  const place = state.place(node.offset);
  const evaluate = (frame: Frame): unknown => {
    const first = what.value.evaluate(frame);
    if (what.propagates && first instanceof Undefined) return first;
    const positional = args.positional(frame, [first]);
    const named = args.named(frame);
    frame.rt.at = place;
    return native.variadic === null
      ? native.run(frame.rt, bindArguments(native, positional, named))
      : callNative(frame.rt, native, positional, named);
  };
  return { evaluate, fold: null };
}
