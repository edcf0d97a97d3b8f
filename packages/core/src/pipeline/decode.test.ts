import { describe, expect, test } from "vitest";
import type { CallState } from "./call-state.ts";
import { decodeBody, decodeKind, hasLongNumber, parseBody } from "./decode.ts";
import { decodeXml } from "./decode-xml.ts";
import { Redaction } from "./redaction.ts";

const settings = { type: null, charset: null, gzip: false, delimiter: ",", header: true, lists: [], utf8: false };
const response = (type: string | undefined) => ({
  status: 200,
  headers: type === undefined ? {} : { "content-type": type },
  source: null,
  bytes: null,
  body: undefined,
  text: null,
  jsonText: null,
  decoded: false,
});

describe("decodeKind", () => {
  test.each([
    ["application/json; charset=utf-8", "json"],
    ["application/vnd.api+json", "json"],
    ["application/x-ndjson", "jsonLines"],
    ["text/csv", "csv"],
    ["text/xml", "xml"],
    ["application/soap+xml", "xml"],
    ["application/x-www-form-urlencoded", "form"],
    ["text/html", "text"],
    ["image/png", "binary"],
    ["application/octet-stream", "binary"],
    [undefined, "guess"],
  ])("%s is read as %s", (type, kind) => {
    expect(decodeKind(null, response(type))).toBe(kind);
  });

  test("what the definition says wins", () => {
    expect(decodeKind({ ...settings, type: "text" }, response("application/json"))).toBe("text");
  });
});

describe("parseBody", () => {
  test.each([
    ["json", '{"a":1}', { a: 1 }],
    ["json", '\ufeff{"a":1}', { a: 1 }],
    ["jsonLines", '{"a":1}\n\n{"a":2}\r\n', [{ a: 1 }, { a: 2 }]],
    ["csv", 'name,age\n"Ada, Countess",36\n', [{ name: "Ada, Countess", age: "36" }]],
    ["form", "a=1&b=x+y&a=2&a=3", { a: ["1", "2", "3"], b: "x y" }],
    ["text", "{}", "{}"],
    ["guess", ' {"a":1}', { a: 1 }],
    ["guess", "hello", "hello"],
  ] as const)("%s: %j", (kind, text, expected) => {
    expect(parseBody(kind, text, settings)).toEqual(expected);
  });

  test("CSV without names gives lists, with the delimiter that was named", () => {
    expect(parseBody("csv", "a;b\nc;d", { ...settings, header: false, delimiter: ";" })).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
  });
});

describe("decodeXml", () => {
  test.each([
    ["<a><b>1</b><b>2</b></a>", { a: { b: ["1", "2"] } }],
    ['<a id="7">text</a>', { a: { "@id": "7", "#text": "text" } }],
    ['<s:Envelope xmlns:s="u"><s:Body><x/></s:Body></s:Envelope>', { Envelope: { Body: { x: "" } } }],
    ["<?xml version='1.0'?><a>007</a>", { a: "007" }],
    ["<a>&lt;b&gt; &amp;</a>", { a: "<b> &" }],
  ])("%s", (text, expected) => {
    expect(decodeXml(text, [])).toEqual(expected);
  });

  test("an element that is named a list is one even alone", () => {
    expect(decodeXml("<a><b>1</b></a>", ["b"])).toEqual({ a: { b: ["1"] } });
  });

  test.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /entities/],
    ["<a><b></a>", /./],
  ])("%s is refused", (text, message) => {
    expect(() => decodeXml(text, [])).toThrow(message);
  });

  test("a text of many openings is refused after one reading", () => {
    expect(() => decodeXml("<!DOCTYPE ".repeat(50_000), [])).toThrow(/Start tag/);
  });
});

describe("sixteen digits in a row are found wherever they stand", () => {
  const digits = "1234567890123456";
  const found: readonly string[] = [
    digits,
    `{"id":${digits}}`,
    ...Array.from({ length: 33 }, (_, before) => `${"x".repeat(before)}${digits}`),
    ...Array.from({ length: 33 }, (_, before) => `${"x".repeat(before)}${digits}789y`),
    `123456789012345,${digits}`,
  ];
  test.each(found)("%j", (text) => expect(hasLongNumber(text)).toBe(true));

  const none: readonly string[] = [
    "",
    "123456789012345",
    "123456789012345,123456789012345",
    "12345678 90123456",
    "x".repeat(99),
  ];
  test.each(none)("not in %j", (text) => expect(hasLongNumber(text)).toBe(false));
});

describe("a body of the cache is searched for every secret that was not looked for in it yet", () => {
  const bytes = Buffer.from('{"first":"first-secret","second":"second-secret"}');
  const base: readonly string[] = Object.freeze([]);
  const exchange = { response: { decode: null } };

  const read = (...secrets: readonly string[]): unknown => {
    const redaction = new Redaction(base);
    for (const secret of secrets) redaction.add(secret);
    const kept = { ...response("application/json"), bytes };
    const state = { action: { exchange }, cache: "hit", redaction, response: kept, longNumbers: false };
    expect(decodeBody(state as unknown as CallState, false)).toBeUndefined();
    // What comes later in the call was not looked for in the body.
    redaction.add("second-secret");
    return kept.body;
  };

  test.each([
    [[], { first: "first-secret", second: "second-secret" }],
    [["other-secret"], { first: "first-secret", second: "second-secret" }],
    [["other-secret"], { first: "first-secret", second: "second-secret" }],
    [["first-secret"], { first: "[redacted]", second: "second-secret" }],
    [["other-secret", "second-secret"], { first: "first-secret", second: "[redacted]" }],
    [["first-secret", "second-secret"], { first: "[redacted]", second: "[redacted]" }],
    [["other-secret"], { first: "first-secret", second: "second-secret" }],
  ])("by a call that knows %j", (secrets, expected) => {
    expect(read(...secrets)).toEqual(expected);
  });
});
