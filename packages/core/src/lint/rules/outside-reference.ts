import { valueAt } from "../../definition/json-pointer.ts";
import { didYouMean } from "../did-you-mean.ts";
import { listNames } from "../known-names.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** References stay within the document and lead somewhere. */
export const outsideReference: LintRule = {
  id: "outside-reference",
  severity: "error",
  summary: "References stay within the document and lead somewhere.",
  why: "A definition is complete in itself: nothing is fetched when it is compiled. Shared schemas lie under $defs.",
  incorrect: { "/actions/getBook/output": { $ref: "https://schemas.example/book.json" } },
  correct: { "/$defs": { Book: { type: "object" } }, "/actions/getBook/output": { $ref: "#/$defs/Book" } },
  check: ({ definition, schemas }) =>
    schemas.flatMap(({ pointer, schema }) =>
      ["$ref", "$dynamicRef"].flatMap((keyword): LintProblem[] => {
        const reference = schema[keyword];
        if (typeof reference !== "string") return [];
        const at = `${pointer}/${keyword}`;
        if (!reference.startsWith("#/$defs/")) {
          return [
            {
              pointer: at,
              message: `The reference ${JSON.stringify(reference)} leaves the shared schemas of this document`,
              hint: 'Copy the schema to $defs and refer to "#/$defs/<name>"',
            },
          ];
        }
        if (valueAt(definition, reference.slice(1)) !== undefined) return [];
        const known = Object.keys(definition.$defs ?? {});
        return [
          {
            pointer: at,
            message: `There is no schema at ${JSON.stringify(reference)}`,
            hint: `${didYouMean(reference.slice("#/$defs/".length), known)}Known schemas: ${listNames(known)}`,
          },
        ];
      }),
    ),
};
