import { TemplateError, type TemplateErrorType } from "../errors.ts";
import { locateError, type TemplateUnit } from "../runtime/unit.ts";
import { isSpaceCode, skipSpaces, trimEnd } from "../text/characters.ts";
import { reprText } from "../text/repr-text.ts";
import { internName } from "./intern-name.ts";
import { floatLiteral, integerLiteral } from "./number-literal.ts";
import { unescapeLiteral } from "./string-literal.ts";
import type { Token, TokenKind } from "./tokens.ts";

/** Settings of the lexer. */
export interface LexerOptions {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly maxTokens: number;
}

/** Makes line ends uniform and drops the last one unless it is kept. */
export function normalizeSource(source: string, keepTrailingNewline: boolean): string {
  const text = source.includes("\r") ? source.replace(/\r\n|\r/g, "\n") : source;
  return !keepTrailingNewline && text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** Cuts a template into tokens. Comments are gone, raw blocks are data. Throws TemplateSyntaxError. */
export function lexTemplate(unit: TemplateUnit, options: LexerOptions): Token[] {
  return new Lexer(unit, options).lexTemplate();
}

/** Cuts one bare expression into tokens, as if it stood between `{{` and `}}`. */
export function lexExpression(unit: TemplateUnit, maxTokens: number): Token[] {
  return new Lexer(unit, { trimBlocks: false, lstripBlocks: false, maxTokens }).lexExpression();
}

/** Operators of one character by its code. */
const OPERATORS: readonly (string | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const operator = String.fromCharCode(code);
  return "+-/*%~[](){}><=.:|,;".includes(operator) ? operator : undefined;
});
/** What closes each bracket, by the code of the bracket. */
const CLOSERS: ReadonlyMap<number, string> = new Map([
  [40, ")"],
  [91, "]"],
  [123, "}"],
]);
const WORD = /[\p{L}\p{N}_]+/uy;
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const RAW_BEGIN = /[-+]?\s*raw\s*(-%\}\s*|%\})/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*(\+%\}|-%\}|%\})/g;

class Lexer {
  private readonly unit: TemplateUnit;
  private readonly source: string;
  private readonly options: LexerOptions;
  private readonly tokens: Token[] = [];
  /** What closes the brackets that are open in the present tag. */
  private readonly open: string[] = [];
  private index = 0;
  /** Whether the text before `index` ended a line, which decides whether blanks may be stripped. */
  private lineStarting = true;

  constructor(unit: TemplateUnit, options: LexerOptions) {
    this.unit = unit;
    this.source = unit.source;
    this.options = options;
  }

  lexTemplate(): Token[] {
    while (this.index < this.source.length) this.lexData();
    this.push("eof", "", this.source.length);
    return this.tokens;
  }

  lexExpression(): Token[] {
    this.push("variable_begin", "", 0);
    for (;;) {
      this.index = skipSpaces(this.source, this.index);
      if (this.index >= this.source.length) break;
      this.lexOne();
    }
    this.push("variable_end", "", this.source.length);
    this.push("eof", "", this.source.length);
    return this.tokens;
  }

  private push(kind: TokenKind, text: string, offset: number, number: number | bigint = 0): void {
    if (this.tokens.length >= this.options.maxTokens) {
      throw this.error(`the template has more than ${this.options.maxTokens} tokens`, offset, "LimitError");
    }
    this.tokens.push({ kind, text, number, offset });
  }

  private error(message: string, offset: number, type: TemplateErrorType = "TemplateSyntaxError"): TemplateError {
    return locateError(new TemplateError(type, message), this.unit, offset);
  }

  /** Reads text up to the next tag, and the tag. */
  private lexData(): void {
    const { source } = this;
    const start = this.index;
    let begin = source.indexOf("{", start);
    while (begin !== -1) {
      const next = source.charCodeAt(begin + 1);
      if (next === 123 || next === 37 || next === 35) break;
      begin = source.indexOf("{", begin + 1);
    }
    if (begin === -1) {
      this.push("data", source.slice(start), start);
      this.index = source.length;
      return;
    }
    const kind = source.charAt(begin + 1);
    const raw = kind === "%" ? this.matchRaw(begin + 2) : null;
    const sign = source.charAt(begin + 2);
    const text = this.stripBefore(source.slice(start, begin), sign, kind !== "{");
    if (text !== "") this.push("data", text, start);
    this.index = begin + 2 + (sign === "-" || sign === "+" ? 1 : 0);
    this.lineStarting = false;
    if (raw !== null) this.lexRaw(raw);
    else if (kind === "#") this.skipComment(begin);
    else this.lexTag(kind === "{" ? "variable" : "block", begin);
  }

  /** Applies `{%-` and `lstrip_blocks` to the text before a tag. */
  private stripBefore(text: string, sign: string, isBlock: boolean): string {
    if (sign === "-") return trimEnd(text);
    if (sign === "+" || !isBlock || !this.options.lstripBlocks) return text;
    const lineStart = text.lastIndexOf("\n") + 1;
    if (lineStart === 0 && !this.lineStarting) return text;
    return skipSpaces(text, lineStart) === text.length ? text.slice(0, lineStart) : text;
  }

  private matchRaw(offset: number): number | null {
    RAW_BEGIN.lastIndex = offset;
    const match = RAW_BEGIN.exec(this.source);
    if (match === null) return null;
    return match[1]?.startsWith("-") ? skipSpaces(this.source, RAW_BEGIN.lastIndex) : RAW_BEGIN.lastIndex;
  }

  private lexRaw(start: number): void {
    this.lineStarting = this.source.charAt(start - 1) === "\n";
    RAW_END.lastIndex = start;
    const match = RAW_END.exec(this.source);
    if (match === null) {
      // Jinja2 lets a block that opens at the very end of a template stand.
      if (start < this.source.length) throw this.error("Missing end of raw directive", start);
      this.index = start;
      return;
    }
    const text = this.stripBefore(this.source.slice(start, match.index), match[1] ?? "", true);
    if (text !== "") this.push("data", text, start);
    this.index = this.afterBlock(RAW_END.lastIndex, (match[2] ?? "").charAt(0));
    this.lineStarting = this.source.charAt(this.index - 1) === "\n";
  }

  private skipComment(begin: number): void {
    const { source } = this;
    const end = source.indexOf("#}", this.index);
    if (end === -1) {
      if (this.index < source.length) throw this.error("Missing end of comment tag", begin);
      return;
    }
    const sign = end > this.index ? this.source.charAt(end - 1) : "";
    this.index = this.afterBlock(end + 2, sign);
    this.lineStarting = this.source.charAt(this.index - 1) === "\n";
  }

  /** Gives the offset behind the end of a block or comment, with the white space it swallows. */
  private afterBlock(offset: number, sign: string): number {
    if (sign === "-") return skipSpaces(this.source, offset);
    if (sign !== "+" && this.options.trimBlocks && this.source.charAt(offset) === "\n") return offset + 1;
    return offset;
  }

  private lexTag(kind: "variable" | "block", begin: number): void {
    const { source, open } = this;
    open.length = 0;
    this.push(kind === "variable" ? "variable_begin" : "block_begin", "", begin);
    for (;;) {
      if (open.length === 0) {
        const end = this.endOfTag(kind);
        if (end !== -1) {
          this.push(kind === "variable" ? "variable_end" : "block_end", "", this.index);
          this.index = end;
          this.lineStarting = source.charAt(end - 1) === "\n";
          return;
        }
      }
      if (this.index >= source.length) return;
      if (isSpaceCode(source.charCodeAt(this.index))) this.index = skipSpaces(source, this.index);
      else this.lexOne();
    }
  }

  /** Gives the offset behind the end of the tag when it ends here, else -1. */
  private endOfTag(kind: "variable" | "block"): number {
    const { index } = this;
    if (this.closes(kind, index)) return kind === "block" ? this.afterBlock(index + 2, "") : index + 2;
    const code = this.source.charCodeAt(index);
    if (code === 45 && this.closes(kind, index + 1)) return skipSpaces(this.source, index + 3);
    return code === 43 && kind === "block" && this.closes(kind, index + 1) ? index + 3 : -1;
  }

  /** Tells whether `}}` or `%}` stands at an offset. */
  private closes(kind: "variable" | "block", offset: number): boolean {
    const { source } = this;
    return source.charCodeAt(offset) === (kind === "variable" ? 125 : 37) && source.charCodeAt(offset + 1) === 125;
  }

  /** Reads one token inside a tag. */
  private lexOne(): void {
    const code = this.source.charCodeAt(this.index);
    if (code >= 48 && code <= 57) {
      this.lexNumber();
      return;
    }
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) {
      this.lexName();
      return;
    }
    if (code === 39 || code === 34) {
      this.lexString(code === 39 ? "'" : '"');
      return;
    }
    if (code > 127) {
      this.lexWideName();
      return;
    }
    this.lexOperator(code);
  }

  private lexName(): void {
    const { source } = this;
    let end = this.index + 1;
    for (; end < source.length; end++) {
      const code = source.charCodeAt(end);
      if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57))
        continue;
      if (code > 127) {
        this.lexWideName();
        return;
      }
      break;
    }
    this.push("name", internName(source.slice(this.index, end)), this.index);
    this.index = end;
  }

  private lexWideName(): void {
    WORD.lastIndex = this.index;
    const match = WORD.exec(this.source);
    if (match === null) throw this.unexpected();
    if (!IDENTIFIER.test(match[0])) throw this.error("Invalid character in identifier", this.index);
    this.push("name", internName(match[0].normalize("NFKC")), this.index);
    this.index += match[0].length;
  }

  private lexNumber(): void {
    const previous = this.source.charAt(this.index - 1);
    const float = previous === "." ? null : floatLiteral(this.source, this.index);
    if (float !== null) {
      this.push("float", "", this.index, float.value);
      this.index = float.end;
      return;
    }
    const integer = integerLiteral(this.source, this.index);
    if (integer === null) throw this.error("the number has more than 4300 digits", this.index, "ValueError");
    this.push("integer", "", this.index, integer.value);
    this.index = integer.end;
  }

  private lexString(quote: string): void {
    const { source, index } = this;
    let end = source.indexOf(quote, index + 1);
    if (end === -1) throw this.unexpected();
    let text = source.slice(index + 1, end);
    if (text.includes("\\")) {
      end = this.endOfString(quote);
      text = this.unescape(source.slice(index + 1, end));
    }
    this.push("string", internName(text), index);
    this.index = end + 1;
  }

  /** Finds the quote that ends a string with escapes. */
  private endOfString(quote: string): number {
    const { source } = this;
    let end = this.index + 1;
    while (end < source.length && source.charAt(end) !== quote) end += source.charAt(end) === "\\" ? 2 : 1;
    if (end >= source.length) throw this.unexpected();
    return end;
  }

  private unescape(body: string): string {
    try {
      return unescapeLiteral(body);
    } catch (error) {
      throw this.error((error as Error).message, this.index);
    }
  }

  private lexOperator(code: number): void {
    const { index, open } = this;
    const two = longOperator(code, this.source.charCodeAt(index + 1));
    if (two !== null) {
      this.push("operator", two, index);
      this.index = index + 2;
      return;
    }
    const one = OPERATORS[code];
    if (one === undefined) throw this.unexpected();
    const closer = CLOSERS.get(code);
    if (closer !== undefined) open.push(closer);
    else if (one === ")" || one === "]" || one === "}") {
      const expected = open.pop();
      if (expected === undefined) throw this.error(`unexpected '${one}'`, index);
      if (expected !== one) throw this.error(`unexpected '${one}', expected '${expected}'`, index);
    }
    this.push("operator", one, index);
    this.index = index + 1;
  }

  private unexpected(): TemplateError {
    const character = String.fromCodePoint(this.source.codePointAt(this.index) as number);
    return this.error(`unexpected char ${reprText(character)} at ${this.index}`, this.index);
  }
}

/** Gives the operator of two characters that two codes make. */
function longOperator(code: number, next: number): string | null {
  if (next === 61) return code === 61 ? "==" : code === 33 ? "!=" : code === 62 ? ">=" : code === 60 ? "<=" : null;
  return code !== next ? null : code === 47 ? "//" : code === 42 ? "**" : null;
}
