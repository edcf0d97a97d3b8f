import { copyHostValue } from "./copy.ts";
import type { Runtime, RuntimeEnvironment } from "./runtime.ts";
import { MISSING } from "./values.ts";

/** Renders a block's body in a context. */
export type BlockBody = (rt: Runtime, context: Context) => string;

/** Is another template as `include`, `import` and `extends` use it. */
export interface LoadedTemplate {
  readonly name: string;
  readonly blocks: ReadonlyMap<string, BlockBody>;
  /** Prints the template into text, in a context of its own. */
  readonly runRoot: (rt: Runtime, context: Context) => string;
}

/**
 * Holds the names of one template: what the template set at its top level (`vars`), what an including template handed over
 * (`locals`), the host's context (`root`), and the globals, looked up in this order.
 */
export class Context {
  readonly environment: RuntimeEnvironment;
  readonly name: string;
  readonly root: Readonly<Record<string, unknown>>;
  /** Names that an including template or a scoped block's place handed over. */
  locals: ReadonlyMap<string, unknown> | null = null;
  vars: Map<string, unknown> | null = null;
  exported: Set<string> | null = null;
  /** Overrides of each block, the innermost first. */
  blocks: Map<string, BlockBody[]> | null = null;
  /** The template that this one extends, once it said so. */
  extending: LoadedTemplate | null = null;

  constructor(environment: RuntimeEnvironment, name: string, root: Readonly<Record<string, unknown>>) {
    this.environment = environment;
    this.name = name;
    this.root = root;
  }

  /** Looks a name up; MISSING when there is none. */
  resolve(rt: Runtime, name: string): unknown {
    if (this.vars?.has(name)) return this.vars.get(name);
    if (this.locals?.has(name)) return this.locals.get(name);
    const own = this.root[name];
    if (own !== undefined && Object.hasOwn(this.root, name)) {
      return rt.copying === null ? own : copyHostValue(rt, own);
    }
    const value = this.environment.globals.get(name);
    if (value === undefined) return MISSING;
    return rt.copying === null ? value : copyHostValue(rt, value);
  }

  /** Records a name that the template set at its top level; names without a leading underscore can be imported. */
  setVar(name: string, value: unknown, exported: boolean): void {
    this.vars ??= new Map();
    this.vars.set(name, value);
    if (exported && !name.startsWith("_")) {
      this.exported ??= new Set();
      this.exported.add(name);
    }
  }

  /** Adds an outer override of a block. */
  addBlock(name: string, body: BlockBody): void {
    this.blocks ??= new Map();
    const stack = this.blocks.get(name);
    if (stack === undefined) this.blocks.set(name, [body]);
    else stack.push(body);
  }

  /** Makes the context of an included or imported template that sees the names of this one. */
  forTemplate(template: LoadedTemplate, locals: ReadonlyMap<string, unknown>): Context {
    const context = new Context(this.environment, template.name, this.root);
    context.locals = this.handOver(locals);
    context.blocks = stacksOf(template);
    return context;
  }

  /** Makes the context of a template that sees only the globals. */
  fresh(template: LoadedTemplate): Context {
    const context = new Context(this.environment, template.name, EMPTY);
    context.blocks = stacksOf(template);
    return context;
  }

  /** Makes the context of a scoped block, which sees the names around it. */
  derive(locals: ReadonlyMap<string, unknown>): Context {
    const context = new Context(this.environment, this.name, this.root);
    context.locals = this.handOver(locals);
    context.blocks =
      this.blocks === null ? null : new Map(Array.from(this.blocks, ([name, stack]) => [name, stack.slice()]));
    return context;
  }

  /** Goes on with the parent template: same names and blocks, and the parent may extend in turn. */
  withoutParent(): this {
    this.extending = null;
    return this;
  }

  /** Collects the names that an included or imported template sees. */
  private handOver(locals: ReadonlyMap<string, unknown>): Map<string, unknown> {
    const names = new Map<string, unknown>(this.locals ?? []);
    for (const [name, value] of this.vars ?? []) names.set(name, value);
    for (const [name, value] of locals) if (value !== MISSING) names.set(name, value);
    return names;
  }
}

const EMPTY: Readonly<Record<string, unknown>> = Object.freeze({});

/** Starts the stacks of overrides with the template's own blocks. */
export function stacksOf(template: Pick<LoadedTemplate, "blocks">): Map<string, BlockBody[]> {
  return new Map(Array.from(template.blocks, ([name, body]) => [name, [body]]));
}
