import { reprText } from "../text/repr-text.ts";
import type { Expr, Parameter, Target } from "./nodes.ts";
import { parseExpression, parseTuple } from "./parse-expression.ts";
import type { TokenStream } from "./token-stream.ts";

const RESERVED: ReadonlySet<string> = new Set(["true", "false", "none", "True", "False", "None"]);

/** Parses a name that is assigned to. */
export function parseTargetName(stream: TokenStream): string {
  const token = stream.expect("name");
  if (RESERVED.has(token.text)) throw stream.error(`can't assign to ${reprText("name")}`, token.offset);
  return token.text;
}

/** Says what a target may be. */
export interface TargetOptions {
  /** Takes `namespace.attribute` as well. */
  readonly withNamespace?: boolean;
  /** A name that ends the target, such as `in`. */
  readonly endName?: string;
}

/** Parses what `set`, `for` and `with` assign to: a name, several names, or a member of a namespace. */
export function parseTarget(stream: TokenStream, options: TargetOptions): Target {
  const ahead = stream.look();
  if (options.withNamespace === true && ahead.kind === "operator" && ahead.text === ".") {
    const token = stream.expect("name");
    stream.next();
    return { kind: "namespace target", name: token.text, attribute: stream.expect("name").text, offset: token.offset };
  }
  const target = parseTuple(stream, {
    simple: true,
    ...(options.endName === undefined ? {} : { endName: options.endName }),
  });
  checkTarget(stream, target);
  return target as Target;
}

function checkTarget(stream: TokenStream, target: Expr): void {
  if (target.kind === "tuple") for (const item of target.items) checkTarget(stream, item);
  else if (target.kind !== "name") throw stream.error(`can't assign to '${target.kind}'`, target.offset);
}

/** Parses the parameters of a macro or a `call` block, brackets included. */
export function parseSignature(stream: TokenStream): Parameter[] {
  const parameters: Parameter[] = [];
  stream.expectOperator("(");
  while (!stream.isOperator(")")) {
    if (parameters.length > 0) stream.expectOperator(",");
    const place = stream.current.offset;
    const name = parseTargetName(stream);
    if (parameters.some((parameter) => parameter.name === name)) {
      throw stream.error(`duplicate argument '${name}' in function definition`, place, "SyntaxError");
    }
    let fallback: Expr | null = null;
    if (stream.skipOperator("=")) fallback = parseExpression(stream);
    else if (parameters.some((parameter) => parameter.fallback !== null)) {
      throw stream.error("non-default argument follows default argument");
    }
    parameters.push({ name, fallback });
  }
  stream.expectOperator(")");
  return parameters;
}
