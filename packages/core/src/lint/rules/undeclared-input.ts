import { didYouMean } from "../did-you-mean.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Parts of the input that imported templates reach under other names. */
const COMPAT: ReadonlySet<string> = new Set(["body", "query", "headers", "path"]);

/** Every input that a template reads is declared. */
export const undeclaredInput: LintRule = {
  id: "undeclared-input",
  severity: "error",
  summary: "Every input that a template reads is declared.",
  why: "Callers can send only declared inputs, so an undeclared one is never there. Reading it would stop the call before anything is sent.",
  incorrect: { "/actions/getBook/request/path": "/books/{{ input.isnb }}" },
  correct: { "/actions/getBook/request/path": "/books/{{ input.isbn }}" },
  check: ({ templates, compat }) =>
    templates.flatMap(({ pointer, analysis, place, owner }) =>
      analysis.reads.flatMap(({ root, path, line, column }): LintProblem[] => {
        const name = path[0];
        const declared = owner.input;
        if (root !== "input" || !place.roots.includes(root) || typeof name !== "string") return [];
        if (declared === null || declared.has(name) || (compat && COMPAT.has(name))) return [];
        return [
          {
            pointer,
            inside: { line, column },
            message: `input.${name} is not declared`,
            hint: `${didYouMean(name, declared)}Declare it in the input schema`,
          },
        ];
      }),
    ),
};
