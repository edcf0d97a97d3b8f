import type { CallRead, TemplateAnalysis } from "@junctor/jinja";
import { NO_USES, type TemplateUses } from "./compiled-value.ts";

/** Functions by which a template names a secret or a variable; the second of each is the name in imported templates. */
export const SECRET_FUNCTIONS: ReadonlySet<string> = new Set(["secret", "get_secret"]);
export const VARIABLE_FUNCTIONS: ReadonlySet<string> = new Set(["var", "get_variable"]);

/** A variable with a default, as it is written. */
const DEFAULTED = /\b(?:var|get_variable)\(\s*(['"])([^'"]*)\1\s*\)\s*\|\s*(?:default|d)\s*\(/g;

/** Collects what a template reads. Calls whose name of a secret or variable is no literal come back in `computed`. */
export function readUses(
  analysis: TemplateAnalysis,
  source: string,
): TemplateUses & { readonly computed: readonly CallRead[] } {
  const secrets = new Set<string>();
  const variables = new Set<string>();
  const computed: CallRead[] = [];
  for (const call of analysis.calls) {
    const names = SECRET_FUNCTIONS.has(call.name) ? secrets : VARIABLE_FUNCTIONS.has(call.name) ? variables : null;
    if (names === null) continue;
    const argument = call.args[0];
    if (argument?.literal === true && typeof argument.value === "string") names.add(argument.value);
    else computed.push(call);
  }
  const optional = listOptional(analysis, source);
  const response = new Set<string>();
  for (const read of analysis.reads) {
    if (read.root === "response") response.add(typeof read.path[0] === "string" ? read.path[0] : "*");
  }
  return {
    secrets: [...secrets],
    variables: [...variables].filter((name) => !optional.has(name)),
    optionalVariables: [...optional],
    roots: analysis.roots,
    response: [...response],
    computed,
  };
}

/** Lists the variables that have a default wherever the template reads them. */
function listOptional(analysis: TemplateAnalysis, source: string): ReadonlySet<string> {
  const defaulted = Array.from(source.matchAll(DEFAULTED), (match) => match[2] ?? "");
  const reads = (name: string): number =>
    analysis.calls.filter((call) => {
      const argument = call.args[0];
      return VARIABLE_FUNCTIONS.has(call.name) && argument?.literal === true && argument.value === name;
    }).length;
  const count = (name: string): number => defaulted.filter((each) => each === name).length;
  return new Set(defaulted.filter((name) => reads(name) === count(name)));
}

/** Joins what several templates read; gives back the shared empty value where there is nothing. */
export function joinUses(uses: readonly TemplateUses[]): TemplateUses {
  const used = uses.filter((one) => one !== NO_USES);
  if (used.length === 0) return NO_USES;
  if (used.length === 1 && used[0] !== undefined) return used[0];
  return Object.freeze({
    secrets: [...new Set(used.flatMap((one) => one.secrets))],
    variables: [...new Set(used.flatMap((one) => one.variables))],
    optionalVariables: [...new Set(used.flatMap((one) => one.optionalVariables))],
    roots: [...new Set(used.flatMap((one) => one.roots))],
    response: [...new Set(used.flatMap((one) => one.response))],
  });
}
