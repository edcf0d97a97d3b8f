import type { ForNode, Statement } from "../parser/nodes.ts";
import { bodiesOf, findUndeclared } from "../parser/visit.ts";
import type { Evaluate, Execute } from "../runtime/frame.ts";
import { Frame } from "../runtime/frame.ts";
import { Markup } from "../runtime/host-values.ts";
import { isTrue, iteratorOf, membersOf } from "../runtime/iterate.ts";
import { Loop } from "../runtime/loop.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Generator, MISSING } from "../runtime/values.ts";
import { type Assign, type CompileBody, compileAssign, compileEnter, innerScope } from "./compile-scope.ts";
import type { CompileState, Scope } from "./state.ts";
import { FunctionScope, type Slot, Symbols } from "./symbols.ts";

/** Is a compiled loop without its iterable. */
interface LoopParts {
  readonly assign: Assign;
  readonly enter: ((frame: Frame) => void) | null;
  readonly body: Execute;
  readonly filter: ((frame: Frame, item: unknown) => boolean) | null;
  readonly otherwise: Execute | null;
  readonly slot: Slot | null;
  readonly breaks: boolean;
}

/** Compiles `for`. */
export function compileFor(state: CompileState, scope: Scope, node: ForNode, compileBody: CompileBody): Execute {
  checkTarget(state, node);
  const extended =
    node.recursive ||
    (state.mentions("loop") && findUndeclared(node.body, ["loop"]).size > 0) ||
    (state.hasBlocks && (containsScopedBlock(node.body) || containsScopedBlock(node.otherwise)));
  if (node.recursive) return compileRecursive(state, scope, node, compileBody);
  const iterable = state.compileExpression(scope, node.iterable).evaluate;
  const parts = compileParts(state, scope, node, compileBody, extended);
  const place = state.place(node.iterable.offset);
  if (parts.slot !== null) {
    const run = runExtended(parts);
    return (frame) => {
      const value = iterable(frame);
      frame.rt.at = place;
      return run(frame, value, 0, null);
    };
  }
  return runPlain(parts, iterable, place);
}

function checkTarget(state: CompileState, node: ForNode): void {
  const names = node.target.kind === "tuple" ? node.target.items : [node.target];
  for (const name of names) {
    if (name.kind === "name" && name.name === "loop") {
      throw state.fail(
        "Can't assign to special loop variable in for-loop target",
        name.offset,
        "TemplateAssertionError",
      );
    }
  }
  if (state.mentions("loop") && (setsLoop(node.body) || setsLoop(node.otherwise))) {
    throw state.fail("Can't assign to special loop variable in for-loop target", node.offset, "TemplateAssertionError");
  }
}

function setsLoop(body: readonly Statement[]): boolean {
  return body.some(
    (statement) =>
      ((statement.kind === "set" || statement.kind === "set block") &&
        statement.target.kind === "name" &&
        statement.target.name === "loop") ||
      bodiesOf(statement).some(setsLoop),
  );
}

function containsScopedBlock(body: readonly Statement[]): boolean {
  return body.some(
    (statement) => (statement.kind === "block" && statement.scoped) || bodiesOf(statement).some(containsScopedBlock),
  );
}

/** Tells whether a `break` or `continue` in the body leaves this loop. */
export function leavesLoop(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    if (statement.kind === "break" || statement.kind === "continue") return true;
    if (statement.kind === "macro" || statement.kind === "call block" || statement.kind === "block") return false;
    return statement.kind === "for" ? leavesLoop(statement.otherwise) : bodiesOf(statement).some(leavesLoop);
  });
}

function compileParts(
  state: CompileState,
  scope: Scope,
  node: ForNode,
  compileBody: CompileBody,
  extended: boolean,
): LoopParts {
  const symbols = new Symbols(scope.fn, scope.symbols);
  const slot = extended ? symbols.declareParameter("loop") : null;
  symbols.visitLoopBody(node);
  const inner: Scope = { ...innerScope(scope, symbols), inLoop: true };
  let otherwise: Execute | null = null;
  if (node.otherwise.length > 0) {
    const elseSymbols = new Symbols(scope.fn, scope.symbols);
    elseSymbols.visitBody(node.otherwise);
    otherwise = enterThen(
      compileEnter(scope, elseSymbols),
      compileBody(innerScope(scope, elseSymbols), node.otherwise),
    );
  }
  return {
    assign: compileAssign(inner, node.target),
    enter: compileEnter(scope, symbols),
    body: compileBody(inner, node.body),
    filter: compileTest(state, scope, node),
    otherwise,
    slot,
    breaks: state.leavesLoops && leavesLoop(node.body),
  };
}

function enterThen(enter: ((frame: Frame) => void) | null, body: Execute): Execute {
  if (enter === null) return body;
  return (frame) => {
    enter(frame);
    return body(frame);
  };
}

/** Compiles the `if` of a loop; it has target slots of its own, as it may run ahead of the body. */
function compileTest(
  state: CompileState,
  scope: Scope,
  node: ForNode,
): ((frame: Frame, item: unknown) => boolean) | null {
  if (node.test === null) return null;
  const symbols = new Symbols(scope.fn, scope.symbols, 0.5);
  symbols.declareTarget(node.target);
  symbols.visitExpression(node.test);
  const inner = { ...innerScope(scope, symbols), inLoop: false };
  const assign = compileAssign(inner, node.target);
  const enter = compileEnter(scope, symbols);
  const test = state.compileExpression(inner, node.test).evaluate;
  return (frame, item) => {
    frame.rt.spend(2);
    enter?.(frame);
    assign(frame, item);
    return isTrue(test(frame));
  };
}

/** Runs a loop that does not use `loop`. */
function runPlain(parts: LoopParts, iterable: Evaluate, place: Runtime["at"]): Execute {
  const { assign, enter, body, filter, otherwise, breaks } = parts;
  return (frame) => {
    const { rt } = frame;
    const value = iterable(frame);
    rt.at = place;
    const items = membersOf(rt, value);
    const iterator = items === null ? iteratorOf(rt, value) : null;
    let text = "";
    let empty = true;
    for (let index = 0; ; index++) {
      let item: unknown;
      if (items !== null) {
        if (index >= items.length) break;
        item = items[index];
        if (item === undefined) item = null;
      } else {
        const next = (iterator as Iterator<unknown>).next();
        if (next.done === true) break;
        item = next.value;
      }
      if (filter !== null && !filter(frame, item)) continue;
      if (enter !== null) enter(frame);
      assign(frame, item);
      text += body(frame);
      if (breaks && rt.signal !== 0) {
        const { signal } = rt;
        rt.signal = 0;
        if (signal === 1) break;
      } else empty = false;
    }
    return otherwise !== null && empty ? text + otherwise(frame) : text;
  };
}

/** Runs a loop over a value; `recurse` renders the body one level deeper. */
type RunLoop = (
  frame: Frame,
  value: unknown,
  depth0: number,
  recurse: ((value: unknown, depth0: number) => unknown) | null,
) => string;

function runExtended(parts: LoopParts): RunLoop {
  const { assign, enter, body, filter, otherwise, breaks } = parts;
  const index = (parts.slot as Slot).index;
  return (frame, value, depth0, recurse) => {
    const { rt } = frame;
    const source = filter === null ? value : new Generator("filter", filterItems(frame, value, filter));
    const loop = new Loop(rt, source, depth0, recurse);
    let text = "";
    let empty = true;
    frame.slots[index] = loop.value;
    for (let item = loop.next(); item !== MISSING; item = loop.next()) {
      if (enter !== null) enter(frame);
      assign(frame, item);
      text += body(frame);
      if (breaks && rt.signal !== 0) {
        const { signal } = rt;
        rt.signal = 0;
        if (signal === 1) break;
      } else empty = false;
    }
    return otherwise !== null && empty ? text + otherwise(frame) : text;
  };
}

function* filterItems(
  frame: Frame,
  value: unknown,
  filter: (frame: Frame, item: unknown) => boolean,
): globalThis.Generator<unknown> {
  const iterator = iteratorOf(frame.rt, value);
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    if (filter(frame, next.value)) yield next.value;
  }
}

/** Compiles a recursive loop: a function of its own, which `loop(children)` calls again. */
function compileRecursive(state: CompileState, scope: Scope, node: ForNode, compileBody: CompileBody): Execute {
  const iterable = state.compileExpression(scope, node.iterable).evaluate;
  const fn = new FunctionScope(scope.fn);
  const inside: Scope = { ...scope, fn, symbols: scope.symbols };
  const parts = compileParts(state, inside, node, compileBody, true);
  const run = runExtended(parts);
  const place = state.place(node.iterable.offset);
  return (frame) => {
    const { rt } = frame;
    const recurse = (value: unknown, depth0: number): unknown => {
      rt.enter();
      const text = run(new Frame(rt, frame.context, fn.size, frame), value, depth0, recurse);
      rt.depth--;
      rt.allocate(text.length);
      return rt.autoescape ? new Markup(text) : text;
    };
    const value = iterable(frame);
    rt.at = place;
    const text = recurse(value, 0);
    return text instanceof Markup ? text.text : (text as string);
  };
}
