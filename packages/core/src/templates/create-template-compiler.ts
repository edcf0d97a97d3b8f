import type { Environment, Template } from "@junctor/jinja";
import { ConnectorError } from "../errors/connector-error.ts";
import { checkNames, type DeclaredNames, readsSecret } from "./check-names.ts";
import { compileTree } from "./compile-tree.ts";
import type { CompiledTemplate } from "./compiled-value.ts";
import type { Place } from "./places.ts";
import type { Encode, TemplateCompiler } from "./template-compiler.ts";
import { describeTemplateFailure } from "./template-failure.ts";
import { readUses } from "./template-uses.ts";

/** Makes the compiler of a definition. */
export function createTemplateCompiler(environment: Environment, names: DeclaredNames): TemplateCompiler {
  const compiler: TemplateCompiler = {
    names,
    template: (source, place, pointer, encode) => compileTemplate(environment, names, source, place, pointer, encode),
    tree: (json, place, pointer) => compileTree(compiler, json, place, pointer),
    withInputs: (input) => createTemplateCompiler(environment, { ...names, input }),
  };
  return compiler;
}

function compileTemplate(
  environment: Environment,
  names: DeclaredNames,
  source: string,
  place: Place,
  pointer: string,
  encode: Encode | undefined,
): string | CompiledTemplate {
  if (!source.includes("{")) return source;
  const template = parse(environment, names.imported === true ? rewriteImported(source) : source, pointer, encode);
  if (template.kind === "literal") return source;
  const problems = checkNames(template.analysis, place, names, pointer);
  const [first] = problems;
  if (first !== undefined) {
    throw new ConnectorError("DEFINITION_INVALID", `The template at ${pointer} cannot be used: ${first.message}`, {
      details: problems,
      ...(first.hint !== undefined && { hint: first.hint }),
    });
  }
  const { secrets, variables, optionalVariables, roots, response } = readUses(template.analysis, source);
  return Object.freeze({
    kind: template.kind,
    template,
    source,
    pointer,
    secret: place.secrets !== "refused" && readsSecret(template.analysis, names),
    uses: Object.freeze({ secrets, variables, optionalVariables, roots, response }),
  });
}

/** `user.profile_fields.by_id(7)` of imported templates is a call on an object; here it is a member. */
const rewriteImported = (source: string): string =>
  source.replace(/\.profile_fields\.by_id\(([^()]*)\)/g, ".profile_fields[($1) | string]");

function parse(environment: Environment, source: string, pointer: string, encode: Encode | undefined): Template {
  const known = findParsed(environment, source, encode);
  if (known !== undefined) return known;
  try {
    const template = environment.compile(source, encode === undefined ? {} : { encode });
    keepParsed(environment, source, encode, template);
    return template;
  } catch (error) {
    const failure = describeTemplateFailure(error, pointer);
    throw new ConnectorError("DEFINITION_INVALID", failure.message, { cause: error, details: failure.details });
  }
}

type Parsed = Map<string, WeakRef<Template>>;

/**
 * Templates by environment, encoding and source. Actions of one API say the same things again and again
 * (`{{ input.id }}`), and a parsed template has no state; each text is parsed once and goes when its last action goes.
 */
const parsed = new WeakMap<Environment, Map<Encode | undefined, Parsed>>();
const dropped = new FinalizationRegistry<{ readonly of: Parsed; readonly source: string }>(({ of, source }) => {
  if (of.get(source)?.deref() === undefined) of.delete(source);
});

function findParsed(environment: Environment, source: string, encode: Encode | undefined): Template | undefined {
  return parsed.get(environment)?.get(encode)?.get(source)?.deref();
}

function keepParsed(environment: Environment, source: string, encode: Encode | undefined, template: Template): void {
  let encodings = parsed.get(environment);
  if (encodings === undefined) {
    encodings = new Map();
    parsed.set(environment, encodings);
  }
  let templates = encodings.get(encode);
  if (templates === undefined) {
    templates = new Map();
    encodings.set(encode, templates);
  }
  templates.set(source, new WeakRef(template));
  dropped.register(template, { of: templates, source });
}
