import type { TemplateError } from "../errors.ts";

/** Is the source that a piece of compiled code comes from; errors name it. */
export interface TemplateUnit {
  readonly name: string;
  readonly source: string;
}

/** Translates an offset into line and column, both from 1. */
export function positionAt(source: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let next = source.indexOf("\n"); next !== -1 && next < offset; next = source.indexOf("\n", start)) {
    line++;
    start = next + 1;
  }
  return { line, column: offset - start + 1 };
}

/** Gives an error its place. */
export function locateError(error: TemplateError, unit: TemplateUnit, offset: number): TemplateError {
  return error.locate({ templateName: unit.name, source: unit.source, ...positionAt(unit.source, offset) });
}
