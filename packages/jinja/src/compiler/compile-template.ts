import type { BlockNode, Expr, Statement } from "../parser/nodes.ts";
import { bodiesOf, findUndeclared } from "../parser/visit.ts";
import type { BlockBody, Context } from "../runtime/context.ts";
import { type Evaluate, Frame } from "../runtime/frame.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { compileExpression } from "./compile-expression.ts";
import { makeSelf, makeSuper } from "./compile-inheritance.ts";
import { compileEnter } from "./compile-scope.ts";
import { compileBody } from "./compile-statements.ts";
import { type CompileSettings, CompileState, type Scope } from "./state.ts";
import { FunctionScope, Symbols } from "./symbols.ts";

/** Is a template as closures. */
export interface CompiledTemplate {
  readonly runRoot: BlockBody;
  readonly blocks: ReadonlyMap<string, BlockBody>;
}

/** Compiles the statements of a template. Throws TemplateSyntaxError and TemplateAssertionError. */
export function compileTemplate(settings: CompileSettings, body: readonly Statement[]): CompiledTemplate {
  const state = new CompileState(settings, compileExpression);
  state.exportsVars = settings.exportsVars === true;
  const nodes = survey(state, body);
  const runRoot = compileRoot(state, body);
  const blocks = new Map<string, BlockBody>();
  for (const [name, node] of nodes) blocks.set(name, compileBlock(state, node));
  return { runRoot, blocks };
}

/** Compiles a bare expression. */
export function compileSingleExpression(
  settings: CompileSettings,
  node: Expr,
): (rt: Runtime, context: Context) => unknown {
  const state = new CompileState(settings, compileExpression);
  const { scope, symbols } = rootScope(state);
  symbols.visitExpression(node);
  const evaluate: Evaluate = compileExpression(state, scope, node).evaluate;
  const cost = state.cost + 1;
  return (rt, context) => {
    rt.spend(cost);
    return evaluate(new Frame(rt, context, scope.fn.size, null));
  };
}

function rootScope(state: CompileState): { scope: Scope; symbols: Symbols } {
  const fn = new FunctionScope(null);
  const symbols = new Symbols(fn, null);
  const scope: Scope = {
    symbols,
    fn,
    toplevel: true,
    rootlevel: true,
    soft: false,
    autoescape: state.environment.autoescape,
    inLoop: false,
    checksExtends: state.hasExtends,
  };
  return { scope, symbols };
}

function compileRoot(state: CompileState, body: readonly Statement[]): BlockBody {
  const { scope, symbols } = rootScope(state);
  const self =
    state.mentions("self") && findUndeclared(body, ["self"]).size > 0 ? symbols.declareParameter("self") : null;
  symbols.visitBody(body);
  const enter = compileEnter(scope, symbols);
  const run = compileBody(state, scope, body);
  return (rt, context) => {
    const frame = new Frame(rt, context, scope.fn.size, null);
    if (self !== null) frame.slots[self.index] = makeSelf(rt, context);
    if (enter !== null) enter(frame);
    const text = run(frame);
    return context.extending === null ? text : text + context.extending.runRoot(rt, context.withoutParent());
  };
}

function compileBlock(state: CompileState, node: BlockNode): BlockBody {
  const fn = new FunctionScope(null);
  const symbols = new Symbols(fn, null);
  const special = findUndeclared(node.body, ["self", "super"]);
  const self = special.has("self") ? symbols.declareParameter("self") : null;
  const parent = special.has("super") ? symbols.declareParameter("super") : null;
  symbols.visitBody(node.body);
  const scope: Scope = {
    ...rootScope(state).scope,
    symbols,
    fn,
    toplevel: false,
    rootlevel: false,
    checksExtends: false,
  };
  const enter = compileEnter(scope, symbols);
  const run = compileBody(state, scope, node.body);
  const body: BlockBody = (rt, context) => {
    const frame = new Frame(rt, context, fn.size, null);
    if (self !== null) frame.slots[self.index] = makeSelf(rt, context);
    if (parent !== null) frame.slots[parent.index] = makeSuper(rt, context, node.name, body);
    if (enter !== null) enter(frame);
    return run(frame);
  };
  return body;
}

/** Finds the blocks of a template, and what it uses that other code must provide for. */
function survey(state: CompileState, body: readonly Statement[]): Map<string, BlockNode> {
  const blocks = new Map<string, BlockNode>();
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      const { kind } = statement;
      if (kind === "output") continue;
      if (kind === "extends") state.hasExtends = true;
      if (EXPORTING.has(kind)) state.exportsVars = true;
      if (kind === "block") {
        if (blocks.has(statement.name)) {
          throw state.fail(`block '${statement.name}' defined twice`, statement.offset, "TemplateAssertionError");
        }
        blocks.set(statement.name, statement);
      }
      for (const inner of bodiesOf(statement)) walk(inner);
    }
  };
  walk(body);
  state.hasBlocks = blocks.size > 0;
  return blocks;
}

/** Statements whose code sees what the template set at its top level. */
const EXPORTING: ReadonlySet<string> = new Set(["block", "extends", "include", "import", "from import", "macro"]);
