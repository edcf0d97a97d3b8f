import { createEnvironment, type Environment, parseJson, TemplateError, type UndefinedMode } from "@junctor/jinja";
import { CliFailure } from "./cli-failure.ts";

/** What one line gives. */
export type Evaluated =
  | { readonly output: string }
  | {
      readonly error: {
        readonly type: string;
        readonly message: string;
        readonly line: number | null;
        readonly column: number | null;
      };
    };

const MODES: Readonly<Record<string, UndefinedMode>> = {
  lenient: "lenient",
  default: "lenient",
  strict: "strict",
  chainable: "chainable",
};

/**
 * Makes the function that renders one line of `template eval`. Values keep what JavaScript would lose (`1.0`, large integers),
 * and the template language is Jinja2 as in Python, without the functions of connectors. A line that is not JSON, or has an
 * unknown setting, is an error of that line.
 */
export const createTemplateEvaluator = (contextText: string, name: string): ((line: string) => Evaluated) => {
  const context = readContext(contextText, name);
  const environments = new Map<string, Environment>();
  const environmentOf = (settings: Settings): Environment => {
    const key = JSON.stringify([settings.mode, settings.autoescape, settings.trimBlocks, settings.lstripBlocks]);
    let environment = environments.get(key);
    if (environment === undefined) {
      const { mode, autoescape, trimBlocks, lstripBlocks } = settings;
      environment = createEnvironment({ undefined: mode, autoescape, trimBlocks, lstripBlocks });
      environments.set(key, environment);
    }
    return environment;
  };
  return (line) => {
    try {
      const settings = readSettings(line);
      return { output: environmentOf(settings).compile(settings.template).render(context) };
    } catch (error) {
      if (error instanceof TemplateError) {
        const { type, message } = error;
        return { error: { type, message, line: error.line ?? null, column: error.column ?? null } };
      }
      if (error instanceof BadLine)
        return { error: { type: "InputError", message: error.message, line: null, column: null } };
      throw error;
    }
  };
};

/** A line that says nothing that could be rendered. */
class BadLine extends Error {}

interface Settings {
  readonly template: string;
  readonly mode: UndefinedMode;
  readonly autoescape: boolean;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
}

const readSettings = (line: string): Settings => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new BadLine(`The line is not JSON: ${(error as Error).message}`);
  }
  const {
    template,
    undefined: mode = "lenient",
    autoescape,
    trimBlocks,
    lstripBlocks,
  } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof template !== "string") throw new BadLine('The line has no text "template"');
  const known = MODES[String(mode)];
  if (known === undefined)
    throw new BadLine(`There is no undefined ${JSON.stringify(mode)}; known are ${Object.keys(MODES).join(", ")}`);
  return {
    template,
    mode: known,
    autoescape: autoescape === true,
    trimBlocks: trimBlocks === true,
    lstripBlocks: lstripBlocks === true,
  };
};

const readContext = (text: string, name: string): Readonly<Record<string, unknown>> => {
  let context: unknown;
  try {
    context = parseJson(text);
  } catch (error) {
    throw new CliFailure(`${name} is not JSON: ${(error as Error).message}`, { kind: "usage" });
  }
  if (context instanceof Map) return Object.fromEntries(context) as Readonly<Record<string, unknown>>;
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    throw new CliFailure(`${name} is no JSON object`, { kind: "usage" });
  }
  return context as Readonly<Record<string, unknown>>;
};
