import { extendPointer } from "../../definition/json-pointer.ts";
import type { AnalysedSite } from "../lint-context.ts";
import type { LintProblem, LintRule } from "../rule.ts";

const OWNERS = [
  { list: "actions", kind: "action" },
  { list: "triggers", kind: "trigger" },
] as const;

/**
 * Inputs that exist for a form: another property's suggestions or schema depend on them, by a source that reads inputs. Which
 * ones a source reads is known only with its own template, so all of a form with such a property count.
 */
const boundInputs = (schema: { readonly properties?: Readonly<Record<string, unknown>> }): ReadonlySet<string> => {
  const properties = Object.entries(schema.properties ?? {});
  const isDynamic = ([, property]: readonly [string, unknown]): boolean =>
    typeof property === "object" && property !== null && ("optionsFrom" in property || "schemaFrom" in property);
  return properties.some(isDynamic) ? new Set(properties.map(([name]) => name)) : new Set();
};

/** Every declared input is read somewhere. */
export const unusedInput: LintRule = {
  id: "unused-input",
  severity: "warning",
  summary: "Every declared input is read somewhere.",
  why: "An input that nothing reads has no effect; a caller who fills it in is misled.",
  incorrect: { "/actions/getBook/input/properties/language": { type: "string" } },
  correct: {
    "/actions/getBook/input/properties/language": { type: "string" },
    "/actions/getBook/request/headers": { "Accept-Language": "{{ input.language }}" },
  },
  // A template that does not parse may read anything.
  check: ({ definition, templatesOf, brokenTemplates, compat }) => {
    if (compat || brokenTemplates.length > 0) return [];
    const inputReads = (sites: readonly AnalysedSite[]) =>
      sites.flatMap(({ analysis }) => analysis.reads.filter(({ root }) => root === "input"));
    const shared = inputReads(templatesOf("defaults", ""));
    return OWNERS.flatMap(({ list, kind }) =>
      Object.entries(definition[list] ?? {}).flatMap(([name, part]) => {
        const inCode = "run" in part || ("poll" in part && part.poll?.run !== undefined);
        if (inCode || typeof part.input !== "object") return [];
        const reads = [...inputReads(templatesOf(kind, name)), ...shared];
        if (reads.some(({ path }) => path.length === 0)) return [];
        const read = new Set(reads.map(({ path }) => path[0]));
        const bound = boundInputs(part.input);
        return Object.keys(part.input.properties ?? {})
          .filter((property) => !read.has(property) && !bound.has(property))
          .map(
            (property): LintProblem => ({
              pointer: extendPointer("", list, name, "input", "properties", property),
              part: "key",
              message: `Nothing reads input.${property}`,
              hint: "Use it, or remove it",
            }),
          );
      }),
    );
  },
};
