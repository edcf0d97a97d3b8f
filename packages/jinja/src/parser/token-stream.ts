import { TemplateError, type TemplateErrorType } from "../errors.ts";
import { describeToken, type Token, type TokenKind } from "../lexer/tokens.ts";
import { locateError, type TemplateUnit } from "../runtime/unit.ts";

/** Longest chain of operators, filters or members in a row. */
const MAX_CHAIN = 500;

/** Walks over tokens; looks ahead by one. */
export class TokenStream {
  readonly unit: TemplateUnit;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;
  private readonly maxDepth: number;
  current: Token;

  constructor(unit: TemplateUnit, tokens: readonly Token[], maxDepth: number) {
    this.unit = unit;
    this.tokens = tokens;
    this.maxDepth = maxDepth;
    this.current = tokens[0] as Token;
  }

  /** Goes on by one token and gives the one that was left. */
  next(): Token {
    const token = this.current;
    if (token.kind !== "eof") this.current = this.tokens[++this.index] as Token;
    return token;
  }

  /** Gives the token behind the current one. */
  look(): Token {
    return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)] as Token;
  }

  isOperator(text: string): boolean {
    return this.current.kind === "operator" && this.current.text === text;
  }

  isName(text: string): boolean {
    return this.current.kind === "name" && this.current.text === text;
  }

  skipOperator(text: string): boolean {
    const found = this.isOperator(text);
    if (found) this.next();
    return found;
  }

  skipName(text: string): boolean {
    const found = this.isName(text);
    if (found) this.next();
    return found;
  }

  expectOperator(text: string): Token {
    if (!this.isOperator(text)) throw this.unexpected(text);
    return this.next();
  }

  expectName(text: string): Token {
    if (!this.isName(text)) throw this.unexpected(text);
    return this.next();
  }

  expect(kind: TokenKind): Token {
    if (this.current.kind !== kind) throw this.unexpected(describeToken({ kind, text: "name", number: 0, offset: 0 }));
    return this.next();
  }

  private unexpected(expected: string): TemplateError {
    if (this.current.kind === "eof") return this.error(`unexpected end of template, expected '${expected}'.`);
    return this.error(`expected token '${expected}', got '${describeToken(this.current)}'`);
  }

  error(
    message: string,
    offset: number = this.current.offset,
    type: TemplateErrorType = "TemplateSyntaxError",
  ): TemplateError {
    return locateError(new TemplateError(type, message), this.unit, offset);
  }

  /** Checks the length of a chain such as `a + b + c` or `a.b.c`, which nests to the left. */
  checkChain(length: number): void {
    if (length > MAX_CHAIN) throw this.error(`the expression has a chain of more than ${MAX_CHAIN} parts`);
  }

  /** Goes one level deeper, refusing sources that are nested deeper than the limit; pair it with `leave`. */
  enter(): void {
    if (++this.depth > this.maxDepth) throw this.error(`the template is nested more than ${this.maxDepth} levels deep`);
  }

  /** Comes back from one level. */
  leave(): void {
    this.depth--;
  }
}
