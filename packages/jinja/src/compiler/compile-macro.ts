import type { CallBlockNode, MacroNode } from "../parser/nodes.ts";
import { findUndeclared } from "../parser/visit.ts";
import { emptyValue } from "../runtime/access.ts";
import { makeDict } from "../runtime/dict.ts";
import { type Evaluate, type Execute, Frame } from "../runtime/frame.ts";
import { Markup } from "../runtime/host-values.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, MISSING, type NativeCall, ObjectValue, Tuple, Undefined } from "../runtime/values.ts";
import { reprText } from "../text/repr-text.ts";
import { type CompileBody, compileEnter, innerScope } from "./compile-scope.ts";
import type { CompileState, Scope } from "./state.ts";
import { FunctionScope, type Slot, Symbols } from "./symbols.ts";

/** Is a compiled macro or `call` body; `make` closes over the frame where it stands. */
interface MacroParts {
  readonly name: string | null;
  readonly parameters: readonly string[];
  readonly slots: readonly Slot[];
  readonly fallbacks: readonly (Evaluate | null)[];
  readonly caller: Slot | null;
  readonly kwargs: Slot | null;
  readonly varargs: Slot | null;
  readonly explicitCaller: boolean;
  readonly enter: ((frame: Frame) => void) | null;
  readonly body: Execute;
  readonly fn: FunctionScope;
}

/** Compiles the function behind a macro or a `call` body. */
export function compileMacro(
  state: CompileState,
  scope: Scope,
  node: MacroNode | CallBlockNode,
  compileBody: CompileBody,
): (frame: Frame) => ObjectValue {
  const fn = new FunctionScope(scope.fn);
  const symbols = new Symbols(fn, scope.symbols);
  const slots = node.parameters.map((parameter) => symbols.declareParameter(parameter.name));
  const names = node.parameters.map((parameter) => parameter.name);
  const special = findUndeclared(node.body, ["caller", "kwargs", "varargs"]);
  // Every parameter has its place in the frame, also one that is never read.
  slots.forEach(reserved);
  const position = names.indexOf("caller");
  if (special.has("caller") && position !== -1 && node.parameters[position]?.fallback === null) {
    throw state.fail(
      'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
      node.offset,
      "TemplateAssertionError",
    );
  }
  const declare = (name: string): Slot | null =>
    special.has(name) && !names.includes(name) ? reserved(symbols.declareParameter(name)) : null;
  const caller = declare("caller");
  const kwargs = declare("kwargs");
  const varargs = declare("varargs");
  for (const parameter of node.parameters) symbols.visitExpression(parameter.fallback);
  symbols.visitBody(node.body);
  const inner: Scope = { ...innerScope(scope, symbols), fn, inLoop: false, checksExtends: false };
  const saved = state.cost;
  const fallbacks = node.parameters.map((parameter) =>
    parameter.fallback === null ? null : state.compileExpression(inner, parameter.fallback).evaluate,
  );
  state.cost = saved + 2;
  const parts: MacroParts = {
    name: node.kind === "macro" ? node.name : null,
    parameters: names,
    slots,
    fallbacks,
    caller,
    kwargs,
    varargs,
    explicitCaller: position !== -1,
    enter: compileEnter({ ...scope, fn }, symbols),
    body: compileBody(inner, node.body),
    fn,
  };
  return (frame) => makeMacro(parts, frame);
}

function reserved(slot: Slot): Slot {
  slot.owner.reserve(slot);
  return slot;
}

function makeMacro(parts: MacroParts, outer: Frame): ObjectValue {
  const { name, parameters } = parts;
  outer.rt.allocate(64);
  const members: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), {
    name: name ?? null,
    arguments: new Tuple(parameters),
    catch_kwargs: parts.kwargs !== null,
    catch_varargs: parts.varargs !== null,
    caller: parts.caller !== null || (parts.explicitCaller && parameters.includes("caller")),
    explicit_caller: parts.explicitCaller,
  });
  const member = (wanted: string): unknown => (wanted in members ? members[wanted] : MISSING);
  const shown = (): string => (name === null ? "<Macro anonymous>" : `<Macro ${reprText(name)}>`);
  const invoke: NativeCall = (rt, args, named) => invokeMacro(parts, outer, rt, args, named);
  return new ObjectValue("Macro", { member, shown, invoke });
}

function invokeMacro(
  parts: MacroParts,
  outer: Frame,
  rt: Runtime,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): unknown {
  const frame = new Frame(rt, outer.context, parts.fn.size, outer);
  rt.allocate(64 + parts.fn.size * 8);
  const { autoescape } = rt;
  bindMacroArguments(parts, frame, args, named === null ? new Map() : new Map(named));
  rt.enter();
  const { room } = rt;
  parts.enter?.(frame);
  fillFallbacks(parts, frame);
  const text = parts.body(frame);
  // What a macro prints counts once, where its result is printed; until then it is an intermediate value.
  rt.room = room;
  rt.allocate(text.length);
  rt.depth--;
  return autoescape ? new Markup(text) : text;
}

function bindMacroArguments(
  parts: MacroParts,
  frame: Frame,
  args: readonly unknown[],
  named: Map<string, unknown>,
): void {
  const { parameters, slots } = parts;
  const count = Math.min(args.length, parameters.length);
  for (let index = 0; index < count; index++) frame.slots[(slots[index] as Slot).index] = args[index];
  let foundCaller = count === parameters.length && parts.explicitCaller;
  for (let index = count; index < parameters.length; index++) {
    const name = parameters[index] as string;
    if (name === "caller") foundCaller = true;
    if (named.has(name)) {
      frame.slots[(slots[index] as Slot).index] = named.get(name);
      named.delete(name);
    }
  }
  if (parts.caller !== null && !foundCaller) {
    const given = named.get("caller");
    named.delete("caller");
    frame.slots[parts.caller.index] =
      given === undefined || given === null ? emptyValue(frame.rt, "No caller defined") : given;
  }
  checkExtraArguments(parts, frame, args, named);
}

function checkExtraArguments(
  parts: MacroParts,
  frame: Frame,
  args: readonly unknown[],
  named: Map<string, unknown>,
): void {
  const shown = parts.name === null ? "None" : reprText(parts.name);
  if (parts.kwargs !== null) frame.slots[parts.kwargs.index] = makeDict(named);
  else if (named.size > 0) {
    if (named.has("caller")) {
      throw fail(
        "TypeError",
        `macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    }
    throw fail(
      "TypeError",
      `macro ${shown} takes no keyword argument ${reprText(named.keys().next().value as string)}`,
    );
  }
  if (parts.varargs !== null) frame.slots[parts.varargs.index] = new Tuple(args.slice(parts.parameters.length));
  else if (args.length > parts.parameters.length) {
    throw fail("TypeError", `macro ${shown} takes not more than ${parts.parameters.length} argument(s)`);
  }
}

function fillFallbacks(parts: MacroParts, frame: Frame): void {
  for (let index = 0; index < parts.slots.length; index++) {
    const slot = (parts.slots[index] as Slot).index;
    if (frame.slots[slot] !== MISSING) continue;
    const fallback = parts.fallbacks[index];
    frame.slots[slot] =
      fallback === null || fallback === undefined
        ? new Undefined(
            frame.rt.environment.undefinedBehaviour,
            `parameter '${parts.parameters[index]}' was not provided`,
          )
        : fallback(frame);
  }
}
