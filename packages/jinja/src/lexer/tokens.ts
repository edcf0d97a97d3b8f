/** Kinds of token; operators are their own text. */
export type TokenKind =
  | "data"
  | "variable_begin"
  | "variable_end"
  | "block_begin"
  | "block_end"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "operator"
  | "eof";

/** Is one token. `text` is the operator, the name, or the text of data and strings; numbers have `number`. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly number: number | bigint;
  readonly offset: number;
}

/** Describes a token in an error message as Jinja2 does. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case "name":
    case "operator":
      return token.text;
    case "variable_end":
      return "end of print statement";
    case "block_end":
      return "end of statement block";
    case "variable_begin":
      return "begin of print statement";
    case "block_begin":
      return "begin of statement block";
    case "data":
      return "template data / text";
    case "eof":
      return "end of template";
    default:
      return token.kind;
  }
}
