import { TemplateError } from "./errors.ts";

/** Settings of `formatJson`. */
export interface FormatJsonOptions {
  /** Sorts keys by code point. Default false. */
  readonly sortKeys?: boolean;
  /** Spaces per level, or the text of one level; absent writes one line with `", "` and `": "`. */
  readonly indent?: number | string;
  /** Writes characters beyond ASCII as escapes. Default true, as in Python. */
  readonly ascii?: boolean;
  /** Writes without any blank between tokens. Default false. */
  readonly compact?: boolean;
}

/** Parses JSON keeping what JavaScript loses: whole floats become `Float`, large integers `bigint`, and keys keep their order. */
export function parseJson(_text: string): unknown {
  throw new TemplateError("NotImplementedError", "the engine is being built");
}

/** Writes a template value (also `Float`, `bigint`, `Map`) as JSON the way Python's `json.dumps` does. */
export function formatJson(_value: unknown, _options: FormatJsonOptions = {}): string {
  throw new TemplateError("NotImplementedError", "the engine is being built");
}
