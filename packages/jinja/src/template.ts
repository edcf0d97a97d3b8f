import { analyseExpression, analyseTemplate } from "./analysis/analyse.ts";
import { compileSingleExpression, compileTemplate } from "./compiler/compile-template.ts";
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
import { Undefined } from "./runtime/values.ts";
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

/** Is a template before it is wrapped in the public interface. */
interface Parts {
  readonly name: string;
  readonly kind: Template["kind"];
  readonly analyse: () => TemplateAnalysis;
  readonly print: Run;
  readonly value: Run;
  readonly stacks: () => ReturnType<typeof stacksOf> | null;
}

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
  return wrap(settings, {
    name: unit.name,
    kind: !/\{[{%#]/.test(source) ? "literal" : single === null ? "text" : "expression",
    analyse: () => analyseTemplate(analysisSettings(settings, unit), body),
    print: compiled.runRoot,
    value: (rt, context) => {
      if (single === null) return compiled.runRoot(rt, context);
      evaluate ??= compileSingleExpression(compileSettings, single);
      return evaluate(rt, context);
    },
    stacks: compiled.blocks.size === 0 ? () => null : () => stacksOf(compiled),
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
  const evaluate = compileSingleExpression({ unit, environment, limits, encode: null }, node);
  return wrap(settings, {
    name: unit.name,
    kind: "expression",
    analyse: () => analyseExpression(analysisSettings(settings, unit), node),
    print: (rt, context) => textOf(rt, evaluate(rt, context)),
    value: evaluate,
    stacks: () => null,
  });
}

function analysisSettings(settings: TemplateSettings, unit: TemplateUnit): Parameters<typeof analyseTemplate>[0] {
  const { filters, tests } = settings.environment;
  return { source: unit.source, hasFilter: (name) => filters.has(name), hasTest: (name) => tests.has(name) };
}

function wrap(settings: TemplateSettings, parts: Parts): Template {
  const { environment, limits } = settings;
  let analysis: TemplateAnalysis | null = null;
  /** Holds the tree of the template, and is let go once the analysis is made. */
  let analyse: (() => TemplateAnalysis) | null = parts.analyse;
  /** Once a template turned out to change host data, it runs on copies from the start. */
  let copies = false;

  const runOnce = (
    run: Run,
    context: Readonly<Record<string, unknown>>,
    options: RenderOptions | undefined,
  ): unknown => {
    const rt = new Runtime(limits, environment, options?.host);
    if (copies) rt.copying = new Map();
    try {
      const top = new Context(environment, parts.name, context);
      top.blocks = parts.stacks();
      return run(rt, top);
    } catch (error) {
      throw explain(error, rt);
    }
  };
  const runTemplate = (
    run: Run,
    context: Readonly<Record<string, unknown>> | undefined,
    options: RenderOptions | undefined,
  ): unknown => {
    try {
      return runOnce(run, context ?? EMPTY, options);
    } catch (error) {
      if (!(error instanceof CopyRequest)) throw error;
      copies = true;
      return runOnce(run, context ?? EMPTY, options);
    }
  };
  const value: Run = (rt, context) => exportValue(rt, parts.value(rt, context));
  const truth: Run = (rt, context) => {
    const result = parts.value(rt, context);
    return !(result instanceof Undefined) && isTrue(result);
  };
  return {
    name: parts.name,
    kind: parts.kind,
    get analysis(): TemplateAnalysis {
      if (analysis === null) {
        analysis = (analyse ?? parts.analyse)();
        analyse = null;
      }
      return analysis;
    },
    render: (context, options) => runTemplate(parts.print, context, options) as string,
    evaluate: (context, options) => runTemplate(value, context, options),
    test: (context, options) => runTemplate(truth, context, options) as boolean,
  };
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
