import { extendPointer } from "../../definition/json-pointer.ts";
import { nearestName } from "../../definition/nearest-name.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** The keywords of JSON Schema 2020-12, and ours. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $defs $comment $vocabulary " +
    "type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern " +
    "maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired " +
    "allOf anyOf oneOf not if then else dependentSchemas prefixItems items contains properties patternProperties " +
    "additionalProperties propertyNames unevaluatedItems unevaluatedProperties format contentEncoding contentMediaType " +
    "contentSchema title description default deprecated readOnly writeOnly examples optionsFrom schemaFrom importance"
  ).split(" "),
);

/** Keywords of JSON Schema are spelt right. */
export const misspeltKeyword: LintRule = {
  id: "misspelt-keyword",
  severity: "warning",
  summary: "Keywords of JSON Schema are spelt right.",
  why: "JSON Schema ignores keywords that it does not know, so a misspelt one has no effect and nobody is told.",
  incorrect: { "/actions/order/input/properties/isbn/minlength": 10 },
  correct: { "/actions/order/input/properties/isbn/minLength": 10 },
  check: ({ schemas }) =>
    schemas.flatMap(({ pointer, schema }) =>
      Object.keys(schema)
        .filter((keyword) => !KEYWORDS.has(keyword) && !keyword.startsWith("x-"))
        .flatMap((keyword): LintProblem[] => {
          const near = nearestName(keyword, KEYWORDS);
          if (near === undefined) return [];
          const at = extendPointer(pointer, keyword);
          return [
            {
              pointer: at,
              part: "key",
              message: `${JSON.stringify(keyword)} is no keyword of JSON Schema; did you mean ${JSON.stringify(near)}?`,
              hint: "Correct it; annotations of your own begin with x-",
              fix: {
                title: `Rename it to ${near}`,
                patch: [{ op: "move", from: at, path: extendPointer(pointer, near) }],
              },
            },
          ];
        }),
    ),
};
