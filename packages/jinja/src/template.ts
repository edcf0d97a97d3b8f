import { analyseExpression, analyseTemplate } from "./analysis/analyse.ts";
import { compilePath, type ReadPath } from "./compiler/compile-path.ts";
import { type CompiledTemplate, compileSingleExpression, compileTemplate } from "./compiler/compile-template.ts";
import { TemplateError } from "./errors.ts";
import { lexExpression, lexTemplate, normalizeSource } from "./lexer/lex.ts";
import type { Expr, Statement } from "./parser/nodes.ts";
import { parseBareExpression, parseTemplate } from "./parser/parse-template.ts";
import { Context, stacksOf } from "./runtime/context.ts";
import { CopyRequest } from "./runtime/copy.ts";
import { exportValue } from "./runtime/export.ts";
import { isTrue } from "./runtime/iterate.ts";
import { textOf } from "./runtime/repr.ts";
import type { RuntimeEnvironment } from "./runtime/runtime.ts";
import { Runtime } from "./runtime/runtime.ts";
import { locateError, type TemplateUnit } from "./runtime/unit.ts";
import { MISSING, Undefined } from "./runtime/values.ts";
import type { CompileOptions, EncodeValue, Limits, RenderOptions, Template, TemplateAnalysis } from "./types.ts";

/** Is what the templates of an environment share. */
export interface TemplateSettings {
  readonly environment: RuntimeEnvironment;
  readonly limits: Limits;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly encode: EncodeValue | null;
}

/** Runs in a context and gives a value. */
type Run = (rt: Runtime, context: Context) => unknown;

/**
 * Is a template before it is wrapped in the public interface. Its functions get names before they are put here: V8 allocates a
 * function that is written right into a property in the old space, where it would keep all of its template alive until the next
 * full collection. Half the time of compiling was spent on that.
 */
interface Parts {
  readonly name: string;
  readonly kind: Template["kind"];
  readonly analyse: () => TemplateAnalysis;
  readonly print: Run;
  readonly value: Run;
  /** Answers in most cases what `value` does, where the template is a path and nothing else. */
  readonly path: ReadPath | null;
  readonly blocks: CompiledTemplate["blocks"];
}

const NO_BLOCKS: CompiledTemplate["blocks"] = new Map();

const EMPTY: Readonly<Record<string, unknown>> = Object.freeze({});

/** Names a template and makes its source uniform. Throws when it is larger than the limit. */
export function makeUnit(settings: TemplateSettings, source: string, name: string | undefined): TemplateUnit {
  const shown = name ?? "<template>";
  if (source.length > settings.limits.sourceBytes) {
    throw new TemplateError(
      "LimitError",
      `the template '${shown}' is longer than ${settings.limits.sourceBytes} characters`,
    );
  }
  return { name: shown, source: normalizeSource(source, settings.keepTrailingNewline) };
}

function lexerOptions(settings: TemplateSettings): Parameters<typeof lexTemplate>[1] {
  const { trimBlocks, lstripBlocks, limits } = settings;
  return { trimBlocks, lstripBlocks, maxTokens: limits.sourceTokens };
}

/** Parses a template. */
export function parseSource(settings: TemplateSettings, unit: TemplateUnit): readonly Statement[] {
  return guardParser(unit, () =>
    parseTemplate(unit, lexTemplate(unit, lexerOptions(settings)), settings.limits.sourceDepth),
  );
}

/** Turns a stack overflow of the parser into an error of the template; the limit of nesting should come first. */
function guardParser<T>(unit: TemplateUnit, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError)
      throw locateError(new TemplateError("TemplateSyntaxError", "the template is nested too deeply"), unit, 0);
    throw error;
  }
}

/** Compiles a template. */
export function makeTemplate(settings: TemplateSettings, source: string, options: CompileOptions): Template {
  const unit = makeUnit(settings, source, options.name);
  const encode = options.encode ?? settings.encode;
  const body = parseSource(settings, unit);
  const compileSettings = { unit, environment: settings.environment, limits: settings.limits, encode };
  const compiled = guardParser(unit, () => compileTemplate(compileSettings, body));
  const single = singleExpression(source, body);
  let evaluate: Run | null = null;
  const analyse = (): TemplateAnalysis => analyseTemplate(analysisSettings(settings, unit), body);
  const evaluateSingle: Run = (rt, context) => {
    evaluate ??= compileSingleExpression(compileSettings, single as Expr);
    return evaluate(rt, context);
  };
  return new PreparedTemplate(settings, {
    name: unit.name,
    kind: !/\{[{%#]/.test(source) ? "literal" : single === null ? "text" : "expression",
    analyse,
    print: compiled.runRoot,
    value: single === null ? compiled.runRoot : evaluateSingle,
    path: single === null ? null : compilePath(settings.environment, single),
    blocks: compiled.blocks,
  });
}

/** Gives the expression of a template that is exactly one interpolation from its first to its last character. */
function singleExpression(source: string, body: readonly Statement[]): Expr | null {
  const [only] = body;
  if (!source.startsWith("{{") || !source.endsWith("}}") || body.length !== 1 || only?.kind !== "output") return null;
  const [item] = only.items;
  return only.items.length !== 1 || item === undefined || typeof item === "string" ? null : item;
}

/** Compiles a bare expression. */
export function makeExpression(settings: TemplateSettings, source: string, options: CompileOptions): Template {
  const unit = makeUnit(settings, source, options.name);
  const { environment, limits } = settings;
  const node = guardParser(unit, () =>
    parseBareExpression(unit, lexExpression(unit, limits.sourceTokens), limits.sourceDepth),
  );
  const value = compileSingleExpression({ unit, environment, limits, encode: null }, node);
  const analyse = (): TemplateAnalysis => analyseExpression(analysisSettings(settings, unit), node);
  const print: Run = (rt, context) => textOf(rt, value(rt, context));
  return new PreparedTemplate(settings, {
    name: unit.name,
    kind: "expression",
    analyse,
    print,
    value,
    path: compilePath(environment, node),
    blocks: NO_BLOCKS,
  });
}

function analysisSettings(settings: TemplateSettings, unit: TemplateUnit): Parameters<typeof analyseTemplate>[0] {
  const { filters, tests } = settings.environment;
  return { source: unit.source, hasFilter: (name) => filters.has(name), hasTest: (name) => tests.has(name) };
}

/** Is a template as its callers see it. */
class PreparedTemplate implements Template {
  readonly name: string;
  readonly kind: Template["kind"];
  readonly render: Template["render"];
  readonly evaluate: Template["evaluate"];
  readonly test: Template["test"];
  private readonly settings: TemplateSettings;
  readonly blocks: CompiledTemplate["blocks"];
  /** The analysis, or what makes it; that holds the tree of the template, and is let go once the analysis is made. */
  private known: TemplateAnalysis | (() => TemplateAnalysis);
  /** Once a template turned out to change host data, it runs on copies from the start. */
  private copies = false;

  constructor(settings: TemplateSettings, parts: Parts) {
    this.name = parts.name;
    this.kind = parts.kind;
    this.settings = settings;
    this.blocks = parts.blocks;
    this.known = parts.analyse;
    const { print, value, path } = parts;
    const native: Run = (rt, context) => exportValue(rt, value(rt, context));
    const truth: Run = (rt, context) => {
      const result = value(rt, context);
      return !(result instanceof Undefined) && isTrue(result);
    };
    // By way of names, see `Parts`.
    const render: Template["render"] = (context, options) => this.run(print, context, options) as string;
    const evaluate: Template["evaluate"] = (context, options) => {
      const found = path === null || context === undefined ? MISSING : path(context);
      return found === MISSING ? this.run(native, context, options) : found;
    };
    const test: Template["test"] = (context, options) => this.run(truth, context, options) as boolean;
    this.render = render;
    this.evaluate = evaluate;
    this.test = test;
  }

  get analysis(): TemplateAnalysis {
    if (typeof this.known === "function") this.known = this.known();
    return this.known;
  }

  private run(
    run: Run,
    context: Readonly<Record<string, unknown>> | undefined,
    options: RenderOptions | undefined,
  ): unknown {
    try {
      return this.runOnce(run, context ?? EMPTY, options);
    } catch (error) {
      if (!(error instanceof CopyRequest)) throw error;
      this.copies = true;
      return this.runOnce(run, context ?? EMPTY, options);
    }
  }

  private runOnce(run: Run, context: Readonly<Record<string, unknown>>, options: RenderOptions | undefined): unknown {
    const { environment, limits } = this.settings;
    const rt = new Runtime(limits, environment, options?.host);
    if (this.copies) rt.copying = new Map();
    try {
      const top = new Context(environment, this.name, context);
      if (this.blocks.size > 0) top.blocks = stacksOf(this);
      return run(rt, top);
    } catch (error) {
      throw explain(error, rt);
    }
  }
}

/** Gives an error its place and turns failures of the machine into errors of the template. */
function explain(error: unknown, rt: Runtime): unknown {
  if (error instanceof CopyRequest) return error;
  const known = error instanceof TemplateError ? error : machineError(error);
  if (known === null) return error;
  return rt.at === null ? known : locateError(known, rt.at.unit, rt.at.offset);
}

function machineError(error: unknown): TemplateError | null {
  if (!(error instanceof RangeError)) return null;
  return /call stack/i.test(error.message)
    ? new TemplateError("RecursionError", "nested too deeply", { cause: error })
    : new TemplateError("LimitError", "a value is larger than the machine can hold", { cause: error });
}
