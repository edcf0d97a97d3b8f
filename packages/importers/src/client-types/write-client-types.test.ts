import { describe, expect, it } from "vitest";
import { writeClientTypes } from "./write-client-types.ts";
import { writeSchemaType } from "./write-schema-type.ts";

const flat = (text: string): string => text.replace(/\s+/g, " ");

describe("a schema as a type", () => {
  const table: readonly [schema: unknown, type: string][] = [
    [{ type: "string" }, "string"],
    [{ type: "integer" }, "number"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: "string", format: "binary" }, "Blob"],
    [{ const: 'a"b' }, '"a\\"b"'],
    [{ enum: ["a", 1, null] }, '"a" | 1 | null'],
    [{ enum: [{ a: 1 }] }, "unknown"],
    [{ type: "array", items: { type: ["string", "number"] } }, "(string | number)[]"],
    [{ type: "array" }, "unknown[]"],
    [{ type: "array", prefixItems: [{ type: "string" }], items: false }, "[string]"],
    [{ type: "array", prefixItems: [{ type: "string" }], items: { type: "number" } }, "[string, ...number[]]"],
    [{ type: "object", additionalProperties: { type: "number" } }, "{ [name: string]: number }"],
    [{ type: "object", additionalProperties: false }, "Record<string, never>"],
    [
      {
        type: "object",
        required: ["a"],
        properties: { a: { type: "string" }, "b-c": {} },
        additionalProperties: false,
      },
      '{ "a": string; "b-c"?: unknown; }',
    ],
    [{ type: "object", properties: { a: { type: "string" } } }, '{ "a"?: string; [name: string]: unknown; }'],
    [{ oneOf: [{ type: "string" }, { type: "number" }] }, "string | number"],
    [{ allOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/B" }] }, "A & B"],
    [{ $ref: "#/$defs/A" }, "A"],
    [true, "unknown"],
    [false, "never"],
    [{ not: { type: "string" } }, "unknown"],
    [{ type: "string", pattern: "^a" }, "string"],
  ];
  it.each(table)("%j", (schema, type) => {
    expect(flat(writeSchemaType(schema, (reference) => reference.slice("#/$defs/".length)))).toBe(type);
  });
});

describe("a module of types", () => {
  it("names connectors, actions, inputs and outputs, with shared schemas once", () => {
    const text = writeClientTypes([
      {
        name: "book-shop",
        $defs: {
          Order: { type: "object", properties: { next: { $ref: "#/$defs/Order" } }, additionalProperties: false },
        },
        actions: {
          getOrder: {
            description: "Reads */ an order.",
            input: { type: "object", required: ["id"], properties: { id: { type: "string", default: "a" } } },
            output: { $ref: "#/$defs/Order" },
          },
          ping: {},
          inner: { hidden: true },
        },
      },
    ]);
    expect(flat(text)).toContain('export type BookShopOrder = { "next"?: BookShopOrder; };');
    expect(flat(text)).toContain(
      'export interface Connectors { "book-shop": { /** Reads *\\/ an order. */ "getOrder": { input: { /** Default: "a". */ "id": string; }; output: BookShopOrder; }; "ping": { input: Record<string, never>; output: unknown; }; }; }',
    );
    expect(text).not.toContain("inner");
  });
  it("tells schemas apart whose names fall together", () => {
    const text = writeClientTypes([{ name: "a", $defs: { "x-y": true, xY: true, "x/y": true } }]);
    expect([...text.matchAll(/export type (\w+)/g)].map(([, name]) => name)).toEqual(["AXY", "AXY2", "AXY3"]);
  });
});
