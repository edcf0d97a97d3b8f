import { findMethod } from "../methods/methods.ts";
import type { Arguments, CallNode, Expr } from "../parser/nodes.ts";
import { readAttribute, readMemberFirst } from "../runtime/access.ts";
import { asText } from "../runtime/arguments.ts";
import { callValue } from "../runtime/call.ts";
import { dictEntries, isDict, readDict } from "../runtime/dict.ts";
import type { Evaluate, Frame } from "../runtime/frame.ts";
import { listMembers } from "../runtime/iterate.ts";
import { callNative } from "../runtime/native.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail, MISSING } from "../runtime/values.ts";
import type { CompileState, Scope } from "./state.ts";

/** Evaluates the arguments of a call. */
export interface CompiledArguments {
  readonly positional: (frame: Frame, first: readonly unknown[]) => unknown[];
  readonly named: (frame: Frame) => Map<string, unknown> | null;
}

/** Compiles the arguments of a call, filter or test. */
export function compileArguments(
  state: CompileState,
  scope: Scope,
  node: Arguments,
  offset: number,
): CompiledArguments {
  const args = node.args.map((arg) => state.compileExpression(scope, arg).evaluate);
  const named = node.named.map(([name, value]) => [name, state.compileExpression(scope, value).evaluate] as const);
  const seen = new Set<string>();
  for (const [name] of named) {
    if (seen.has(name)) throw state.fail(`keyword argument repeated: ${name}`, offset, "SyntaxError");
    seen.add(name);
  }
  const compileOptional = (part: Expr | null): Evaluate | null =>
    part === null ? null : state.compileExpression(scope, part).evaluate;
  const spreadArgs = compileOptional(node.spreadArgs);
  const spreadNamed = compileOptional(node.spreadNamed);
  const positional: CompiledArguments["positional"] = (frame, first) => {
    const values = first.slice();
    for (const arg of args) values.push(arg(frame));
    if (spreadArgs !== null) {
      for (const value of listMembers(frame.rt, spreadArgs(frame))) values.push(value);
    }
    return values;
  };
  return { positional, named: compileNamed(named, spreadNamed) };
}

function compileNamed(
  named: readonly (readonly [string, Evaluate])[],
  spread: Evaluate | null,
): (frame: Frame) => Map<string, unknown> | null {
  if (named.length === 0 && spread === null) return () => null;
  return (frame) => {
    const values = new Map<string, unknown>();
    for (const [name, evaluate] of named) values.set(name, evaluate(frame));
    if (spread !== null) addSpread(frame.rt, values, spread(frame));
    return values;
  };
}

function addSpread(rt: Runtime, values: Map<string, unknown>, spread: unknown): void {
  if (!isDict(spread)) {
    throw fail("TypeError", `argument after ** must be a mapping, not ${typeName(spread)}`);
  }
  for (const [key, value] of dictEntries(spread)) {
    const name = asText(key);
    if (name === null) throw fail("TypeError", "keywords must be strings");
    if (values.has(name)) throw fail("TypeError", `got multiple values for keyword argument '${name}'`);
    rt.spend(1);
    values.set(name, value);
  }
}

/** Compiles a call. A method call does not make a value of the method first. */
export function compileCall(
  state: CompileState,
  scope: Scope,
  node: CallNode,
  caller: Evaluate | null = null,
): Evaluate {
  const target = node.node;
  const place = state.place(node.offset);
  state.cost += 4;
  if (target.kind === "attribute" && !target.name.startsWith("_")) {
    return compileMethodCall(state, scope, node, target.node, target.name, caller);
  }
  const callee = state.compileExpression(scope, target).evaluate;
  const args = compileArguments(state, scope, node, node.offset);
  return (frame) => {
    const value = callee(frame);
    const positional = args.positional(frame, NOTHING);
    const named = withCaller(args.named(frame), caller, frame);
    frame.rt.at = place;
    return callValue(frame.rt, value, positional, named);
  };
}

const NOTHING: readonly unknown[] = [];

function withCaller(
  named: Map<string, unknown> | null,
  caller: Evaluate | null,
  frame: Frame,
): Map<string, unknown> | null {
  if (caller === null) return named;
  const values = named ?? new Map<string, unknown>();
  if (values.has("caller")) throw fail("TypeError", "got multiple values for keyword argument 'caller'");
  values.set("caller", caller(frame));
  return values;
}

function compileMethodCall(
  state: CompileState,
  scope: Scope,
  node: CallNode,
  target: Expr,
  name: string,
  caller: Evaluate | null,
): Evaluate {
  state.cost++;
  const self = state.compileExpression(scope, target).evaluate;
  const args = compileArguments(state, scope, node, node.offset);
  const place = state.place(node.offset);
  const { membersFirst } = state.environment;
  return (frame) => {
    const { rt } = frame;
    const value = self(frame);
    const hidden = membersFirst && isDict(value) && readDict(value, name) !== MISSING;
    const native = hidden ? undefined : findMethod(value, name);
    if (native !== undefined && caller === null) {
      const positional = args.positional(frame, [value]);
      const named = args.named(frame);
      rt.at = place;
      return callNative(rt, native, positional, named);
    }
    rt.at = place;
    const callee = membersFirst ? readMemberFirst(rt, value, name) : readAttribute(rt, value, name);
    const positional = args.positional(frame, NOTHING);
    const named = withCaller(args.named(frame), caller, frame);
    rt.at = place;
    return callValue(rt, callee, positional, named);
  };
}
