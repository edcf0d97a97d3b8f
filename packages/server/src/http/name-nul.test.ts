import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { nameNul } from "./name-nul.ts";

const refused = new ConnectorError("REQUEST_INVALID", "A value holds text that the database cannot store.", {
  cause: new Error("22021"),
});

describe("a text that the database refused", () => {
  const table: readonly [where: string, parts: Parameters<typeof nameNul>[1], pointers: readonly string[]][] = [
    ["the path", { params: { name: "a\0" }, query: {} }, ["/path/name"]],
    ["the query", { params: {}, query: { cursor: "\0" }, body: undefined }, ["/query/cursor"]],
    ["the body", { params: {}, query: {}, body: { connection: "main\0" } }, ["/connection"]],
    ["a list in it", { params: {}, query: {}, body: { "a/b": ["x", { c: "\0" }] } }, ["/a~1b/1/c"]],
    [
      "a member beside an input, which may hold anything",
      { params: {}, query: {}, body: { input: "\0", page: "\0" } },
      ["/page"],
    ],
  ];
  for (const [where, parts, pointers] of table) {
    it(`is named in ${where}`, () => {
      const named = nameNul(refused, parts);
      expect(named).toMatchObject({ code: "REQUEST_INVALID", hint: expect.any(String), cause: refused.cause });
      expect(named.details.map(({ pointer }) => pointer)).toEqual(pointers);
    });
  }

  it("is not looked for where there is none, or where the error has its reasons", () => {
    expect(nameNul(refused, { params: null, query: null, body: null })).toBe(refused);
    const other = new ConnectorError("REQUEST_INVALID", "Wrong.");
    expect(nameNul(other, { params: { name: "\0" }, query: {} })).toBe(other);
  });
});
