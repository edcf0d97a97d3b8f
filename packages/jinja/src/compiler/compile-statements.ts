import type { Expr, IfNode, SetBlockNode, Statement, Target, WithNode } from "../parser/nodes.ts";
import { asText } from "../runtime/arguments.ts";
import type { Evaluate, Execute, Frame } from "../runtime/frame.ts";
import { Markup } from "../runtime/host-values.ts";
import { isTrue } from "../runtime/iterate.ts";
import { MISSING } from "../runtime/values.ts";
import { compileCall } from "./compile-call.ts";
import { compileFilter } from "./compile-filter.ts";
import {
  compileBlockStatement,
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from "./compile-inheritance.ts";
import { compileFor, leavesLoop } from "./compile-loop.ts";
import { compileMacro } from "./compile-macro.ts";
import { compileOutput, compileRawOutput, joinPieces, mergeTexts, type Piece } from "./compile-output.ts";
import { type Assign, compileAssign, compileEnter, innerScope } from "./compile-scope.ts";
import type { Autoescape, CompileState, Scope } from "./state.ts";
import { type Slot, Symbols } from "./symbols.ts";

/** Compiles statements into one closure. Its work is charged once per run, before it runs. */
export function compileBody(state: CompileState, scope: Scope, body: readonly Statement[]): Execute {
  const outerCost = state.cost;
  state.cost = 1;
  const pieces: Piece[] = [];
  for (const statement of body) compileStatement(state, scope, statement, pieces);
  const cost = state.cost;
  state.cost = outerCost + 1;
  return joinPieces(mergeTexts(pieces), state.leavesLoops && leavesLoop(body), cost);
}

function compileStatement(state: CompileState, scope: Scope, statement: Statement, pieces: Piece[]): void {
  if (statement.kind === "output") {
    compileOutput(state, scope, statement.items, pieces);
    return;
  }
  state.cost++;
  const run = compileOne(state, scope, statement);
  if (run !== null) pieces.push(run);
}

/** Compiles a statement; `null` when it does nothing. */
function compileOne(
  state: CompileState,
  scope: Scope,
  statement: Exclude<Statement, { kind: "output" }>,
): Execute | null {
  const nested = (inner: Scope, body: readonly Statement[]): Execute => compileBody(state, inner, body);
  switch (statement.kind) {
    case "set":
      return compileSet(state, scope, statement.target, statement.value, statement.offset);
    case "set block":
      return compileSetBlock(state, scope, statement);
    case "for":
      return compileFor(state, scope, statement, nested);
    case "if":
      return compileIf(state, scope, statement);
    case "with":
      return compileWith(state, scope, statement);
    case "macro": {
      const make = compileMacro(state, scope, statement, nested);
      const store = compileStore(state, scope, { kind: "name", name: statement.name, offset: statement.offset });
      return silent((frame) => store(frame, make(frame)));
    }
    case "call block": {
      const make = compileMacro(state, scope, statement, nested);
      const call = compileCall(state, scope, statement.call, make);
      return compileRawOutput(scope, call);
    }
    case "filter block":
      return compileFilterBlock(state, scope, statement);
    case "autoescape":
      return compileAutoescape(state, scope, statement.value, statement.body);
    case "do": {
      const { evaluate } = state.compileExpression(scope, statement.node);
      return silent(evaluate);
    }
    case "break":
    case "continue":
      return compileLeave(state, scope, statement.kind, statement.offset);
    case "block":
      return compileBlockStatement(state, scope, statement);
    case "extends":
      return compileExtends(state, scope, statement.template, statement.offset);
    case "include":
      return compileInclude(state, scope, statement);
    case "import":
      return compileImport(
        state,
        scope,
        statement,
        compileStore(state, scope, nameTarget(statement.target, statement.offset), false),
      );
    case "from import": {
      const stores = statement.names.map(({ name, alias }) => ({
        name,
        store: compileStore(state, scope, nameTarget(alias, statement.offset), false),
      }));
      return compileFromImport(state, scope, statement, stores);
    }
  }
}

function nameTarget(name: string, offset: number): Target {
  return { kind: "name", name, offset };
}

function silent(run: (frame: Frame) => unknown): Execute {
  return (frame) => {
    run(frame);
    return "";
  };
}

/** Compiles an assignment that also makes the name visible to blocks, includes and imports where it stands at the top level. */
function compileStore(state: CompileState, scope: Scope, target: Target, exported = true): Assign {
  const assign = compileAssign(scope, target);
  if (!scope.toplevel || !state.exportsVars) return assign;
  const names = target.kind === "tuple" ? target.items : [target];
  const slots = names
    .filter((item) => item.kind === "name")
    .map((item) => [item.name, (scope.symbols.findSlot(item.name) as Slot).index] as const);
  return (frame, value) => {
    assign(frame, value);
    for (const [name, index] of slots) {
      const stored = frame.slots[index];
      if (stored !== MISSING) frame.context.setVar(name, stored, exported);
    }
  };
}

function compileSet(state: CompileState, scope: Scope, target: Target, value: Expr, offset: number): Execute {
  const { evaluate } = state.compileExpression(scope, value);
  const store = compileStore(state, scope, target);
  const place = state.place(offset);
  return (frame) => {
    const result = evaluate(frame);
    frame.rt.at = place;
    store(frame, result);
    return "";
  };
}

/** Runs a body for its text; the text is charged as an intermediate value instead of as output. */
function capture(frame: Frame, body: Execute): string {
  const { rt } = frame;
  const { room } = rt;
  const text = body(frame);
  rt.room = room;
  rt.allocate(text.length);
  return text;
}

function captured(scope: Scope, frame: Frame, text: string): unknown {
  const safe = scope.autoescape === "volatile" ? frame.rt.autoescape : scope.autoescape;
  return safe ? new Markup(text) : text;
}

function compileSetBlock(state: CompileState, scope: Scope, node: SetBlockNode): Execute {
  const symbols = new Symbols(scope.fn, scope.symbols);
  symbols.visitBody(node.body);
  if (node.filter !== null) symbols.visitExpression(node.filter);
  const inner: Scope = { ...innerScope(scope, symbols), checksExtends: false };
  const enter = compileEnter(scope, symbols);
  const body = compileBody(state, inner, node.body);
  const filter = node.filter === null ? null : compileBlockFilter(state, inner, node.filter);
  const store = compileStore(state, scope, node.target);
  return (frame) => {
    enter?.(frame);
    const text = capture(frame, body);
    if (frame.rt.signal !== 0) return "";
    const value = filter === null ? text : filter(frame, captured(inner, frame, text));
    store(frame, frame.rt.autoescape ? new Markup(asText(value) ?? String(value)) : value);
    return "";
  };
}

/** Compiles a chain of filters over the text of a block. */
function compileBlockFilter(
  state: CompileState,
  scope: Scope,
  node: Extract<Expr, { kind: "filter" }>,
): (frame: Frame, input: unknown) => unknown {
  const slot = scope.fn.hiddenSlot("filter input").index;
  const evaluate = compileFilterChain(state, scope, node, (frame) => frame.slots[slot]);
  return (frame, input) => {
    frame.slots[slot] = input;
    return evaluate(frame);
  };
}

function compileFilterChain(
  state: CompileState,
  scope: Scope,
  node: Extract<Expr, { kind: "filter" }>,
  input: Evaluate,
): Evaluate {
  if (node.node === null) return compileFilter(state, scope, node, input).evaluate;
  if (node.node.kind !== "filter") throw state.fail("expected a filter", node.offset);
  const inner = compileFilterChain(state, scope, node.node, input);
  return compileFilter(state, scope, { ...node, node: null }, inner).evaluate;
}

function compileFilterBlock(
  state: CompileState,
  scope: Scope,
  node: Extract<Statement, { kind: "filter block" }>,
): Execute {
  const symbols = new Symbols(scope.fn, scope.symbols);
  symbols.visitBody(node.body);
  symbols.visitExpression(node.filter);
  const inner = innerScope(scope, symbols);
  const enter = compileEnter(scope, symbols);
  const body = compileBody(state, inner, node.body);
  const filter = compileBlockFilter(state, inner, node.filter);
  return compileRawOutput(scope, (frame) => {
    enter?.(frame);
    const text = capture(frame, body);
    return frame.rt.signal === 0 ? filter(frame, captured(inner, frame, text)) : "";
  });
}

function compileIf(state: CompileState, scope: Scope, node: IfNode): Execute {
  const soft: Scope = { ...scope, rootlevel: false, soft: true };
  const branches = [{ test: node.test, body: node.body }, ...node.elifs].map(({ test, body }) => ({
    test: state.compileExpression(soft, test).evaluate,
    body: compileBody(state, soft, body),
  }));
  const otherwise = node.otherwise.length === 0 ? null : compileBody(state, soft, node.otherwise);
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) {
    const { test, body } = only;
    return (frame) => (isTrue(test(frame)) ? body(frame) : otherwise === null ? "" : otherwise(frame));
  }
  return (frame) => {
    for (const { test, body } of branches) if (isTrue(test(frame))) return body(frame);
    return otherwise === null ? "" : otherwise(frame);
  };
}

function compileWith(state: CompileState, scope: Scope, node: WithNode): Execute {
  const symbols = new Symbols(scope.fn, scope.symbols);
  for (const target of node.targets) symbols.declareTarget(target);
  symbols.visitBody(node.body);
  const inner = innerScope(scope, symbols);
  const enter = compileEnter(scope, symbols);
  const sets = node.targets.map((target, index) => ({
    assign: compileAssign(inner, target),
    evaluate: state.compileExpression(scope, node.values[index] as Expr).evaluate,
  }));
  const body = compileBody(state, inner, node.body);
  return (frame) => {
    enter?.(frame);
    for (const { assign, evaluate } of sets) assign(frame, evaluate(frame));
    return body(frame);
  };
}

function compileAutoescape(state: CompileState, scope: Scope, value: Expr, body: readonly Statement[]): Execute {
  const symbols = new Symbols(scope.fn, scope.symbols);
  symbols.visitBody(body);
  symbols.visitExpression(value);
  const inside = innerScope(scope, symbols);
  const { evaluate, fold } = state.compileExpression(inside, value);
  let autoescape: Autoescape = "volatile";
  if (fold !== null) autoescape = isTrue(fold());
  const run = compileBody(state, { ...inside, autoescape }, body);
  const enter = compileEnter(scope, symbols);
  return (frame) => {
    const { rt } = frame;
    enter?.(frame);
    const before = rt.autoescape;
    rt.autoescape = isTrue(evaluate(frame));
    const text = run(frame);
    rt.autoescape = before;
    return text;
  };
}

function compileLeave(state: CompileState, scope: Scope, kind: "break" | "continue", offset: number): Execute {
  if (!scope.inLoop) {
    throw state.fail(
      kind === "break" ? "'break' outside loop" : "'continue' not properly in loop",
      offset,
      "SyntaxError",
    );
  }
  const signal = kind === "break" ? 1 : 2;
  return (frame) => {
    frame.rt.signal = signal;
    return "";
  };
}
