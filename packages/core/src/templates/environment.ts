import { createEnvironment, type Environment, type HostCallable } from "@junctor/jinja";
import { createTemplateFunctions } from "./functions/create-template-functions.ts";
import { parameter } from "./parameter-filter.ts";
import type { TemplateHost } from "./template-host.ts";

/** Globals that the template language itself offers. */
const LANGUAGE_GLOBALS = ["range", "dict", "lipsum", "cycler", "joiner", "namespace"] as const;

/** Roots that templates of `compat: "gainsight"` find everywhere. */
const GAINSIGHT_ROOTS = ["tenant_id", "pathParams", "body_text", "body_raw", "request"] as const;

const named = (read: (host: TemplateHost, name: string) => unknown): HostCallable => ({
  call: ([name], _named, { host }) => read(host as TemplateHost, String(name)),
});

/** Functions over the state of a call; the same under the names that imported templates use. */
const callFunctions: Readonly<Record<string, HostCallable>> = {
  secret: named((host, name) => host.secret(name)),
  var: named((host, name) => host.variable(name)),
  get_secret: named((host, name) => host.secret(name)),
  get_variable: named((host, name) => host.variable(name)),
};

/** An environment with the names that its templates may use beside the context roots. */
export interface TemplateEnvironment {
  readonly environment: Environment;
  readonly functions: ReadonlySet<string>;
}

function create(compat: boolean): TemplateEnvironment {
  const host = createTemplateFunctions();
  const functions = { ...host.functions, ...callFunctions };
  const environment = createEnvironment({
    functions,
    filters: { ...host.filters, parameter },
    undefined: compat ? "lenient" : "strict",
    ...(!compat && { semantics: { propagateUndefined: true, membersFirst: true, jsonPrinting: true } }),
  });
  const roots = compat ? GAINSIGHT_ROOTS : [];
  return { environment, functions: new Set([...LANGUAGE_GLOBALS, ...Object.keys(functions), ...roots]) };
}

const environments: { definition?: TemplateEnvironment; gainsight?: TemplateEnvironment } = {};

/** Gives the environment for templates of definitions, made on first use. */
export function definitionEnvironment(): TemplateEnvironment {
  environments.definition ??= create(false);
  return environments.definition;
}

/** Gives the environment for `compat: "gainsight"`: lenient undefined and Python printing, as those templates expect. */
export function gainsightEnvironment(): TemplateEnvironment {
  environments.gainsight ??= create(true);
  return environments.gainsight;
}
