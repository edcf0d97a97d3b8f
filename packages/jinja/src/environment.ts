import { compileTemplate } from "./compiler/compile-template.ts";
import { TemplateError } from "./errors.ts";
import { FILTERS } from "./filters/filters.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { findMethod } from "./methods/methods.ts";
import type { LoadedTemplate } from "./runtime/context.ts";
import { BUILTIN_GLOBALS } from "./runtime/globals.ts";
import { callHost } from "./runtime/host-call.ts";
import { HostFunction } from "./runtime/host-values.ts";
import { isTrue } from "./runtime/iterate.ts";
import { type Native, variadic } from "./runtime/native.ts";
import type { RuntimeEnvironment } from "./runtime/runtime.ts";
import { makeExpression, makeTemplate, makeUnit, parseSource, type TemplateSettings } from "./template.ts";
import { TESTS } from "./tests/tests.ts";
import type { Environment, EnvironmentOptions, HostCallable, TemplateLoader } from "./types.ts";

/** Compiled templates of a loader that are kept. */
const KEPT_TEMPLATES = 200;

/** Creates an environment: the settings, limits and host functions that its templates share. */
export function createEnvironment(options: EnvironmentOptions = {}): Environment {
  const settings = resolveSettings(options);
  return {
    compile: (source, compileOptions) => makeTemplate(settings, source, compileOptions ?? {}),
    compileExpression: (source, compileOptions) => makeExpression(settings, source, compileOptions ?? {}),
  };
}

function resolveSettings(options: EnvironmentOptions): TemplateSettings {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const runtime: RuntimeEnvironment = {
    undefinedBehaviour: options.semantics?.propagateUndefined === true ? "propagate" : (options.undefined ?? "lenient"),
    autoescape: options.autoescape ?? false,
    findMethod,
    filters: addHostCallables(FILTERS, options.filters, (result) => result),
    tests: addHostCallables(TESTS, options.tests, isTrue),
    globals: buildGlobals(options),
    membersFirst: options.semantics?.membersFirst ?? false,
    jsonPrinting: options.semantics?.jsonPrinting ?? false,
    load: (name) => load(name),
  };
  const settings: TemplateSettings = {
    environment: runtime,
    limits,
    trimBlocks: options.trimBlocks ?? false,
    lstripBlocks: options.lstripBlocks ?? false,
    keepTrailingNewline: options.keepTrailingNewline ?? false,
    encode: options.encode ?? null,
  };
  const load = makeLoader(settings, options.loader);
  return settings;
}

function addHostCallables(
  builtins: ReadonlyMap<string, Native>,
  added: Readonly<Record<string, HostCallable>> | undefined,
  finish: (result: unknown) => unknown,
): ReadonlyMap<string, Native> {
  if (added === undefined) return builtins;
  const table = new Map(builtins);
  for (const [name, callable] of Object.entries(added)) {
    const run: Native["variadic"] = (rt, args, named) => finish(callHost(rt, name, callable, args, named));
    table.set(
      name,
      variadic(name, run as NonNullable<Native["variadic"]>, {
        seesUndefined: callable.seesUndefined ?? false,
        impure: true,
      }),
    );
  }
  return table;
}

function buildGlobals(options: EnvironmentOptions): ReadonlyMap<string, unknown> {
  const globals = new Map(BUILTIN_GLOBALS);
  for (const [name, callable] of Object.entries(options.functions ?? {}))
    globals.set(name, new HostFunction(name, callable));
  for (const [name, value] of Object.entries(options.globals ?? {})) globals.set(name, value);
  return globals;
}

/** Makes the function that finds other templates; compiled ones are kept. */
function makeLoader(settings: TemplateSettings, loader: TemplateLoader | undefined): (name: string) => LoadedTemplate {
  const kept = new Map<string, LoadedTemplate>();
  return (name) => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    if (loader === undefined)
      throw new TemplateError("TypeError", `no loader for this environment specified; '${name}' cannot be loaded`);
    const source = loader(name);
    if (source === undefined) throw new TemplateError("TemplateNotFound", name);
    const unit = makeUnit(settings, source, name);
    const { environment, limits, encode } = settings;
    const compiled = compileTemplate(
      { unit, environment, limits, encode, exportsVars: true },
      parseSource(settings, unit),
    );
    const template: LoadedTemplate = { name, blocks: compiled.blocks, runRoot: compiled.runRoot };
    if (kept.size >= KEPT_TEMPLATES) kept.clear();
    kept.set(name, template);
    return template;
  };
}
