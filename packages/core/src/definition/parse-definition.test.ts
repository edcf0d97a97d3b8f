import { describe, expect, it } from "vitest";
import { parseDefinition } from "./parse-definition.ts";

describe("parseDefinition", () => {
  it("gives the document and the places of values and of member names", () => {
    const { document, positions, findings } = parseDefinition('{\r\n  "a": [1,\n    { "b~/c": true }]\r\n}');
    expect(document).toEqual({ a: [1, { "b~/c": true }] });
    expect(findings).toEqual([]);
    expect(positions.find("")).toEqual({ line: 1, column: 1 });
    expect(positions.find("/a/1")).toEqual({ line: 3, column: 5 });
    expect(positions.find("/a/1/b~0~1c")).toEqual({ line: 3, column: 15 });
    expect(positions.find("/a/1/b~0~1c", "key")).toEqual({ line: 3, column: 7 });
  });

  it("gives the nearest place that exists where a pointer leads nowhere", () => {
    expect(parseDefinition('{\n  "a": {}\n}').positions.find("/a/missing/x")).toEqual({ line: 2, column: 3 });
  });

  it("tolerates a byte order mark, which takes no column", () => {
    expect(parseDefinition('\u{feff}{"a": 1}').positions.find("/a", "key")).toEqual({ line: 1, column: 2 });
  });

  it.each([
    ["a missing comma", '{"a": 1\n"b": 2}', 2, 1, "A comma is missing here"],
    ["a trailing comma", '{\n  "a": 1,\n}', 3, 1, "A member name in double quotes is missing here"],
    ["a missing colon", '{"a" 1}', 1, 6, "A colon is missing after the member name"],
    ["single quotes", "{'a': 1}", 1, 2, "This is not JSON"],
    ["an unclosed text", '{"a": "x\n}', 1, 7, "A text is not closed"],
    ["an unclosed object", '{"a": {"b": 1}', 1, 15, "A closing } is missing"],
    ["an unclosed list", '{"a": [1', 1, 9, "A closing ] is missing"],
    ["a comment", '{ // no\n "a": 1}', 1, 3, "Comments are not allowed in JSON"],
    ["a bad escape", '{"a": "\\q"}', 1, 7, "JSON has no such escape"],
    ["text after the end", '{"a": 1} {"b": 1}', 1, 10, "The document goes on after its end"],
    ["nothing", "", 1, 1, "A value is missing here"],
    ["not JSON at all", "name: books", 1, 1, "This is not JSON"],
  ])("refuses %s with line and column", (_what, text, line, column, message) => {
    const { document, findings } = parseDefinition(text);
    expect(document).toBeUndefined();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ rule: "json/malformed", severity: "error", line, column });
    expect(findings[0]?.message).toContain(message);
    expect(findings[0]?.hint).toBeTypeOf("string");
  });

  it("reports a repeated key at its second place; the last one counts", () => {
    const { document, findings } = parseDefinition('{\n  "a": 1,\n  "b": { "x": 1, "x": 2 },\n  "a": 3\n}');
    expect(document).toEqual({ a: 3, b: { x: 2 } });
    expect(findings).toMatchObject([
      { rule: "json/duplicate-key", pointer: "/b/x", line: 3, column: 18 },
      { rule: "json/duplicate-key", pointer: "/a", line: 4, column: 3 },
    ]);
  });

  it("refuses __proto__ as a key and leaves prototypes alone", () => {
    const { document, findings } = parseDefinition('{"__proto__": {"polluted": true}, "constructor": 1}');
    expect(findings).toMatchObject([{ rule: "json/forbidden-key", pointer: "/__proto__", line: 1, column: 2 }]);
    expect(document).toEqual({ constructor: 1 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("refuses nesting that would exhaust the stack, before recursing", () => {
    const { document, findings } = parseDefinition(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    expect(document).toBeUndefined();
    expect(findings).toMatchObject([{ rule: "json/too-deep", line: 1, column: 205 }]);
  });

  it("refuses nesting behind wrong brackets, which the parser would follow", () => {
    expect(parseDefinition("[},".repeat(100_000)).findings).toMatchObject([{ rule: "json/too-deep" }]);
  });

  it("does not count brackets in texts as nesting", () => {
    expect(parseDefinition(JSON.stringify({ a: '[{"\\'.repeat(300) })).findings).toEqual([]);
  });
});
