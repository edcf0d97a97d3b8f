/** The tree that the parser makes. `offset` is the place in the source that errors name. */
export type Expr =
  | { readonly kind: "const"; readonly value: unknown; readonly offset: number }
  | NameNode
  | TupleNode
  | { readonly kind: "list"; readonly items: readonly Expr[]; readonly offset: number }
  | { readonly kind: "dict"; readonly items: readonly (readonly [Expr, Expr])[]; readonly offset: number }
  | {
      readonly kind: "condition";
      readonly test: Expr;
      readonly yes: Expr;
      readonly no: Expr | null;
      readonly offset: number;
    }
  | { readonly kind: "and" | "or"; readonly left: Expr; readonly right: Expr; readonly offset: number }
  | { readonly kind: "not"; readonly node: Expr; readonly offset: number }
  | { readonly kind: "compare"; readonly first: Expr; readonly rest: readonly Operand[]; readonly offset: number }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expr;
      readonly right: Expr;
      readonly offset: number;
    }
  | { readonly kind: "unary"; readonly operator: "+" | "-"; readonly node: Expr; readonly offset: number }
  | { readonly kind: "concat"; readonly items: readonly Expr[]; readonly offset: number }
  | { readonly kind: "attribute"; readonly node: Expr; readonly name: string; readonly offset: number }
  | { readonly kind: "item"; readonly node: Expr; readonly key: Expr; readonly offset: number }
  | SliceNode
  | CallNode
  | FilterNode
  | TestNode
  | NamespaceTarget;

export interface NameNode {
  readonly kind: "name";
  readonly name: string;
  readonly offset: number;
}

export interface TupleNode {
  readonly kind: "tuple";
  readonly items: readonly Expr[];
  readonly offset: number;
}

/** `start:stop:step`; stands only as the key of an `item`. */
export interface SliceNode {
  readonly kind: "slice";
  readonly start: Expr | null;
  readonly stop: Expr | null;
  readonly step: Expr | null;
  readonly offset: number;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export interface Operand {
  readonly operator: CompareOperator;
  readonly node: Expr;
}

/** The arguments of a call, filter or test. */
export interface Arguments {
  readonly args: readonly Expr[];
  readonly named: readonly (readonly [string, Expr])[];
  readonly spreadArgs: Expr | null;
  readonly spreadNamed: Expr | null;
}

export interface CallNode extends Arguments {
  readonly kind: "call";
  readonly node: Expr;
  readonly offset: number;
}

/** A filter; `node` is `null` when it is applied to the text of a block. */
export interface FilterNode extends Arguments {
  readonly kind: "filter";
  readonly node: Expr | null;
  readonly name: string;
  readonly offset: number;
}

export interface TestNode extends Arguments {
  readonly kind: "test";
  readonly node: Expr;
  readonly name: string;
  readonly offset: number;
}

/** `ns.name` as the target of `set`. */
export interface NamespaceTarget {
  readonly kind: "namespace target";
  readonly name: string;
  readonly attribute: string;
  readonly offset: number;
}

/** What `set`, `for` and `with` assign to. */
export type Target = NameNode | TupleNode | NamespaceTarget;

/** A parameter of a macro or `call` block. */
export interface Parameter {
  readonly name: string;
  readonly fallback: Expr | null;
}

export type Statement =
  | OutputNode
  | { readonly kind: "set"; readonly target: Target; readonly value: Expr; readonly offset: number }
  | SetBlockNode
  | ForNode
  | IfNode
  | WithNode
  | MacroNode
  | CallBlockNode
  | {
      readonly kind: "filter block";
      readonly filter: FilterNode;
      readonly body: readonly Statement[];
      readonly offset: number;
    }
  | { readonly kind: "autoescape"; readonly value: Expr; readonly body: readonly Statement[]; readonly offset: number }
  | BlockNode
  | { readonly kind: "extends"; readonly template: Expr; readonly offset: number }
  | {
      readonly kind: "include";
      readonly template: Expr;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
      readonly offset: number;
    }
  | {
      readonly kind: "import";
      readonly template: Expr;
      readonly target: string;
      readonly withContext: boolean;
      readonly offset: number;
    }
  | FromImportNode
  | { readonly kind: "do"; readonly node: Expr; readonly offset: number }
  | { readonly kind: "break" | "continue"; readonly offset: number };

/** Text and interpolations in a row; a string is text of the template. */
export interface OutputNode {
  readonly kind: "output";
  readonly items: readonly (string | Expr)[];
  readonly offset: number;
}

export interface SetBlockNode {
  readonly kind: "set block";
  readonly target: Target;
  readonly filter: FilterNode | null;
  readonly body: readonly Statement[];
  readonly offset: number;
}

export interface ForNode {
  readonly kind: "for";
  readonly target: Target;
  readonly iterable: Expr;
  readonly test: Expr | null;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly offset: number;
}

/** `elif` branches are nested ifs without `otherwise`, as Jinja2 keeps them. */
export interface IfNode {
  readonly kind: "if";
  readonly test: Expr;
  readonly body: readonly Statement[];
  readonly elifs: readonly { readonly test: Expr; readonly body: readonly Statement[]; readonly offset: number }[];
  readonly otherwise: readonly Statement[];
  readonly offset: number;
}

export interface WithNode {
  readonly kind: "with";
  readonly targets: readonly Target[];
  readonly values: readonly Expr[];
  readonly body: readonly Statement[];
  readonly offset: number;
}

export interface MacroNode {
  readonly kind: "macro";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly offset: number;
}

export interface CallBlockNode {
  readonly kind: "call block";
  readonly call: CallNode;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly offset: number;
}

export interface BlockNode {
  readonly kind: "block";
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: readonly Statement[];
  readonly offset: number;
}

export interface FromImportNode {
  readonly kind: "from import";
  readonly template: Expr;
  readonly names: readonly { readonly name: string; readonly alias: string }[];
  readonly withContext: boolean;
  readonly offset: number;
}
