import { TemplateError } from "../errors.ts";
import type { BlockNode, Expr, FromImportNode, Statement } from "../parser/nodes.ts";
import { noSuchMember } from "../runtime/access.ts";
import { asText } from "../runtime/arguments.ts";
import type { BlockBody, Context, LoadedTemplate } from "../runtime/context.ts";
import type { Execute, Frame } from "../runtime/frame.ts";
import { Markup } from "../runtime/host-values.ts";
import { listMembers } from "../runtime/iterate.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, MISSING, ObjectValue, Tuple, Undefined } from "../runtime/values.ts";
import { reprText } from "../text/repr-text.ts";
import { type Assign, compileLocals } from "./compile-scope.ts";
import type { CompileState, Scope } from "./state.ts";

/** Compiles the place where a block is printed; what is printed is the innermost override of it. */
export function compileBlockStatement(state: CompileState, scope: Scope, node: BlockNode): Execute | null {
  if (scope.toplevel && state.knownExtends) return null;
  const dynamic = scope.toplevel && state.extendsSoFar > 0;
  const locals = node.scoped ? compileLocals(scope) : null;
  const place = state.place(node.offset);
  return (frame) => {
    const { rt, context } = frame;
    if (dynamic && context.extending !== null) return "";
    rt.at = place;
    const stack = context.blocks?.get(node.name) ?? [];
    if (node.required && stack.length <= 1)
      throw fail("TemplateRuntimeError", `Required block ${reprText(node.name)} not found`);
    const body = stack[0] as BlockBody;
    rt.enter();
    const text = body(rt, locals === null ? context : context.derive(locals(frame)));
    rt.depth--;
    return text;
  };
}

/** Compiles `extends`: from here on only blocks print, in the parent's frame. */
export function compileExtends(state: CompileState, scope: Scope, template: Expr, offset: number): Execute {
  if (!scope.toplevel)
    throw state.fail("cannot use extend from a non top-level scope", offset, "TemplateAssertionError");
  const again = state.extendsSoFar > 0;
  const { evaluate } = state.compileExpression(scope, template);
  const place = state.place(offset);
  if (scope.rootlevel) state.knownExtends = true;
  state.extendsSoFar++;
  return (frame) => {
    const { rt, context } = frame;
    rt.at = place;
    if (again && context.extending !== null) throw fail("TemplateRuntimeError", "extended multiple times");
    const parent = loadTemplate(rt, evaluate(frame));
    context.extending = parent;
    for (const [name, body] of parent.blocks) context.addBlock(name, body);
    return "";
  };
}

function loadTemplate(rt: Runtime, name: unknown): LoadedTemplate {
  if (name instanceof Undefined) throw name.failure();
  const text = asText(name);
  if (text === null) throw fail("TypeError", "the name of a template must be a text");
  rt.spend(50);
  return rt.environment.load(text) as LoadedTemplate;
}

/** Loads the first template of a list of names that exists. */
function selectTemplate(rt: Runtime, names: unknown): LoadedTemplate {
  if (!(Array.isArray(names) || names instanceof Tuple)) return loadTemplate(rt, names);
  for (const name of listMembers(rt, names)) {
    try {
      return loadTemplate(rt, name);
    } catch (error) {
      if (!(error instanceof TemplateError) || error.type !== "TemplateNotFound") throw error;
    }
  }
  throw fail("TemplatesNotFound", "none of the templates given were found");
}

/** Runs a template in a context of its own, with the environment's autoescape. */
function runTemplate(rt: Runtime, template: LoadedTemplate, context: Context): string {
  const { autoescape } = rt;
  rt.enter();
  rt.autoescape = rt.environment.autoescape;
  const text = template.runRoot(rt, context);
  rt.autoescape = autoescape;
  rt.depth--;
  return text;
}

/** Compiles `include`. */
export function compileInclude(
  state: CompileState,
  scope: Scope,
  node: Extract<Statement, { kind: "include" }>,
): Execute {
  const { evaluate } = state.compileExpression(scope, node.template);
  const locals = compileLocals(scope);
  const place = state.place(node.offset);
  return (frame) => {
    const { rt, context } = frame;
    const name = evaluate(frame);
    rt.at = place;
    let template: LoadedTemplate;
    try {
      template = selectTemplate(rt, name);
    } catch (error) {
      const missing =
        error instanceof TemplateError && (error.type === "TemplateNotFound" || error.type === "TemplatesNotFound");
      if (node.ignoreMissing && missing) return "";
      throw error;
    }
    const inner = node.withContext ? context.forTemplate(template, locals(frame)) : context.fresh(template);
    if (scope.checksExtends && context.extending !== null) return "";
    return runTemplate(rt, template, inner);
  };
}

/** Runs a template for the names that it exports. */
function importModule(rt: Runtime, name: unknown, contextOf: (template: LoadedTemplate) => Context): ObjectValue {
  const template = loadTemplate(rt, name);
  const context = contextOf(template);
  const { room } = rt;
  const text = runTemplate(rt, template, context);
  rt.room = room;
  const member = (wanted: string): unknown => (context.exported?.has(wanted) ? context.vars?.get(wanted) : MISSING);
  const shown = (): string => (text === "" ? `<TemplateModule ${reprText(template.name)}>` : text);
  return new ObjectValue("TemplateModule", { member, shown });
}

/** Compiles `import … as name`. */
export function compileImport(
  state: CompileState,
  scope: Scope,
  node: Extract<Statement, { kind: "import" }>,
  store: Assign,
): Execute {
  const load = compileModule(state, scope, node);
  return (frame) => {
    store(frame, load(frame));
    return "";
  };
}

function compileModule(
  state: CompileState,
  scope: Scope,
  node: { readonly template: Expr; readonly withContext: boolean; readonly offset: number },
): (frame: Frame) => ObjectValue {
  const { evaluate } = state.compileExpression(scope, node.template);
  const locals = compileLocals(scope);
  const place = state.place(node.offset);
  return (frame) => {
    const name = evaluate(frame);
    frame.rt.at = place;
    const { context } = frame;
    return importModule(frame.rt, name, (template) =>
      node.withContext ? context.forTemplate(template, locals(frame)) : context.fresh(template),
    );
  };
}

/** Compiles `from … import a, b as c`. */
export function compileFromImport(
  state: CompileState,
  scope: Scope,
  node: FromImportNode,
  stores: readonly { readonly name: string; readonly store: Assign }[],
): Execute {
  const load = compileModule(state, scope, node);
  return (frame) => {
    const module = load(frame);
    for (const { name, store } of stores) {
      const member = module.member(name);
      store(frame, member === MISSING ? noExport(frame.rt, module, name) : member);
    }
    return "";
  };
}

function noExport(rt: Runtime, module: ObjectValue, name: string): Undefined {
  const reason = `the template ${module.shown()} does not export the requested name ${reprText(name)}`;
  return new Undefined(noSuchMember(rt, null, name).behaviour, reason);
}

/** Makes `super()` for a block: the next override outwards, or an undefined value. */
export function makeSuper(rt: Runtime, context: Context, name: string, current: BlockBody): unknown {
  const stack = context.blocks?.get(name) ?? [];
  return blockReference(rt, context, name, stack, stack.indexOf(current) + 1);
}

function blockReference(
  rt: Runtime,
  context: Context,
  name: string,
  stack: readonly BlockBody[],
  index: number,
): unknown {
  const body = stack[index];
  if (body === undefined) {
    return new Undefined(rt.environment.undefinedBehaviour, `there is no parent block called ${reprText(name)}.`);
  }
  const member = (wanted: string): unknown =>
    wanted === "super" ? blockReference(rt, context, name, stack, index + 1) : MISSING;
  const shown = (): string => `<BlockReference ${reprText(name)}>`;
  const invoke = (run: Runtime): unknown => {
    run.enter();
    const { room } = run;
    const text = body(run, context);
    run.room = room;
    run.allocate(text.length);
    run.depth--;
    return run.autoescape ? new Markup(text) : text;
  };
  return new ObjectValue("BlockReference", { member, shown, invoke });
}

/** Makes `self`: the blocks of the template by name. */
export function makeSelf(rt: Runtime, context: Context): ObjectValue {
  const member = (name: string): unknown => {
    const stack = context.blocks?.get(name);
    return stack === undefined ? MISSING : blockReference(rt, context, name, stack, 0);
  };
  const shown = (): string => `<TemplateReference ${context.name === "<template>" ? "None" : reprText(context.name)}>`;
  return new ObjectValue("TemplateReference", { member, shown });
}
