import { FunctionScope, Symbols } from "../compiler/symbols.ts";
import type { Arguments, Expr, Statement } from "../parser/nodes.ts";
import { childrenOf } from "../parser/visit.ts";
import { positionAt } from "../runtime/unit.ts";
import type { ArgumentRead, CallRead, NamedUse, PathRead, TemplateAnalysis } from "../types.ts";
import { exportConstant } from "./literals.ts";

/** Settings of `analyseTemplate`. */
export interface AnalysisSettings {
  readonly source: string;
  readonly hasFilter: (name: string) => boolean;
  readonly hasTest: (name: string) => boolean;
}

/** Finds what a template reads and calls, without running it. Names bound inside the template are left out. */
export function analyseTemplate(settings: AnalysisSettings, body: readonly Statement[]): TemplateAnalysis {
  const analyser = new Analyser(settings);
  const symbols = new Symbols(new FunctionScope(null), null);
  symbols.visitBody(body);
  analyser.walkBody(body, symbols);
  return analyser.result();
}

/** Finds what one expression reads and calls. */
export function analyseExpression(settings: AnalysisSettings, node: Expr): TemplateAnalysis {
  const analyser = new Analyser(settings);
  const symbols = new Symbols(new FunctionScope(null), null);
  symbols.visitExpression(node);
  analyser.walk(node, symbols);
  return analyser.result();
}

class Analyser {
  private readonly settings: AnalysisSettings;
  private readonly roots = new Set<string>();
  private readonly reads: PathRead[] = [];
  private readonly calls: CallRead[] = [];
  private readonly filters: NamedUse[] = [];
  private readonly tests: NamedUse[] = [];
  private readonly templates: ArgumentRead[] = [];

  constructor(settings: AnalysisSettings) {
    this.settings = settings;
  }

  result(): TemplateAnalysis {
    const { reads, calls, filters, tests, templates } = this;
    return { roots: Array.from(this.roots), reads, calls, filters, tests, templates };
  }

  /** Walks statements with the names of their scope. */
  walkBody(body: readonly Statement[], symbols: Symbols): void {
    for (const statement of body) this.walkStatement(statement, symbols);
  }

  private walkStatement(statement: Statement, symbols: Symbols): void {
    switch (statement.kind) {
      case "output":
        for (const item of statement.items) if (typeof item !== "string") this.walk(item, symbols);
        break;
      case "set":
        this.walk(statement.value, symbols);
        break;
      case "set block":
        this.walkInner(statement.body, symbols);
        if (statement.filter !== null) this.walk(statement.filter, symbols);
        break;
      case "do":
        this.walk(statement.node, symbols);
        break;
      case "if":
        this.walk(statement.test, symbols);
        this.walkBody(statement.body, symbols);
        for (const elif of statement.elifs) {
          this.walk(elif.test, symbols);
          this.walkBody(elif.body, symbols);
        }
        this.walkBody(statement.otherwise, symbols);
        break;
      case "for":
        this.walkFor(statement, symbols);
        break;
      case "with": {
        for (const value of statement.values) this.walk(value, symbols);
        const inner = new Symbols(symbols.scope, symbols);
        for (const target of statement.targets) inner.declareTarget(target);
        inner.visitBody(statement.body);
        this.walkBody(statement.body, inner);
        break;
      }
      case "macro":
      case "call block":
        this.walkMacro(statement, symbols);
        break;
      case "filter block":
        this.walkInner(statement.body, symbols);
        this.walk(statement.filter, symbols);
        break;
      case "autoescape":
        this.walk(statement.value, symbols);
        this.walkInner(statement.body, symbols);
        break;
      case "block": {
        const inner = new Symbols(symbols.scope, statement.scoped ? symbols : null);
        inner.declareParameter("self");
        inner.declareParameter("super");
        inner.visitBody(statement.body);
        this.walkBody(statement.body, inner);
        break;
      }
      case "extends":
      case "include":
      case "import":
      case "from import":
        this.walk(statement.template, symbols);
        this.templates.push(readArgument(statement.template));
        break;
      default:
    }
  }

  private walkInner(body: readonly Statement[], symbols: Symbols): void {
    const inner = new Symbols(symbols.scope, symbols);
    inner.visitBody(body);
    this.walkBody(body, inner);
  }

  private walkFor(statement: Extract<Statement, { kind: "for" }>, symbols: Symbols): void {
    this.walk(statement.iterable, symbols);
    const inner = new Symbols(symbols.scope, symbols);
    inner.declareParameter("loop");
    inner.visitLoopBody(statement);
    if (statement.test !== null) {
      const testSymbols = new Symbols(symbols.scope, symbols);
      testSymbols.declareTarget(statement.target);
      testSymbols.visitExpression(statement.test);
      this.walk(statement.test, testSymbols);
    }
    this.walkBody(statement.body, inner);
    this.walkInner(statement.otherwise, symbols);
  }

  private walkMacro(statement: Extract<Statement, { kind: "macro" | "call block" }>, symbols: Symbols): void {
    if (statement.kind === "call block") this.walk(statement.call, symbols);
    const inner = new Symbols(symbols.scope, symbols);
    for (const name of ["caller", "varargs", "kwargs"]) inner.declareParameter(name);
    for (const parameter of statement.parameters) inner.declareParameter(parameter.name);
    for (const parameter of statement.parameters) inner.visitExpression(parameter.fallback);
    inner.visitBody(statement.body);
    for (const parameter of statement.parameters) if (parameter.fallback !== null) this.walk(parameter.fallback, inner);
    this.walkBody(statement.body, inner);
  }

  /** Walks an expression; paths are read as a whole, from the outermost member inwards. */
  walk(node: Expr, symbols: Symbols): void {
    if (node.kind === "name" || node.kind === "attribute" || node.kind === "item") {
      this.walkPath(node, symbols, false);
      return;
    }
    if (node.kind === "call") {
      this.walkPath(node.node, symbols, true);
      if (node.node.kind === "name" && isFree(symbols, node.node.name)) {
        this.calls.push({ name: node.node.name, ...readArguments(node), ...this.position(node.node.offset) });
      }
      for (const child of childrenOf(node).slice(1)) this.walk(child, symbols);
      return;
    }
    if (node.kind === "filter" || node.kind === "test") this.noteUse(node);
    for (const child of childrenOf(node)) this.walk(child, symbols);
  }

  private noteUse(node: Extract<Expr, { kind: "filter" | "test" }>): void {
    const list = node.kind === "filter" ? this.filters : this.tests;
    const known = node.kind === "filter" ? this.settings.hasFilter(node.name) : this.settings.hasTest(node.name);
    list.push({ name: node.name, known, args: node.args.map(readArgument), ...this.position(node.offset) });
  }

  private walkPath(node: Expr, symbols: Symbols, called: boolean): void {
    const members: { readonly key: Expr | string }[] = [];
    let base = node;
    while (base.kind === "attribute" || base.kind === "item") {
      members.unshift({ key: base.kind === "attribute" ? base.name : base.key });
      base = base.node;
    }
    for (const { key } of members) if (typeof key !== "string") this.walk(key, symbols);
    if (base.kind !== "name") {
      this.walk(base, symbols);
      return;
    }
    if (!isFree(symbols, base.name)) return;
    const path: (string | number)[] = [];
    let computed = false;
    for (const { key } of members) {
      const literal = typeof key === "string" ? key : key.kind === "const" ? key.value : undefined;
      if (typeof literal !== "string" && typeof literal !== "number") {
        computed = true;
        break;
      }
      path.push(literal);
    }
    this.roots.add(base.name);
    this.reads.push({ root: base.name, path, computed, called, ...this.position(base.offset) });
  }

  private position(offset: number): { readonly line: number; readonly column: number } {
    return positionAt(this.settings.source, offset);
  }
}

/** Tells whether a name is looked up in the context. A name that only one branch sets counts as free too. */
function isFree(symbols: Symbols, name: string): boolean {
  const owner = symbols.find(name);
  if (owner === null) return true;
  const slot = owner.refs.get(name);
  const load = slot === undefined ? undefined : owner.loads.get(slot);
  if (load?.kind === "alias") return owner.parent !== null && isFree(owner.parent, name);
  return load?.kind === "resolve";
}

function readArguments(node: Arguments): Pick<CallRead, "args" | "named" | "spread"> {
  return {
    args: node.args.map(readArgument),
    named: Object.fromEntries(node.named.map(([name, value]) => [name, readArgument(value)])),
    spread: node.spreadArgs !== null || node.spreadNamed !== null,
  };
}

function readArgument(node: Expr): ArgumentRead {
  return node.kind === "const" ? { literal: true, value: exportConstant(node.value) } : { literal: false };
}
