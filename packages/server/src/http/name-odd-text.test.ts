import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { nameOddText } from "./name-odd-text.ts";

const refused = new ConnectorError("REQUEST_INVALID", "A value holds text that the database cannot store.", {
  cause: new Error("22021"),
});

describe("a text that the database refused", () => {
  const table: readonly [where: string, parts: Parameters<typeof nameOddText>[1], pointers: readonly string[]][] = [
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
      const named = nameOddText(refused, parts);
      expect(named).toMatchObject({ code: "REQUEST_INVALID", hint: expect.any(String), cause: refused.cause });
      expect(named.details.map(({ pointer }) => pointer)).toEqual(pointers);
    });
  }

  it("is not looked for where there is none, or where the error has its reasons", () => {
    expect(nameOddText(refused, { params: null, query: null, body: null })).toBe(refused);
    const other = new ConnectorError("REQUEST_INVALID", "Wrong.");
    expect(nameOddText(other, { params: { name: "\0" }, query: {} })).toBe(other);
  });
});

describe("half of a character", () => {
  const halved = new ConnectorError("VALUE_REFUSED", "A value in the URL holds half of a character.");
  const nameIn = (input: unknown) => nameOddText(halved, { params: {}, query: {}, body: { input } });

  it("is named in the input", () => {
    const named = nameIn({ isbn: "978", buyer: { ids: ["a", "b\ud800"] } });
    expect(named).toMatchObject({ code: "VALUE_REFUSED", status: halved.status, hint: expect.any(String) });
    expect(named.details.map(({ pointer }) => pointer)).toEqual(["/buyer/ids/1"]);
  });

  it("is not looked for in other parts, and may come from elsewhere", () => {
    expect(nameIn({ isbn: "\ud83d\ude00" })).toBe(halved);
    expect(nameOddText(halved, { params: { name: "\ud800" }, query: {} })).toBe(halved);
  });
});
