import { describeToken } from "../lexer/tokens.ts";
import { makeFloat } from "../runtime/numbers.ts";
import type { Arguments, BinaryOperator, CompareOperator, Expr, FilterNode, Operand, SliceNode } from "./nodes.ts";
import type { TokenStream } from "./token-stream.ts";

// One file for all of an expression, as each level calls the next and the last one, brackets, calls the first again:
//
//   condition ─► or ─► and ─► not ─► compare ─► sum ─► concat ─► product ─► power ─► unary ─► primary, postfix, filters, tests
//       ▲                                                                                            │
//       └──────────────────────────── ( … )  [ … ]  { … }  f( … ) ◄──────────────────────────────────┘

/** Settings of `parseTuple`. */
export interface TupleOptions {
  /** Takes names and literals only, for the targets of assignments. */
  readonly simple?: boolean;
  /** Leaves `a if b` alone, for the iterable of a loop. */
  readonly withoutCondition?: boolean;
  /** A name that ends the tuple, such as `in`. */
  readonly endName?: string;
  readonly parenthesized?: boolean;
}

/** Parses an expression. */
export function parseExpression(stream: TokenStream, withCondition = true): Expr {
  stream.enter();
  const node = withCondition ? parseCondition(stream) : parseOr(stream);
  stream.leave();
  return node;
}

function parseCondition(stream: TokenStream): Expr {
  let { offset } = stream.current;
  let node = parseOr(stream);
  while (stream.skipName("if")) {
    const test = parseOr(stream);
    const no = stream.skipName("else") ? parseExpression(stream) : null;
    node = { kind: "condition", test, yes: node, no, offset };
    offset = stream.current.offset;
  }
  return node;
}

function parseOr(stream: TokenStream): Expr {
  const { offset } = stream.current;
  let left = parseAnd(stream);
  for (let length = 1; stream.skipName("or"); length++) {
    stream.checkChain(length);
    left = { kind: "or", left, right: parseAnd(stream), offset };
  }
  return left;
}

function parseAnd(stream: TokenStream): Expr {
  const { offset } = stream.current;
  let left = parseNot(stream);
  for (let length = 1; stream.skipName("and"); length++) {
    stream.checkChain(length);
    left = { kind: "and", left, right: parseNot(stream), offset };
  }
  return left;
}

function parseNot(stream: TokenStream): Expr {
  if (!stream.isName("not")) return parseCompare(stream);
  const { offset } = stream.next();
  stream.enter();
  const node = parseNot(stream);
  stream.leave();
  return { kind: "not", node, offset };
}

function parseCompare(stream: TokenStream): Expr {
  const first = parseSum(stream);
  let rest: Operand[] | null = null;
  for (;;) {
    const operator = takeCompareOperator(stream);
    if (operator === null) return rest === null ? first : { kind: "compare", first, rest, offset: first.offset };
    rest ??= [];
    rest.push({ operator, node: parseSum(stream) });
  }
}

function takeCompareOperator(stream: TokenStream): CompareOperator | null {
  const { kind, text } = stream.current;
  if (kind === "operator") {
    if (text !== "==" && text !== "!=" && text !== "<" && text !== "<=" && text !== ">" && text !== ">=") return null;
    stream.next();
    return text;
  }
  if (kind !== "name") return null;
  if (text === "in") {
    stream.next();
    return "in";
  }
  const ahead = stream.look();
  if (text !== "not" || ahead.kind !== "name" || ahead.text !== "in") return null;
  stream.next();
  stream.next();
  return "not in";
}

/** Parses operators of one level of precedence from the left. */
function parseBinary(
  stream: TokenStream,
  operators: ReadonlySet<string>,
  parseNext: (stream: TokenStream) => Expr,
): Expr {
  let left = parseNext(stream);
  for (let length = 1; stream.current.kind === "operator" && operators.has(stream.current.text); length++) {
    stream.checkChain(length);
    const token = stream.next();
    left = {
      kind: "binary",
      operator: token.text as BinaryOperator,
      left,
      right: parseNext(stream),
      offset: token.offset,
    };
  }
  return left;
}

const SUM: ReadonlySet<string> = new Set(["+", "-"]);
const PRODUCT: ReadonlySet<string> = new Set(["*", "/", "//", "%"]);
const POWER: ReadonlySet<string> = new Set(["**"]);

function parseSum(stream: TokenStream): Expr {
  return parseBinary(stream, SUM, parseConcat);
}

function parseConcat(stream: TokenStream): Expr {
  const { offset } = stream.current;
  const first = parseProduct(stream);
  if (!stream.isOperator("~")) return first;
  const items = [first];
  while (stream.skipOperator("~")) items.push(parseProduct(stream));
  return { kind: "concat", items, offset };
}

function parseProduct(stream: TokenStream): Expr {
  return parseBinary(stream, PRODUCT, parsePower);
}

function parsePower(stream: TokenStream): Expr {
  return parseBinary(stream, POWER, parseFiltered);
}

function parseFiltered(stream: TokenStream): Expr {
  return parseUnary(stream, true);
}

function parseUnary(stream: TokenStream, withFilter: boolean): Expr {
  let node: Expr;
  const { kind, text, offset } = stream.current;
  if (kind === "operator" && (text === "-" || text === "+")) {
    stream.next();
    stream.enter();
    node = { kind: "unary", operator: text, node: parseUnary(stream, false), offset };
    stream.leave();
  } else node = parsePrimary(stream);
  node = parsePostfix(stream, node);
  return withFilter ? parseFiltersAndTests(stream, node) : node;
}

/** Parses a literal, a name, or an expression in brackets. */
export function parsePrimary(stream: TokenStream): Expr {
  const token = stream.current;
  const { offset } = token;
  switch (token.kind) {
    case "name":
      stream.next();
      return nameOrConstant(token.text, offset);
    case "string": {
      let value = stream.next().text;
      while (stream.current.kind === "string") value += stream.next().text;
      return { kind: "const", value, offset };
    }
    case "integer":
      stream.next();
      return { kind: "const", value: token.number, offset };
    case "float":
      stream.next();
      return { kind: "const", value: makeFloat(Number(token.number)), offset };
    case "operator":
      if (token.text === "(") {
        stream.next();
        const node = parseTuple(stream, { parenthesized: true });
        stream.expectOperator(")");
        return node;
      }
      if (token.text === "[") return parseList(stream);
      if (token.text === "{") return parseDict(stream);
      break;
    default:
  }
  throw stream.error(`unexpected '${describeToken(token)}'`, offset);
}

function nameOrConstant(text: string, offset: number): Expr {
  switch (text) {
    case "true":
    case "True":
      return { kind: "const", value: true, offset };
    case "false":
    case "False":
      return { kind: "const", value: false, offset };
    case "none":
    case "None":
      return { kind: "const", value: null, offset };
    default:
      return { kind: "name", name: text, offset };
  }
}

/** Parses one expression or several with commas between them. */
export function parseTuple(stream: TokenStream, options: TupleOptions = {}): Expr {
  const { offset } = stream.current;
  const items: Expr[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) stream.expectOperator(",");
    if (isTupleEnd(stream, options.endName)) break;
    items.push(
      options.simple === true ? parsePrimary(stream) : parseExpression(stream, options.withoutCondition !== true),
    );
    if (!stream.isOperator(",")) break;
    isTuple = true;
  }
  if (!isTuple) {
    if (items[0] !== undefined) return items[0];
    if (options.parenthesized !== true) {
      throw stream.error(`Expected an expression, got '${describeToken(stream.current)}'`);
    }
  }
  return { kind: "tuple", items, offset };
}

function isTupleEnd(stream: TokenStream, endName: string | undefined): boolean {
  const { kind } = stream.current;
  if (kind === "variable_end" || kind === "block_end" || stream.isOperator(")")) return true;
  return endName !== undefined && stream.isName(endName);
}

function parseList(stream: TokenStream): Expr {
  const { offset } = stream.expectOperator("[");
  const items: Expr[] = [];
  while (!stream.isOperator("]")) {
    if (items.length > 0) stream.expectOperator(",");
    if (stream.isOperator("]")) break;
    items.push(parseExpression(stream));
  }
  stream.expectOperator("]");
  return { kind: "list", items, offset };
}

function parseDict(stream: TokenStream): Expr {
  const { offset } = stream.expectOperator("{");
  const items: [Expr, Expr][] = [];
  while (!stream.isOperator("}")) {
    if (items.length > 0) stream.expectOperator(",");
    if (stream.isOperator("}")) break;
    const key = parseExpression(stream);
    stream.expectOperator(":");
    items.push([key, parseExpression(stream)]);
  }
  stream.expectOperator("}");
  return { kind: "dict", items, offset };
}

function parsePostfix(stream: TokenStream, start: Expr): Expr {
  let node = start;
  for (let length = 1; ; length++) {
    stream.checkChain(length);
    if (stream.isOperator(".") || stream.isOperator("[")) node = parseSubscript(stream, node);
    else if (stream.isOperator("(")) node = parseCall(stream, node);
    else return node;
  }
}

function parseFiltersAndTests(stream: TokenStream, start: Expr): Expr {
  let node = start;
  for (let length = 1; ; length++) {
    stream.checkChain(length);
    if (stream.isOperator("|")) node = parseFilter(stream, node, false) as Expr;
    else if (stream.isName("is")) node = parseTest(stream, node);
    else if (stream.isOperator("(")) node = parseCall(stream, node);
    else return node;
  }
}

function parseSubscript(stream: TokenStream, node: Expr): Expr {
  const { text, offset } = stream.next();
  if (text === ".") {
    const token = stream.next();
    if (token.kind === "name") return { kind: "attribute", node, name: token.text, offset: token.offset };
    if (token.kind !== "integer") throw stream.error("expected name or number", token.offset);
    return { kind: "item", node, key: { kind: "const", value: token.number, offset: token.offset }, offset };
  }
  const keys: Expr[] = [];
  while (!stream.isOperator("]")) {
    if (keys.length > 0) stream.expectOperator(",");
    keys.push(parseSubscribed(stream));
  }
  stream.expectOperator("]");
  const only = keys.length === 1 ? keys[0] : undefined;
  return { kind: "item", node, key: only ?? { kind: "tuple", items: keys, offset }, offset };
}

function parseSubscribed(stream: TokenStream): Expr {
  const { offset } = stream.current;
  let start: Expr | null = null;
  if (!stream.isOperator(":")) {
    start = parseExpression(stream);
    if (!stream.isOperator(":")) return start;
  }
  stream.next();
  const atEnd = (): boolean => stream.isOperator("]") || stream.isOperator(",");
  const stop = stream.isOperator(":") || atEnd() ? null : parseExpression(stream);
  const step = stream.skipOperator(":") && !atEnd() ? parseExpression(stream) : null;
  return { kind: "slice", start, stop, step, offset } satisfies SliceNode;
}

function parseCall(stream: TokenStream, node: Expr): Expr {
  const { offset } = stream.current;
  return { kind: "call", node, ...parseArguments(stream), offset };
}

const NO_ARGUMENTS: Arguments = { args: [], named: [], spreadArgs: null, spreadNamed: null };

function parseArguments(stream: TokenStream): Arguments {
  const { offset } = stream.expectOperator("(");
  const args: Expr[] = [];
  const named: [string, Expr][] = [];
  let spreadArgs: Expr | null = null;
  let spreadNamed: Expr | null = null;
  let first = true;
  const ensure = (valid: boolean): void => {
    if (!valid) throw stream.error("invalid syntax for function call expression", offset);
  };
  while (!stream.isOperator(")")) {
    if (!first) {
      stream.expectOperator(",");
      if (stream.isOperator(")")) break;
    }
    first = false;
    const ahead = stream.look();
    if (stream.skipOperator("*")) {
      ensure(spreadArgs === null && spreadNamed === null);
      spreadArgs = parseExpression(stream);
    } else if (stream.skipOperator("**")) {
      ensure(spreadNamed === null);
      spreadNamed = parseExpression(stream);
    } else if (stream.current.kind === "name" && ahead.kind === "operator" && ahead.text === "=") {
      ensure(spreadNamed === null);
      const name = stream.next().text;
      stream.next();
      named.push([name, parseExpression(stream)]);
    } else {
      ensure(spreadArgs === null && spreadNamed === null && named.length === 0);
      args.push(parseExpression(stream));
    }
  }
  stream.expectOperator(")");
  return { args, named, spreadArgs, spreadNamed };
}

/** Parses one filter behind another; `inline` starts at the name, as in `{% filter name %}`. */
export function parseFilter(stream: TokenStream, start: Expr | null, inline: boolean): Expr | null {
  let node = start;
  let atName = inline;
  for (let length = 1; atName || stream.isOperator("|"); length++) {
    stream.checkChain(length);
    if (!atName) stream.next();
    atName = false;
    const token = stream.expect("name");
    const name = parseDottedName(stream, token.text);
    const args = stream.isOperator("(") ? parseArguments(stream) : NO_ARGUMENTS;
    node = { kind: "filter", node, name, ...args, offset: token.offset } satisfies FilterNode;
  }
  return node;
}

function parseDottedName(stream: TokenStream, first: string): string {
  let name = first;
  while (stream.skipOperator(".")) name += `.${stream.expect("name").text}`;
  return name;
}

function parseTest(stream: TokenStream, node: Expr): Expr {
  const { offset } = stream.next();
  const negated = stream.skipName("not");
  const token = stream.expect("name");
  const name = parseDottedName(stream, token.text);
  let args = NO_ARGUMENTS;
  if (stream.isOperator("(")) args = parseArguments(stream);
  else if (startsArgument(stream)) {
    if (stream.isName("is")) throw stream.error("You cannot chain multiple tests with is");
    args = { ...NO_ARGUMENTS, args: [parsePostfix(stream, parsePrimary(stream))] };
  }
  const test: Expr = { kind: "test", node, name, ...args, offset: token.offset };
  return negated ? { kind: "not", node: test, offset } : test;
}

/** Tells whether an argument without brackets follows the name of a test. */
function startsArgument(stream: TokenStream): boolean {
  const { kind, text } = stream.current;
  if (kind === "name") return text !== "else" && text !== "or" && text !== "and";
  if (kind === "operator") return text === "[" || text === "{";
  return kind === "string" || kind === "integer" || kind === "float";
}
