/**
 * Sandboxed Jinja2 for untrusted templates: compatible with Python's Jinja2 3.1, synchronous, without dependencies.
 *
 *   const environment = createEnvironment();
 *   const template = environment.compile("Hello {{ user.name }}");
 *   template.render({ user: { name: "Ada" } }); // "Hello Ada"
 */
export { createEnvironment } from "./environment.ts";
export type { TemplateErrorPlace, TemplateErrorType } from "./errors.ts";
export { TemplateError } from "./errors.ts";
export type { FormatJsonOptions } from "./json.ts";
export { formatJson, parseJson } from "./json.ts";
export { defineFunction, Float, HostFunction, Markup, markSafe } from "./runtime/host-values.ts";
export type {
  ArgumentRead,
  CallRead,
  CompileOptions,
  EncodeValue,
  Environment,
  EnvironmentOptions,
  HostBudget,
  HostCall,
  HostCallable,
  Limits,
  NamedUse,
  PathRead,
  Position,
  RenderOptions,
  Template,
  TemplateAnalysis,
  TemplateLoader,
  UndefinedMode,
  ValueSemantics,
} from "./types.ts";
