import { TemplateError, type TemplateErrorType } from "../errors.ts";
import type { Expr } from "../parser/nodes.ts";
import type { Evaluate } from "../runtime/frame.ts";
import type { RuntimeEnvironment } from "../runtime/runtime.ts";
import { type Place, Runtime } from "../runtime/runtime.ts";
import { locateError, type TemplateUnit } from "../runtime/unit.ts";
import type { EncodeValue, Limits } from "../types.ts";
import type { FunctionScope, Symbols } from "./symbols.ts";

/** Tells whether autoescape is known at compile time; `volatile` when an expression decides it. */
export type Autoescape = boolean | "volatile";

/** Is what the compiler knows about the place where it is. */
export interface Scope {
  readonly symbols: Symbols;
  readonly fn: FunctionScope;
  /** Directly in the template, so that what is set can be imported. */
  readonly toplevel: boolean;
  /** Directly in the template and in no `if`. */
  readonly rootlevel: boolean;
  /** In an `if` or a conditional expression, where unknown filters fail only when they are reached. */
  readonly soft: boolean;
  readonly autoescape: Autoescape;
  /** In a loop of the same function, where `break` is allowed. */
  readonly inLoop: boolean;
  /** Where output is dropped once the template extends another one. */
  readonly checksExtends: boolean;
}

/** Is a compiled expression; `fold` computes it at compile time where that is possible. */
export interface Compiled {
  readonly evaluate: Evaluate;
  readonly fold: (() => unknown) | null;
}

/** Budgets of what is computed at compile time. */
const FOLD_LIMITS = {
  steps: 20_000,
  milliseconds: 0,
  allocationBytes: 1 << 16,
  outputBytes: 1 << 16,
  depth: 30,
  integerBits: 2048,
};

/** Settings of a compilation. */
export interface CompileSettings {
  readonly unit: TemplateUnit;
  readonly environment: RuntimeEnvironment;
  readonly limits: Limits;
  readonly encode: EncodeValue | null;
  /** True for templates that others load, which may import what is set at their top level. */
  readonly exportsVars?: boolean;
}

/** Compiles an expression. */
export type CompileExpression = (state: CompileState, scope: Scope, node: Expr) => Compiled;

const ASCII = /^[\x00-\x7f]*$/;

/** Is the state of one compilation. */
export class CompileState {
  readonly unit: TemplateUnit;
  readonly environment: RuntimeEnvironment;
  readonly encode: EncodeValue | null;
  /** Computes constants. */
  readonly folding: Runtime;
  /** Work of one run of the body that is being compiled, in steps. */
  cost = 0;
  /** True once an `extends` at the root level was seen. */
  knownExtends = false;
  extendsSoFar = 0;
  hasExtends = false;
  hasBlocks = false;
  /** Whether a `break` or `continue` can stand somewhere. */
  readonly leavesLoops: boolean;
  /** True when names set at the top level must also be put into the context. */
  exportsVars = false;
  private readonly compile: CompileExpression;
  private plainSource: boolean | null = null;

  constructor(settings: CompileSettings, compile: CompileExpression) {
    this.unit = settings.unit;
    this.environment = settings.environment;
    this.encode = settings.encode;
    this.compile = compile;
    this.leavesLoops = this.mentions("break") || this.mentions("continue");
    this.folding = new Runtime({ ...settings.limits, ...FOLD_LIMITS }, settings.environment, undefined);
  }

  /** Compiles an expression; goes through here so that the compiler's files need not know each other. */
  compileExpression(scope: Scope, node: Expr): Compiled {
    return this.compile(this, scope, node);
  }

  /**
   * Tells whether a word can stand in the template; where it cannot, nobody needs to look for it in the tree. A name may also be
   * written in other forms of its letters, so that only a source of plain ASCII rules a word out.
   */
  mentions(word: string): boolean {
    if (this.unit.source.includes(word)) return true;
    this.plainSource ??= ASCII.test(this.unit.source);
    return !this.plainSource;
  }

  place(offset: number): Place {
    return { unit: this.unit, offset };
  }

  fail(message: string, offset: number, type: TemplateErrorType = "TemplateSyntaxError"): TemplateError {
    return locateError(new TemplateError(type, message), this.unit, offset);
  }
}
