import { FILTERS } from "./filters/filters.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { findMethod } from "./methods/methods.ts";
import { BUILTIN_GLOBALS } from "./runtime/globals.ts";
import { Runtime } from "./runtime/runtime.ts";
import { TESTS } from "./tests/tests.ts";
import { readJson } from "./text/json-reader.ts";
import { rememberingStyle, writeJson } from "./text/json-text.ts";

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

/**
 * Parses JSON keeping what JavaScript loses: whole floats (`1.0`) become `Float`, integers beyond 2^53 `bigint`, and an object
 * whose keys JavaScript would reorder becomes a `Map`. Throws `SyntaxError`, also for data nested deeper than 500 levels.
 */
export function parseJson(text: string): unknown {
  return readJson(text);
}

/**
 * Writes a template value (also `Float`, `Markup`, `bigint`, `Map`) as JSON the way Python's `json.dumps` does. Throws
 * `TemplateError` for values that JSON cannot hold.
 */
export function formatJson(value: unknown, options: FormatJsonOptions = {}): string {
  const { indent } = options;
  const level = indent === undefined ? null : typeof indent === "string" ? indent : " ".repeat(indent);
  const compact = options.compact ?? false;
  const style = rememberingStyle({
    sortKeys: options.sortKeys ?? false,
    indent: level,
    ascii: options.ascii ?? true,
    htmlSafe: false,
    itemSeparator: level !== null || compact ? "," : ", ",
    keySeparator: compact ? ":" : ": ",
  });
  return writeJson(new Runtime(UNLIMITED, PLAIN_ENVIRONMENT, undefined), value, style);
}

const UNLIMITED = {
  ...DEFAULT_LIMITS,
  steps: Number.MAX_SAFE_INTEGER,
  allocationBytes: Number.MAX_SAFE_INTEGER,
  milliseconds: 0,
  depth: 500,
};

const PLAIN_ENVIRONMENT = {
  undefinedBehaviour: "lenient",
  autoescape: false,
  findMethod,
  filters: FILTERS,
  tests: TESTS,
  globals: BUILTIN_GLOBALS,
  membersFirst: false,
  jsonPrinting: false,
  load: () => {
    throw new Error("no templates are loaded here");
  },
} as const;
