/**
 * The public shapes of the package. The life of a template:
 *
 *   source ─► lex ─► parse ─► analyse ─► compile to closures ─► render(context) ─► text
 *                                                            └► evaluate(context) ─► native value
 *
 * Host values. A context is plain JSON data, read in place and never copied or changed:
 *
 *   JavaScript                             in a template
 *   null / true, false / string            None / True, False / str
 *   number: safe integer / any other       int / float (1.5, 1e300, NaN)
 *   bigint                                 int of any size
 *   Float (class of this package)          float with a whole value, such as 1.0
 *   array                                  list
 *   object (prototype Object or null)      dict with string keys in insertion order; own properties only
 *   Map                                    dict with keys of any kind, in insertion order
 *   Uint8Array                             bytes
 *   Markup, HostFunction (this package)    text that is already safe; callable of the host
 *   undefined, or a missing member         undefined
 *   anything else (functions, dates …)     cannot be read: SecurityError when a template touches it
 */

/** Names the way undefined values behave, as in Jinja2: `Undefined`, `StrictUndefined`, `ChainableUndefined`. */
export type UndefinedMode = "lenient" | "strict" | "chainable";

/** Finds the source of a template that `include`, `import` or `extends` names; `undefined` when there is none. */
export type TemplateLoader = (name: string) => string | undefined;

/** Bounds what one render may do; every bound is checked before the work is done. All are per render. */
export interface Limits {
  /** Units of work: one is about one node of the template or one element handled. Default 500,000. */
  readonly steps: number;
  /**
   * Milliseconds of computing (CPU time of the thread where the host can tell it, else wall time), looked at every 10,000 steps
   * or so; 0 switches it off. Default 50.
   */
  readonly milliseconds: number;
  /** UTF-16 units of text that the template may print. Default 4 Mi. */
  readonly outputBytes: number;
  /** Uint8Array of intermediate values (strings, lists, integers), counted cumulatively. Default 16 Mi. */
  readonly allocationBytes: number;
  /** Nesting of macro calls, recursive loops, includes and of printed data. Default 100. */
  readonly depth: number;
  /** Bits of one integer. Default 65,536. */
  readonly integerBits: number;
  /** UTF-16 units of a template's source. Default 512 Ki. */
  readonly sourceBytes: number;
  /** Tokens of a template's source. Default 20,000. */
  readonly sourceTokens: number;
  /** Nesting of expressions and statements in a template's source. Default 80. */
  readonly sourceDepth: number;
}

/** Departures from Python's value semantics, for templates inside JSON documents. All are off by default. */
export interface ValueSemantics {
  /**
   * A member, operator, filter or call applied to undefined yields undefined instead of an error. `default`, tests, `and`, `or`,
   * `not`, `if` and comparison by test see the undefined value itself.
   */
  readonly propagateUndefined?: boolean;
  /** `data.items` is the member `items` when the object has one, and the method only when it has none. */
  readonly membersFirst?: boolean;
  /**
   * Text shows true and false as JSON does, and nothing for null; a list, object or undefined value in text is an error
   * (`TypeError`, `UndefinedError`).
   */
  readonly jsonPrinting?: boolean;
}

/** Says what a host function may cost; charged before the call is made. */
export interface HostBudget {
  /** Steps per call. Default 20. */
  readonly steps?: number;
  /** Further steps per started 64 bytes of arguments. Default 1. */
  readonly stepsPer64Bytes?: number;
  /** Largest total size of the arguments in bytes (a string counts its UTF-16 units). Default 1 Mi. */
  readonly inputBytes?: number;
  /** Uint8Array charged as allocated per byte of arguments. Default 2. */
  readonly growth?: number;
}

/** What a host function is told about the call beside its arguments. */
export interface HostCall {
  /** Name under which the function, filter or test was called. */
  readonly name: string;
  /** The `host` value given to `render` or `evaluate`; state of one call, such as its secrets. */
  readonly host: unknown;
  /** Whether autoescape is on at this place of the template. */
  readonly autoescape: boolean;
  /** Charges `bytes` of allocation; throws when the budget is spent. Call it before building a large result. */
  readonly allocate: (bytes: number) => void;
  /** Charges `steps` of work; throws when the budget is spent. */
  readonly spend: (steps: number) => void;
}

/** A host function, filter (its first argument is the value) or test (its result is read as true or false). */
export interface HostCallable {
  /**
   * Does the work, synchronously. Arguments are native JSON values (undefined stays undefined, whole floats become numbers);
   * the result is taken as host data. A thrown `TemplateError` keeps its type, any other error becomes `TemplateRuntimeError`.
   */
  readonly call: (args: readonly unknown[], named: Readonly<Record<string, unknown>>, call: HostCall) => unknown;
  /** Cost of a call. */
  readonly budget?: HostBudget;
  /** `"native"` (default) hands over JSON values; `"template"` the template's own, with `Float`, `Markup`, `Map` kept. */
  readonly values?: "native" | "template";
  /** With `propagateUndefined`: true when the callable wants to see undefined itself instead of being skipped. */
  readonly seesUndefined?: boolean;
}

/** Encodes one interpolated value; `undefined` leaves it to ordinary printing. */
export type EncodeValue = (value: unknown, safe: boolean) => string | undefined;

/** Settings of an environment; every member has Jinja2's default. */
export interface EnvironmentOptions {
  /** Escapes `& < > " '` in what is interpolated, unless it is marked safe. Default false. */
  readonly autoescape?: boolean;
  /** Default `"lenient"`. */
  readonly undefined?: UndefinedMode;
  /** Removes the first line end after a block. Default false. */
  readonly trimBlocks?: boolean;
  /** Removes blanks before a block at the start of a line. Default false. */
  readonly lstripBlocks?: boolean;
  /** Keeps one line end at the end of the source. Default false. */
  readonly keepTrailingNewline?: boolean;
  /** Gives the source of other templates; without one `include`, `import` and `extends` fail with a `TypeError`. */
  readonly loader?: TemplateLoader;
  /** Replaces single limits; the others keep their defaults. */
  readonly limits?: Partial<Limits>;
  /** Host functions by name, callable from every template. */
  readonly functions?: Readonly<Record<string, HostCallable>>;
  /** Host filters by name; they win over built-in ones. */
  readonly filters?: Readonly<Record<string, HostCallable>>;
  /** Host tests by name; they win over built-in ones. */
  readonly tests?: Readonly<Record<string, HostCallable>>;
  /** Plain values that every template sees; a context member of the same name wins. */
  readonly globals?: Readonly<Record<string, unknown>>;
  /** Value semantics for templates inside JSON documents. */
  readonly semantics?: ValueSemantics;
  /**
   * Encodes each interpolation of a text template for the place where the text lands (a path segment, XML …). It gets the value
   * as `evaluate` would give it (undefined, null and lists included, before any rule of `jsonPrinting`), and whether the template
   * marked it `safe`; whether that mark counts is the place's decision. Returning `undefined` falls back to ordinary printing.
   */
  readonly encode?: EncodeValue;
}

/** Settings of one compilation. */
export interface CompileOptions {
  /** Name shown in errors. Default `<template>`. */
  readonly name?: string;
  /** Replaces the environment's `encode` for this template, so that one environment serves every place. */
  readonly encode?: EncodeValue;
}

/** Settings of one render. */
export interface RenderOptions {
  /** Handed to host functions as `call.host`. */
  readonly host?: unknown;
}

/** Creates templates that share settings; safe to share and to keep for the life of a process. */
export interface Environment {
  /** Compiles a template. Throws `TemplateError` of type `TemplateSyntaxError` (or `TemplateAssertionError`: unknown filter). */
  readonly compile: (source: string, options?: CompileOptions) => Template;
  /** Compiles one bare expression, without `{{ }}`, as a template of kind `expression`. */
  readonly compileExpression: (source: string, options?: CompileOptions) => Template;
}

/** A compiled template: immutable, and without state between renders. */
export interface Template {
  readonly name: string;
  /**
   * `literal`: no `{{`, `{%` or `{#`, so the text is what it is; `expression`: exactly one `{{ … }}` from first to last
   * character; `text`: anything else.
   */
  readonly kind: "literal" | "expression" | "text";
  /** What the template reads and calls, with positions. */
  readonly analysis: TemplateAnalysis;
  /** Renders to text. Throws `TemplateError`. */
  readonly render: (context?: Readonly<Record<string, unknown>>, options?: RenderOptions) => string;
  /**
   * Gives the native value of a template of kind `expression`: JSON values, `undefined` when it is undefined, a `bigint` for an
   * integer beyond 2^53. Host objects and lists come back as the very objects that went in: treat them as read-only. A template
   * of another kind gives its text.
   */
  readonly evaluate: (context?: Readonly<Record<string, unknown>>, options?: RenderOptions) => unknown;
  /** Evaluates and applies Python's truth rules; undefined is false, also with `undefined: "strict"`. */
  readonly test: (context?: Readonly<Record<string, unknown>>, options?: RenderOptions) => boolean;
}

/** A place in a template's source; both count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A free variable read as a whole or through members: `input['a'].b[0]` is root `input`, path `["a", "b", 0]`. */
export interface PathRead extends Position {
  /** Name of the free variable: a context root, or a host function or global. */
  readonly root: string;
  /** Literal members in order, up to the first computed one. */
  readonly path: readonly (string | number)[];
  /** True when a computed member (`input[name]`, a slice) follows the path. */
  readonly computed: boolean;
  /** True when the path is called, as `secret` in `secret('x')`. */
  readonly called: boolean;
}

/** A call of a free name, `secret('token')` or `now()`. Calls of members (`user.get('x')`) are not listed here. */
export interface CallRead extends Position {
  readonly name: string;
  /** Positional arguments; a computed one is `{ literal: false }`. */
  readonly args: readonly ArgumentRead[];
  /** Named arguments. */
  readonly named: Readonly<Record<string, ArgumentRead>>;
  /** True when `*args` or `**kwargs` hide arguments. */
  readonly spread: boolean;
}

/** An argument as far as it is known without running the template. */
export type ArgumentRead = { readonly literal: true; readonly value: unknown } | { readonly literal: false };

/** A filter or test by name. */
export interface NamedUse extends Position {
  readonly name: string;
  /** False when neither the package nor the host offers it; rendering then fails where it is reached. */
  readonly known: boolean;
  /** Positional arguments behind the value. */
  readonly args: readonly ArgumentRead[];
}

/** What a template reads, found without running it. Names bound inside the template (`set`, `for`, macros …) are not listed. */
export interface TemplateAnalysis {
  /** Distinct names of free variables, in order of first appearance. */
  readonly roots: readonly string[];
  /** Every read of a free variable, in order of appearance. */
  readonly reads: readonly PathRead[];
  /** Every call of a free name. */
  readonly calls: readonly CallRead[];
  readonly filters: readonly NamedUse[];
  readonly tests: readonly NamedUse[];
  /** Names of templates that it includes, imports or extends; `{ literal: false }` when computed. */
  readonly templates: readonly ArgumentRead[];
}
