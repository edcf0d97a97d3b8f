import type { Expr, ForNode, Statement, Target } from "../parser/nodes.ts";
import { visitExpressions } from "../parser/visit.ts";

/**
 * Resolves names at compile time by Jinja2's rules: which scope a name belongs to, and what it holds when the scope is entered.
 *
 *   parameter   given by the caller (macro parameters, loop targets, `loop`, `caller` …)
 *   resolve     looked up in the context
 *   alias       the value of the same name in an outer scope
 *   undefined   nothing yet; the scope sets it later
 */
export type Load =
  | { readonly kind: "parameter" }
  | { readonly kind: "resolve"; readonly name: string; repeated: boolean }
  | { readonly kind: "alias"; readonly from: Slot; readonly name: string }
  | { readonly kind: "undefined" };

/** Is a place for a value in the frame of one function; it takes an index when something is first put there or read. */
export class Slot {
  readonly owner: FunctionScope;
  private place = -1;

  constructor(owner: FunctionScope) {
    this.owner = owner;
  }

  get index(): number {
    if (this.place === -1) this.place = this.owner.takeIndex();
    return this.place;
  }
}

/** Counts the slots of one function: the template, a block, a macro, a `call` body or a recursive loop. */
export class FunctionScope {
  readonly parent: FunctionScope | null;
  private readonly levels = new Map<number, Map<string, Slot>>();
  private taken = 0;
  private hidden = 0;

  constructor(parent: FunctionScope | null) {
    this.parent = parent;
  }

  /** Counts the slots that are in use; final when the function is compiled. */
  get size(): number {
    return this.taken;
  }

  /** Makes sure that a slot has its place. */
  reserve(slot: Slot): number {
    return slot.index;
  }

  takeIndex(): number {
    return this.taken++;
  }

  /** Gives the slot of a name at a level; scopes of one level share it, as they never live at the same time. */
  slot(level: number, name: string): Slot {
    let slots = this.levels.get(level);
    if (slots === undefined) {
      slots = new Map();
      this.levels.set(level, slots);
    }
    let slot = slots.get(name);
    if (slot === undefined) {
      slot = new Slot(this);
      slots.set(name, slot);
    }
    return slot;
  }

  /** Gives the slot that keeps what the context holds under a name while the function runs. */
  contextSlot(name: string): Slot {
    return this.slot(-2, name);
  }

  /** Gives a slot that no name of the template can reach. */
  hiddenSlot(name: string): Slot {
    return this.slot(-1, `${name} ${this.hidden++}`);
  }
}

/** Holds the names of one scope. */
export class Symbols {
  readonly parent: Symbols | null;
  readonly scope: FunctionScope;
  readonly level: number;
  refs = new Map<string, Slot>();
  loads = new Map<Slot, Load>();
  stores = new Set<string>();

  constructor(scope: FunctionScope, parent: Symbols | null, step = 1) {
    this.scope = scope;
    this.parent = parent;
    this.level = parent === null ? 0 : parent.level + step;
  }

  /** Finds the scope that knows a name. */
  find(name: string): Symbols | null {
    if (this.refs.has(name)) return this;
    return this.parent === null ? null : this.parent.find(name);
  }

  findSlot(name: string): Slot | undefined {
    return this.find(name)?.refs.get(name);
  }

  private define(name: string, load: Load): Slot {
    const slot = this.scope.slot(this.level, name);
    this.refs.set(name, slot);
    this.loads.set(slot, load);
    return slot;
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.refs.has(name)) return;
    const outer = this.parent?.findSlot(name);
    this.define(name, outer === undefined ? { kind: "undefined" } : { kind: "alias", from: outer, name });
  }

  declareParameter(name: string): Slot {
    this.stores.add(name);
    return this.define(name, { kind: "parameter" });
  }

  load(name: string): void {
    const owner = this.find(name);
    if (owner === null) this.define(name, { kind: "resolve", name, repeated: false });
    else {
      const known = owner.loads.get(owner.refs.get(name) as Slot);
      if (known?.kind === "resolve") known.repeated = true;
    }
  }

  copy(): Symbols {
    const copy = new Symbols(this.scope, this.parent, this.parent === null ? 0 : this.level - this.parent.level);
    copy.refs = new Map(this.refs);
    copy.loads = new Map(this.loads);
    copy.stores = new Set(this.stores);
    return copy;
  }

  /** Joins the branches of an `if`: what only some of them set keeps its outer value in the others. */
  joinBranches(branches: readonly Symbols[]): void {
    const counts = new Map<string, number>();
    for (const branch of branches) {
      for (const name of branch.stores) if (!this.stores.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const branch of branches) {
      for (const [name, slot] of branch.refs) this.refs.set(name, slot);
      for (const [slot, load] of branch.loads) this.loads.set(slot, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const [name, count] of counts) {
      if (count === branches.length) continue;
      const slot = this.findSlot(name) as Slot;
      const outer = this.parent?.findSlot(name);
      this.loads.set(
        slot,
        outer === undefined ? { kind: "resolve", name, repeated: false } : { kind: "alias", from: outer, name },
      );
    }
  }

  /** Lists every name set in this scope and the ones around it, with its slot. */
  allStores(): Map<string, Slot> {
    const result = new Map<string, Slot>();
    for (let symbols: Symbols | null = this; symbols !== null; symbols = symbols.parent) {
      for (const name of symbols.stores) if (!result.has(name)) result.set(name, this.findSlot(name) as Slot);
    }
    return result;
  }

  /** Tells where a name is read: in a slot, or in the context when nothing sets it. */
  findRead(name: string): Slot | "context" | "context, repeatedly" {
    const owner = this.find(name);
    if (owner === null) return "context";
    const slot = owner.refs.get(name) as Slot;
    const load = owner.loads.get(slot);
    if (load?.kind !== "resolve" || owner.stores.has(name)) return slot;
    return load.repeated ? "context, repeatedly" : "context";
  }

  /** Declares what a target assigns, as parameters for loops and `with`. */
  declareTarget(target: Expr | Target): void {
    if (target.kind === "name") this.declareParameter(target.name);
    else if (target.kind === "tuple") for (const item of target.items) this.declareTarget(item);
  }

  visitExpression(node: Expr | null): void {
    if (node === null) return;
    visitExpressions(node, (inner) => {
      if (inner.kind === "name") this.load(inner.name);
    });
  }

  visitBody(body: readonly Statement[]): void {
    for (const statement of body) this.visitStatement(statement);
  }

  private visitTarget(target: Target | Expr): void {
    if (target.kind === "name") this.store(target.name);
    else if (target.kind === "namespace target") this.load(target.name);
    else if (target.kind === "tuple") for (const item of target.items) this.visitTarget(item);
  }

  /** Notes the names of one statement; bodies with a scope of their own are left to it. */
  private visitStatement(statement: Statement): void {
    switch (statement.kind) {
      case "output":
        for (const item of statement.items) if (typeof item !== "string") this.visitExpression(item);
        break;
      case "set":
        this.visitExpression(statement.value);
        this.visitTarget(statement.target);
        break;
      case "set block":
        this.visitTarget(statement.target);
        break;
      case "if":
        this.visitIf(statement);
        break;
      case "for":
        this.visitExpression(statement.iterable);
        break;
      case "with":
        for (const value of statement.values) this.visitExpression(value);
        break;
      case "macro":
        this.store(statement.name);
        break;
      case "call block":
        this.visitExpression(statement.call);
        break;
      case "filter block":
        this.visitExpression(statement.filter);
        break;
      case "do":
        this.visitExpression(statement.node);
        break;
      case "extends":
      case "include":
        this.visitExpression(statement.template);
        break;
      case "import":
        this.visitExpression(statement.template);
        this.store(statement.target);
        break;
      case "from import":
        this.visitExpression(statement.template);
        for (const { alias } of statement.names) this.store(alias);
        break;
      default:
    }
  }

  private visitIf(node: Extract<Statement, { kind: "if" }>): void {
    this.visitExpression(node.test);
    if (!node.elifs.some((elif) => setsNames(elif.body)) && !setsNames(node.body) && !setsNames(node.otherwise)) {
      // Branches that only read see the same names as what is around them.
      this.visitBody(node.body);
      for (const elif of node.elifs) {
        this.visitExpression(elif.test);
        this.visitBody(elif.body);
      }
      this.visitBody(node.otherwise);
      return;
    }
    const branch = (visit: (symbols: Symbols) => void): Symbols => {
      const copy = this.copy();
      visit(copy);
      return copy;
    };
    this.joinBranches([
      branch((symbols) => symbols.visitBody(node.body)),
      branch((symbols) => {
        for (const elif of node.elifs) symbols.visitIf({ kind: "if", ...elif, elifs: [], otherwise: [] });
      }),
      branch((symbols) => symbols.visitBody(node.otherwise)),
    ]);
  }

  /** Notes the names of a loop body. */
  visitLoopBody(node: ForNode): void {
    this.declareTarget(node.target);
    this.visitBody(node.body);
  }
}

/** Tells whether statements set names of their own scope. */
function setsNames(body: readonly Statement[]): boolean {
  return body.some(
    ({ kind }) =>
      kind !== "output" &&
      kind !== "for" &&
      kind !== "do" &&
      kind !== "include" &&
      kind !== "break" &&
      kind !== "continue",
  );
}
