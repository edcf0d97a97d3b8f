import { describe, expect, it } from "vitest";
import { changeExample } from "../example-definition.ts";
import { lintDefinition } from "../lint-definition.ts";
import { schemaCircle } from "./schema-circle.ts";

const at = (schemas: object): readonly string[] =>
  lintDefinition(
    changeExample({ "/$defs": schemas, "/actions/order/input/properties/isbn": { items: { $ref: "#/$defs/a" } } }),
    undefined,
    { rules: [schemaCircle] },
  ).map(({ pointer }) => pointer);

const a = { $ref: "#/$defs/a" };
const b = { $ref: "#/$defs/b" };

describe("schema-circle", () => {
  const circles: readonly [what: string, schemas: object, pointers: readonly string[]][] = [
    ["a reference to itself", { a }, ["/$defs/a/$ref"]],
    ["two that name each other", { a: b, b: a }, ["/$defs/a/$ref", "/$defs/b/$ref"]],
    ["one of several alternatives", { a: { anyOf: [{ type: "string" }, a] } }, ["/$defs/a/anyOf/1/$ref"]],
    ["a condition", { a: { if: a, then: { type: "object" } } }, ["/$defs/a/if/$ref"]],
    ["a negation", { a: { not: a } }, ["/$defs/a/not/$ref"]],
    ["what a member asks for", { a: { dependentSchemas: { x: a } } }, ["/$defs/a/dependentSchemas/x/$ref"]],
    [
      "behind a part that is referred to as well",
      { a: { properties: { x: true, y: b, z: { $ref: "#/$defs/a/properties/x" }, w: b } }, b },
      ["/$defs/b/$ref"],
    ],
    ["the inside of itself", { a: { allOf: [{ $ref: "#/$defs/a/allOf/0" }] } }, ["/$defs/a/allOf/0/$ref"]],
  ];
  for (const [what, schemas, pointers] of circles) {
    it(`is found: ${what}`, () => expect(at(schemas)).toEqual(pointers));
  }

  const fine: readonly [what: string, schemas: object][] = [
    ["a tree by its members", { a: { type: "object", properties: { left: a, right: a } } }],
    ["a list of itself", { a: { type: "array", items: a } }],
    ["other members", { a: { type: "object", additionalProperties: a } }],
    ["two by turns, below members", { a: { properties: { b } }, b: { allOf: [{ properties: { a } }] } }],
    ["an alternative below items", { a: { anyOf: [{ type: "string" }, { items: a }] } }],
    ["a chain that ends", { a: b, b: { type: "string" } }],
  ];
  it("is nobody's business in an output: nothing is held against it", () => {
    const example = changeExample({ "/$defs": { a }, "/actions/getBook/output": a });
    expect(lintDefinition(example, undefined, { rules: [schemaCircle] })).toEqual([]);
  });

  for (const [what, schemas] of fine) it(`is not: ${what}`, () => expect(at(schemas)).toEqual([]));
});
