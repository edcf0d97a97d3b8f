import type { Token } from "../lexer/tokens.ts";
import type { TemplateUnit } from "../runtime/unit.ts";
import { trimBoth } from "../text/characters.ts";
import { reprText } from "../text/repr-text.ts";
import type { BlockNode, CallNode, Expr, FilterNode, ForNode, IfNode, Parameter, Statement, Target } from "./nodes.ts";
import { parseExpression, parseFilter, parseTuple } from "./parse-expression.ts";
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

const RESERVED: ReadonlySet<string> = new Set(["true", "false", "none", "True", "False", "None"]);

class StatementParser {
  private readonly stream: TokenStream;
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
    const target = this.parseTarget({ withNamespace: true });
    if (stream.skipOperator("=")) return { kind: "set", target, value: parseTuple(stream), offset };
    const filter = parseFilter(stream, null, false) as FilterNode | null;
    return { kind: "set block", target, filter, body: this.parseBlockBody(["endset"], true), offset };
  }

  parseFor(): ForNode {
    const { stream } = this;
    const { offset } = stream.next();
    const target = this.parseTarget({ endName: "in" });
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
      targets.push(this.parseTarget({}));
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

  parseExtends(): Statement {
    const { offset } = this.stream.next();
    return { kind: "extends", template: parseExpression(this.stream), offset };
  }

  parseInclude(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const template = parseExpression(stream);
    const ignoreMissing = stream.isName("ignore") && stream.look().text === "missing";
    if (ignoreMissing) {
      stream.next();
      stream.next();
    }
    return { kind: "include", template, ignoreMissing, withContext: this.parseContextWord() ?? true, offset };
  }

  /** Parses `with context` or `without context`. */
  private parseContextWord(): boolean | null {
    const { stream } = this;
    const ahead = stream.look();
    if (!(stream.isName("with") || stream.isName("without")) || ahead.kind !== "name" || ahead.text !== "context")
      return null;
    const withContext = stream.next().text === "with";
    stream.next();
    return withContext;
  }

  parseImport(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const template = parseExpression(stream);
    stream.expectName("as");
    const target = this.parseName();
    return { kind: "import", template, target, withContext: this.parseContextWord() ?? false, offset };
  }

  parseFromImport(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const template = parseExpression(stream);
    stream.expectName("import");
    const names: { name: string; alias: string }[] = [];
    let withContext: boolean | null = null;
    for (;;) {
      if (names.length > 0) stream.expectOperator(",");
      if (stream.current.kind !== "name") stream.expect("name");
      withContext = this.parseContextWord();
      if (withContext !== null) break;
      const place = stream.current.offset;
      const name = this.parseName();
      if (name.startsWith("_")) throw stream.error("names starting with an underline can not be imported", place);
      names.push({ name, alias: stream.skipName("as") ? this.parseName() : name });
      withContext = this.parseContextWord();
      if (withContext !== null || !stream.isOperator(",")) break;
    }
    return { kind: "from import", template, names, withContext: withContext ?? false, offset };
  }

  parseMacro(): Statement {
    const { offset } = this.stream.next();
    const name = this.parseName();
    const parameters = this.parseSignature();
    return { kind: "macro", name, parameters, body: this.parseBlockBody(["endmacro"], true), offset };
  }

  parseCallBlock(): Statement {
    const { stream } = this;
    const { offset } = stream.next();
    const parameters = stream.isOperator("(") ? this.parseSignature() : [];
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

  private parseSignature(): Parameter[] {
    const { stream } = this;
    const parameters: Parameter[] = [];
    stream.expectOperator("(");
    while (!stream.isOperator(")")) {
      if (parameters.length > 0) stream.expectOperator(",");
      const place = stream.current.offset;
      const name = this.parseName();
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

  /** Parses a name that is assigned to. */
  private parseName(): string {
    const token = this.stream.expect("name");
    this.checkName(token.text, token.offset);
    return token.text;
  }

  private checkName(name: string, offset: number): void {
    if (RESERVED.has(name)) throw this.stream.error(`can't assign to ${reprText("name")}`, offset);
  }

  private parseTarget(options: { readonly withNamespace?: boolean; readonly endName?: string }): Target {
    const { stream } = this;
    const ahead = stream.look();
    if (options.withNamespace === true && ahead.kind === "operator" && ahead.text === ".") {
      const token = stream.expect("name");
      stream.next();
      return {
        kind: "namespace target",
        name: token.text,
        attribute: stream.expect("name").text,
        offset: token.offset,
      };
    }
    const target = parseTuple(stream, {
      simple: true,
      ...(options.endName === undefined ? {} : { endName: options.endName }),
    });
    this.checkTarget(target);
    return target as Target;
  }

  private checkTarget(target: Expr): void {
    if (target.kind === "tuple") for (const item of target.items) this.checkTarget(item);
    else if (target.kind !== "name") throw this.stream.error(`can't assign to '${target.kind}'`, target.offset);
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
    extends: (parser: StatementParser) => parser.parseExtends(),
    include: (parser: StatementParser) => parser.parseInclude(),
    import: (parser: StatementParser) => parser.parseImport(),
    from: (parser: StatementParser) => parser.parseFromImport(),
    macro: (parser: StatementParser) => parser.parseMacro(),
    call: (parser: StatementParser) => parser.parseCallBlock(),
    filter: (parser: StatementParser) => parser.parseFilterBlock(),
    print: (parser: StatementParser) => parser.parsePrint(),
    do: (parser: StatementParser) => parser.parseDo(),
    break: (parser: StatementParser) => parser.parseLoopControl("break"),
    continue: (parser: StatementParser) => parser.parseLoopControl("continue"),
  },
);
