import { extendPointer } from "../../definition/json-pointer.ts";
import { findCircles } from "../find-circles.ts";
import type { SchemaSite } from "../list-schemas.ts";
import type { LintProblem, LintRule } from "../rule.ts";

/** Keywords whose schemas hold for the value itself, not for a part of it. */
const IN_PLACE = ["not", "if", "then", "else"];
const IN_PLACE_LISTS = ["allOf", "anyOf", "oneOf"];
const REFERENCES = ["$ref", "$dynamicRef"];

/** A schema of an input refers to itself only through the parts of a value. */
export const schemaCircle: LintRule = {
  id: "schema-circle",
  severity: "error",
  summary: "A schema of an input refers to itself only through the parts of a value.",
  why: "A tree may hold trees: below properties or items the value gets smaller with each round. A reference that leads back to its own schema for the same value never ends.",
  incorrect: {
    "/$defs": { Book: { allOf: [{ $ref: "#/$defs/Book" }] } },
    "/actions/order/input/properties/isbn": { $ref: "#/$defs/Book" },
  },
  correct: {
    "/$defs": { Book: { type: "object", properties: { sequel: { $ref: "#/$defs/Book" } } } },
    "/actions/order/input/properties/isbn": { $ref: "#/$defs/Book" },
  },
  check: ({ schemas }) => {
    const byPointer = new Map(schemas.map((site) => [site.pointer, site]));
    const circles = findCircles([...byPointer.keys()], (pointer) => listSameValue(byPointer.get(pointer)));
    const checked = findChecked(schemas);
    return schemas.flatMap(({ pointer, schema }) =>
      !checked.has(pointer)
        ? []
        : REFERENCES.flatMap((keyword): LintProblem[] => {
            const target = readReference(schema[keyword]);
            if (target === undefined || circles.get(target) === undefined) return [];
            if (circles.get(target) !== circles.get(pointer)) return [];
            return [
              {
                pointer: `${pointer}/${keyword}`,
                message: `The reference ${JSON.stringify(schema[keyword])} leads back to this schema for the same value`,
                hint: "Refer to another schema, or put the reference below properties or items",
              },
            ];
          }),
    );
  },
};

/** Places of the schemas that somebody's values are held against: inputs and parameters, and what they refer to. Outputs are not. */
function findChecked(sites: readonly SchemaSite[]): ReadonlySet<string> {
  const indexes = new Map(sites.map(({ pointer }, index) => [pointer, index]));
  const found = new Set<string>();
  const targets = sites.flatMap(({ role, pointer, depth }) => (depth === 0 && isChecked(role) ? [pointer] : []));
  for (let target = targets.pop(); target !== undefined; target = targets.pop()) {
    if (found.has(target)) continue;
    // The parts of a schema follow it in the list.
    for (let index = indexes.get(target) ?? sites.length; index < sites.length; index += 1) {
      const { pointer, schema } = sites[index] as SchemaSite;
      if (pointer !== target && !pointer.startsWith(`${target}/`)) break;
      found.add(pointer);
      targets.push(...REFERENCES.flatMap((keyword) => readReference(schema[keyword]) ?? []));
    }
  }
  return found;
}

const isChecked = (role: SchemaSite["role"]): boolean => role === "input" || role === "parameters";

/** Places of the schemas that a value must match as well when it is held against this one. */
function listSameValue(site: SchemaSite | undefined): readonly string[] {
  if (site === undefined) return [];
  const { pointer, schema } = site;
  return [
    ...REFERENCES.flatMap((keyword) => readReference(schema[keyword]) ?? []),
    ...IN_PLACE.map((keyword) => `${pointer}/${keyword}`),
    ...IN_PLACE_LISTS.flatMap((keyword) =>
      ((schema[keyword] as readonly unknown[] | undefined) ?? []).map((_part, index) =>
        extendPointer(pointer, keyword, index),
      ),
    ),
    ...Object.keys((schema.dependentSchemas as object | undefined) ?? {}).map((name) =>
      extendPointer(pointer, "dependentSchemas", name),
    ),
  ];
}

const readReference = (reference: unknown): string | undefined =>
  typeof reference === "string" && reference.startsWith("#/") ? reference.slice(1) : undefined;
