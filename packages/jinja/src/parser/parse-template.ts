import type { Token } from "../lexer/tokens.ts";
import type { TemplateUnit } from "../runtime/unit.ts";
import { trimBoth } from "../text/characters.ts";
import type { BlockNode, CallNode, Expr, FilterNode, ForNode, IfNode, Statement, Target } from "./nodes.ts";
import { parseExpression, parseFilter, parseTuple } from "./parse-expression.ts";
import { parseExtends, parseFromImport, parseImport, parseInclude } from "./parse-references.ts";
import { parseSignature, parseTarget, parseTargetName } from "./parse-target.ts";
import { TokenStream } from "./token-stream.ts";

/** Parses the tokens of a template. Throws TemplateSyntaxError. */
export function parseTemplate(unit: TemplateUnit, tokens: readonly Token[], maxDepth: number): readonly Statement[] {
  return new StatementParser(new TokenStream(unit, tokens, maxDepth)).parseBody(null);
}

/** Parses the tokens of one expression, which `lexExpression` put between the marks of an interpolation. */
export function parseBareExpression(unit: TemplateUnit, tokens: readonly Token[], maxDepth: number): Expr {
  const stream = new TokenStream(unit, tokens, maxDepth);
  stream.next();
  const node = parseTuple(stream);
  stream.expect("variable_end");
  return node;
}

class StatementParser {
  readonly stream: TokenStream;
  private readonly tags: string[] = [];
  private readonly endings: (readonly string[])[] = [];

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** Parses up to one of the tags in `endings` (which stays current), or to the end of the template. */
  parseBody(endings: readonly string[] | null): Statement[] {
    const { stream } = this;
    const body: Statement[] = [];
    let items: (string | Expr)[] = [];
    let offset = 0;
    const flush = (): void => {
      if (items.length > 0) body.push({ kind: "output", items, offset });
      items = [];
    };
    if (endings !== null) this.endings.push(endings);
    for (;;) {
      const token = stream.current;
      if (token.kind === "eof") break;
      if (items.length === 0) ({ offset } = token);
      stream.next();
      if (token.kind === "data") items.push(token.text);
      else if (token.kind === "variable_begin") {
        items.push(parseTuple(stream));
        stream.expect("variable_end");
      } else {
        flush();
        const { kind, text } = stream.current;
        if (endings !== null && kind === "name" && endings.includes(text)) {
          this.endings.pop();
          return body;
        }
        body.push(this.parseStatement());
        stream.expect("block_end");
      }
    }
    flush();
    if (endings !== null) throw this.unknownTag(null, stream.current.offset);
    return body;
  }

  /** Parses a body behind the tag that opens it; with `take`, the ending tag is taken too. */
  private parseBlockBody(endings: readonly string[], take: boolean): Statement[] {
    this.stream.skipOperator(":");
    this.stream.expect("block_end");
    this.stream.enter();
    const body = this.parseBody(endings);
    this.stream.leave();
    if (take) this.stream.next();
    return body;
  }

  private parseStatement(): Statement {
    const token = this.stream.current;
    if (token.kind !== "name") throw this.stream.error("tag name expected");
    const parse = STATEMENTS[token.text];
    if (parse === undefined) throw this.unknownTag(token.text, token.offset);
    this.tags.push(token.text);
    const statement = parse(this);
    this.tags.pop();
    return statement;
  }

  private unknownTag(name: string | null, offset: number): Error {
    const wanted = this.endings
      .at(-1)
      ?.map((ending) => `'${ending}'`)
      .join(" or ");
    let message = name === null ? "Unexpected end of template." : `Encountered unknown tag '${name}'.`;
    if (wanted !== undefined) {
      message +=
        name !== null && this.endings.some((list) => list.includes(name))
          ? ` You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
          : ` Jinja was looking for the following tags: ${wanted}.`;
    }
    if (this.tags.length > 0) message += ` The innermost block that needs to be closed is '${this.tags.at(-1)}'.`;
    return this.stream.error(message, offset);
  }

  parseSet(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const target = parseTarget(stream, { withNamespace: true });
    if (stream.skipOperator("=")) return { kind: "set", target, value: parseTuple(stream), offset };
    const filter = parseFilter(stream, null, false) as FilterNode | null;
    return { kind: "set block", target, filter, body: this.parseBlockBody(["endset"], true), offset };
  }

  parseFor(): ForNode {
    const { stream } = this;
    const { offset } = stream.next();
    const target = parseTarget(stream, { endName: "in" });
    stream.expectName("in");
    const iterable = parseTuple(stream, { withoutCondition: true, endName: "recursive" });
    const test = stream.skipName("if") ? parseExpression(stream) : null;
    const recursive = stream.skipName("recursive");
    const body = this.parseBlockBody(["endfor", "else"], false);
    const otherwise = stream.next().text === "endfor" ? [] : this.parseBlockBody(["endfor"], true);
    return { kind: "for", target, iterable, test, recursive, body, otherwise, offset };
  }

  parseIf(): IfNode {
    const { stream } = this;
    const { offset } = stream.next();
    const test = parseTuple(stream, { withoutCondition: true });
    const body = this.parseBlockBody(["elif", "else", "endif"], false);
    const elifs: { test: Expr; body: Statement[]; offset: number }[] = [];
    while (stream.isName("elif")) {
      const elif = stream.next();
      const elifTest = parseTuple(stream, { withoutCondition: true });
      elifs.push({ test: elifTest, body: this.parseBlockBody(["elif", "else", "endif"], false), offset: elif.offset });
    }
    const otherwise = stream.next().text === "else" ? this.parseBlockBody(["endif"], true) : [];
    return { kind: "if", test, body, elifs, otherwise, offset };
  }

  parseWith(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const targets: Target[] = [];
    const values: Expr[] = [];
    while (stream.current.kind !== "block_end") {
      if (targets.length > 0) stream.expectOperator(",");
      targets.push(parseTarget(stream, {}));
      stream.expectOperator("=");
      values.push(parseExpression(stream));
    }
    return { kind: "with", targets, values, body: this.parseBlockBody(["endwith"], true), offset };
  }

  parseAutoescape(): Statement {
    const { offset } = this.stream.next();
    const value = parseExpression(this.stream);
    return { kind: "autoescape", value, body: this.parseBlockBody(["endautoescape"], true), offset };
  }

  parseBlock(): BlockNode {
    const { stream } = this;
    const { offset } = stream.next();
    const name = stream.expect("name").text;
    const scoped = stream.skipName("scoped");
    const required = stream.skipName("required");
    if (stream.isOperator("-")) {
      throw stream.error(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
      );
    }
    const body = this.parseBlockBody(["endblock"], true);
    if (required && !isBlank(body)) throw stream.error("Required blocks can only contain comments or whitespace");
    stream.skipName(name);
    return { kind: "block", name, scoped, required, body, offset };
  }

  parseMacro(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const name = parseTargetName(stream);
    const parameters = parseSignature(stream);
    return { kind: "macro", name, parameters, body: this.parseBlockBody(["endmacro"], true), offset };
  }

  parseCallBlock(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const parameters = stream.isOperator("(") ? parseSignature(stream) : [];
    const call = parseExpression(stream);
    if (call.kind !== "call") throw stream.error("expected call", offset);
    return {
      kind: "call block",
      call: call satisfies CallNode,
      parameters,
      body: this.parseBlockBody(["endcall"], true),
      offset,
    };
  }

  parseFilterBlock(): Statement {
    const { offset } = this.stream.next();
    const filter = parseFilter(this.stream, null, true) as FilterNode;
    return { kind: "filter block", filter, body: this.parseBlockBody(["endfilter"], true), offset };
  }

  parsePrint(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const items: Expr[] = [];
    while (stream.current.kind !== "block_end") {
      if (items.length > 0) stream.expectOperator(",");
      items.push(parseExpression(stream));
    }
    return { kind: "output", items, offset };
  }

  parseDo(): Statement {
    const { offset } = this.stream.next();
    return { kind: "do", node: parseTuple(this.stream), offset };
  }

  parseLoopControl(kind: "break" | "continue"): Statement {
    return { kind, offset: this.stream.next().offset };
  }
}

function isBlank(body: readonly Statement[]): boolean {
  return body.every(
    (statement) =>
      statement.kind === "output" && statement.items.every((item) => typeof item === "string" && trimBoth(item) === ""),
  );
}

/** Parsers by tag name. */
const STATEMENTS: Readonly<Record<string, ((parser: StatementParser) => Statement) | undefined>> = Object.assign(
  Object.create(null) as Record<string, (parser: StatementParser) => Statement>,
  {
    set: (parser: StatementParser) => parser.parseSet(),
    for: (parser: StatementParser) => parser.parseFor(),
    if: (parser: StatementParser) => parser.parseIf(),
    with: (parser: StatementParser) => parser.parseWith(),
    autoescape: (parser: StatementParser) => parser.parseAutoescape(),
    block: (parser: StatementParser) => parser.parseBlock(),
    extends: (parser: StatementParser) => parseExtends(parser.stream),
    include: (parser: StatementParser) => parseInclude(parser.stream),
    import: (parser: StatementParser) => parseImport(parser.stream),
    from: (parser: StatementParser) => parseFromImport(parser.stream),
    macro: (parser: StatementParser) => parser.parseMacro(),
    call: (parser: StatementParser) => parser.parseCallBlock(),
    filter: (parser: StatementParser) => parser.parseFilterBlock(),
    print: (parser: StatementParser) => parser.parsePrint(),
    do: (parser: StatementParser) => parser.parseDo(),
    break: (parser: StatementParser) => parser.parseLoopControl("break"),
    continue: (parser: StatementParser) => parser.parseLoopControl("continue"),
  },
);
