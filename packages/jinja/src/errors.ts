/** Names the kinds of error a template can end with: Jinja2's and Python's names, and `LimitError` for a spent budget. */
export type TemplateErrorType =
  | "TemplateSyntaxError"
  | "SyntaxError"
  | "TemplateAssertionError"
  | "TemplateNotFound"
  | "TemplatesNotFound"
  | "TemplateRuntimeError"
  | "FilterArgumentError"
  | "UndefinedError"
  | "SecurityError"
  | "LimitError"
  | "TypeError"
  | "ValueError"
  | "KeyError"
  | "IndexError"
  | "AttributeError"
  | "LookupError"
  | "AssertionError"
  | "RuntimeError"
  | "RecursionError"
  | "StopIteration"
  | "UnicodeError"
  | "UnicodeEncodeError"
  | "UnicodeDecodeError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "NotImplementedError";

/** Where an error happened. */
export interface TemplateErrorPlace {
  readonly templateName?: string;
  readonly line?: number;
  readonly column?: number;
  readonly source?: string;
}

/**
 * Is thrown for everything that goes wrong in a template. `message` is the reason alone; `excerpt` shows the line of the
 * template with a caret under the place. Values of the context never appear in it, except the names of missing members.
 */
export class TemplateError extends Error {
  /** Jinja2's or Python's name of the error. */
  readonly type: TemplateErrorType;
  /** Name given to `compile`. */
  templateName: string | undefined;
  /** Line, from 1. */
  line: number | undefined;
  /** Column in UTF-16 units, from 1. */
  column: number | undefined;
  /** The line with a caret under the column, two lines of text; empty when the place is unknown. */
  excerpt: string;

  constructor(type: TemplateErrorType, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TemplateError";
    this.type = type;
    this.excerpt = "";
  }

  /** Fills in the place where it is not known yet; the innermost place wins. */
  locate(place: TemplateErrorPlace): this {
    if (this.line !== undefined || place.line === undefined) return this;
    this.templateName = place.templateName;
    this.line = place.line;
    this.column = place.column;
    this.excerpt = place.source === undefined ? "" : drawExcerpt(place.source, place.line, place.column ?? 1);
    return this;
  }
}

const EXCERPT_WIDTH = 120;

/** Draws one source line with a caret under `column`; long lines are cut around the caret. */
function drawExcerpt(source: string, line: number, column: number): string {
  const text = source.split(/\r\n|\r|\n/)[line - 1] ?? "";
  const start = column > EXCERPT_WIDTH - 20 ? column - 40 : 0;
  const shown = text.slice(start, start + EXCERPT_WIDTH).replace(/\t/g, " ");
  return `${shown}\n${" ".repeat(Math.max(0, column - 1 - start))}^`;
}
