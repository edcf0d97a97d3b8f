import type { Arguments, Expr, Statement } from "./nodes.ts";

/** Lists the direct parts of an expression, in order of evaluation. */
export function childrenOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case "const":
    case "name":
    case "namespace target":
      return [];
    case "tuple":
    case "list":
    case "concat":
      return node.items;
    case "dict":
      return node.items.flat();
    case "condition":
      return node.no === null ? [node.test, node.yes] : [node.test, node.yes, node.no];
    case "and":
    case "or":
    case "binary":
      return [node.left, node.right];
    case "not":
    case "unary":
    case "attribute":
      return [node.node];
    case "compare":
      return [node.first, ...node.rest.map((operand) => operand.node)];
    case "item":
      return [node.node, node.key];
    case "slice":
      return [node.start, node.stop, node.step].filter((part) => part !== null);
    case "call":
    case "test":
      return [node.node, ...argumentsOf(node)];
    case "filter":
      return node.node === null ? argumentsOf(node) : [node.node, ...argumentsOf(node)];
  }
}

/** Lists the argument expressions of a call, filter or test. */
export function argumentsOf(node: Arguments): readonly Expr[] {
  if (node.named.length === 0 && node.spreadArgs === null && node.spreadNamed === null) return node.args;
  const named = node.named.map(([, value]) => value);
  return [...node.args, ...named, node.spreadArgs, node.spreadNamed].filter((part) => part !== null);
}

/** Visits an expression and everything inside it, in order of evaluation and without making lists on the way. */
export function visitExpressions(node: Expr, visit: (node: Expr) => void): void {
  visit(node);
  switch (node.kind) {
    case "const":
    case "name":
    case "namespace target":
      return;
    case "attribute":
    case "not":
    case "unary":
      visitExpressions(node.node, visit);
      return;
    case "binary":
    case "and":
    case "or":
      visitExpressions(node.left, visit);
      visitExpressions(node.right, visit);
      return;
    case "filter":
      if (node.node !== null) visitExpressions(node.node, visit);
      visitArguments(node, visit);
      return;
    case "call":
    case "test":
      visitExpressions(node.node, visit);
      visitArguments(node, visit);
      return;
    default:
      for (const child of childrenOf(node)) visitExpressions(child, visit);
  }
}

function visitArguments(node: Arguments, visit: (node: Expr) => void): void {
  if (node.args.length === 0 && node.named.length === 0 && node.spreadArgs === null && node.spreadNamed === null)
    return;
  for (const argument of argumentsOf(node)) visitExpressions(argument, visit);
}

/** Lists the bodies inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "for":
      return [statement.body, statement.otherwise];
    case "if":
      if (statement.elifs.length === 0) return [statement.body, statement.otherwise];
      return [statement.body, ...statement.elifs.map((elif) => elif.body), statement.otherwise];
    case "set block":
    case "with":
    case "macro":
    case "call block":
    case "filter block":
    case "autoescape":
    case "block":
      return [statement.body];
    default:
      return NO_BODIES;
  }
}

const NO_BODIES: readonly (readonly Statement[])[] = [];

/** Lists the expressions that stand directly in a statement, targets of assignments not included. */
export function expressionsOf(statement: Statement): readonly Expr[] {
  switch (statement.kind) {
    case "output":
      return statement.items.filter((item) => typeof item !== "string");
    case "set":
      return [statement.value];
    case "set block":
      return statement.filter === null ? [] : [statement.filter];
    case "for":
      return statement.test === null ? [statement.iterable] : [statement.iterable, statement.test];
    case "if":
      return [statement.test, ...statement.elifs.map((elif) => elif.test)];
    case "with":
      return statement.values;
    case "macro":
      return fallbacksOf(statement.parameters);
    case "call block":
      return [statement.call, ...fallbacksOf(statement.parameters)];
    case "filter block":
      return [statement.filter];
    case "autoescape":
      return [statement.value];
    case "do":
      return [statement.node];
    case "extends":
    case "include":
    case "import":
    case "from import":
      return [statement.template];
    default:
      return [];
  }
}

function fallbacksOf(parameters: readonly { readonly fallback: Expr | null }[]): Expr[] {
  return parameters.map((parameter) => parameter.fallback).filter((part) => part !== null);
}

/** Tells whether one of the names is read in a body before the body itself sets it; blocks are not looked into. */
export function findUndeclared(body: readonly Statement[], names: readonly string[]): Set<string> {
  const open = new Set(names);
  const found = new Set<string>();
  const read = (node: Expr): void =>
    visitExpressions(node, (inner) => {
      if (inner.kind === "name" && open.has(inner.name)) found.add(inner.name);
    });
  const write = (node: Expr): void =>
    visitExpressions(node, (inner) => {
      if (inner.kind === "name") open.delete(inner.name);
    });
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === "block") continue;
      if (statement.kind === "for" || statement.kind === "set" || statement.kind === "set block")
        write(statement.target);
      for (const expression of expressionsOf(statement)) read(expression);
      for (const inner of bodiesOf(statement)) walk(inner);
    }
  };
  walk(body);
  return found;
}
