import { extendPointer } from "../../definition/json-pointer.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Every connection parameter is read somewhere. */
export const unusedParameter: LintRule = {
  id: "unused-parameter",
  severity: "warning",
  summary: "Every connection parameter is read somewhere.",
  why: "People are asked for it when they connect; what nothing reads should not be asked.",
  incorrect: { "/connection/parameters/properties/region": { type: "string" } },
  correct: {
    "/connection/parameters/properties/region": { type: "string" },
    "/baseUrl": "https://{{ connection.region }}.books.example",
  },
  check: ({ definition, templates, brokenTemplates }) => {
    const hasCode =
      (definition.connection?.auth ?? []).some(({ type }) => type === "code") ||
      Object.values(definition.actions ?? {}).some(({ run }) => run !== undefined);
    const reads = templates.flatMap(({ analysis }) => analysis.reads.filter(({ root }) => root === "connection"));
    if (hasCode || brokenTemplates.length > 0 || reads.some(({ path }) => path.length === 0)) return [];
    const read = new Set(reads.map(({ path }) => path[0]));
    const lists = [
      { pointer: "/connection/parameters", schema: definition.connection?.parameters },
      ...(definition.connection?.auth ?? []).map((method, index) => ({
        pointer: extendPointer("/connection/auth", index, "parameters"),
        schema: method.parameters,
      })),
    ];
    return lists.flatMap(({ pointer, schema }) =>
      Object.keys((typeof schema === "object" ? schema.properties : undefined) ?? {})
        .filter((name) => !read.has(name))
        .map(
          (name): LintProblem => ({
            pointer: extendPointer(pointer, "properties", name),
            part: "key",
            message: `Nothing reads connection.${name}`,
            hint: "Use it, or remove it",
          }),
        ),
    );
  },
};
