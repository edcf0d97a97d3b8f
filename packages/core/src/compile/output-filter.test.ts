import type { Schema } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import { compileOutputFilter } from "./output-filter.ts";

const closed = (properties: Record<string, Schema>): Schema => ({
  type: "object",
  properties,
  additionalProperties: false,
});

const CASES: readonly { title: string; schema: Schema; $defs?: object; given: unknown; left: unknown }[] = [
  {
    title: "removes what a closed object does not declare",
    schema: closed({ id: {} }),
    given: { id: 1, secret: 2 },
    left: { id: 1 },
  },
  {
    title: "goes through open objects into closed ones",
    schema: { properties: { user: closed({ name: {} }) } },
    given: { user: { name: "Ada", email: "x" }, other: 1 },
    left: { user: { name: "Ada" }, other: 1 },
  },
  {
    title: "goes through lists",
    schema: { items: closed({ id: {} }) },
    given: [{ id: 1, x: 1 }, "text", null],
    left: [{ id: 1 }, "text", null],
  },
  {
    title: "follows references, also recursive ones",
    schema: { $ref: "#/$defs/node" },
    $defs: { node: closed({ id: {}, children: { items: { $ref: "#/$defs/node" } } }) },
    given: { id: 1, x: 1, children: [{ id: 2, x: 2, children: [{ id: 3, x: 3 }] }] },
    left: { id: 1, children: [{ id: 2, children: [{ id: 3 }] }] },
  },
  {
    title: "keeps only what all parts of allOf let through",
    schema: { allOf: [closed({ a: {}, b: {} }), closed({ b: {}, c: {} })] },
    given: { a: 1, b: 2, c: 3 },
    left: { b: 2 },
  },
  {
    title: "drops __proto__ instead of setting it",
    schema: { properties: { a: closed({}) } },
    given: JSON.parse('{"__proto__": {"x": 1}, "a": {"y": 1}}'),
    left: { a: {} },
  },
];

describe("compileOutputFilter", () => {
  test.each(CASES)("$title", ({ schema, $defs, given, left }) => {
    const filter = compileOutputFilter(schema, $defs as never);
    expect(filter?.apply(given as never)).toEqual(left);
  });

  test("a schema that closes nothing needs no filter", () => {
    expect(compileOutputFilter({ properties: { a: { properties: { b: {} } } } }, undefined)).toBeNull();
    expect(compileOutputFilter(undefined, undefined)).toBeNull();
  });

  test("the answer itself is not changed", () => {
    const given = { id: 1, x: 2 };
    compileOutputFilter(closed({ id: {} }), undefined)?.apply(given);
    expect(given).toEqual({ id: 1, x: 2 });
  });
});
