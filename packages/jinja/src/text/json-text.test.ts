import { describe, expect, it } from "vitest";
import { createEnvironment, Float, formatJson, markSafe } from "../index.ts";

describe("JSON text", () => {
  // What Python's json.dumps(value) gives.
  it.each([
    ["no members", [], "[]"],
    ["one text", ["a"], '["a"]'],
    ["texts in a row", ["a", "b", "c"], '["a", "b", "c"]'],
    ["a text first and last", ["a", 1, "b"], '["a", 1, "b"]'],
    ["a text in the middle", [1, "a", null], '[1, "a", null]'],
    ["texts around a list", ["a", [], "b"], '["a", [], "b"]'],
    ["texts that need escapes, side by side", ['"', "\\", "\n"], '["\\"", "\\\\", "\\n"]'],
    ["empty texts", ["", "", 0], '["", "", 0]'],
    ["safe text", ["a", markSafe("b"), "c"], '["a", "b", "c"]'],
    ["floats that JavaScript writes otherwise", [new Float(1), 1e16, 1e-7], "[1.0, 1e+16, 1e-07]"],
    ["members that are undefined", [undefined, "a"], '[null, "a"]'],
  ])("writes a list: %s", (_, value, text) => {
    expect(formatJson(value)).toBe(text);
  });

  it.each([
    ["no members", {}, "{}"],
    ["a text", { a: "x" }, '{"a": "x"}'],
    ["texts in a row", { a: "x", b: "y" }, '{"a": "x", "b": "y"}'],
    ["numbers around a text", { a: 1, b: "y", c: 2.5 }, '{"a": 1, "b": "y", "c": 2.5}'],
    ["objects around a text", { a: {}, b: "y", c: { d: "z" } }, '{"a": {}, "b": "y", "c": {"d": "z"}}'],
    ["members that are undefined are left out", { a: "x", b: undefined, c: "z" }, '{"a": "x", "c": "z"}'],
    ["only members that are undefined", { a: undefined }, "{}"],
    ["keys that need escapes", { 'a"b': "x", "c\n": 1 }, '{"a\\"b": "x", "c\\n": 1}'],
    ["a member called __proto__", JSON.parse('{"__proto__": "x", "a": 1}'), '{"__proto__": "x", "a": 1}'],
    [
      "a Map",
      new Map<unknown, unknown>([
        [1, "x"],
        ["b", null],
      ]),
      '{"1": "x", "b": null}',
    ],
  ])("writes an object: %s", (_, value, text) => {
    expect(formatJson(value)).toBe(text);
  });

  it("writes rows with the same number of other keys, in turn", () => {
    const template = createEnvironment().compile("{{ rows | tojson }}");
    const rows = [
      { b: "1", a: 2 },
      { a: "3", b: 4 },
      { d: "5", c: 6 },
      { a: 7, b: "8" },
    ];
    const text = '[{"a": 2, "b": "1"}, {"a": "3", "b": 4}, {"c": 6, "d": "5"}, {"a": 7, "b": "8"}]';
    expect(template.render({ rows })).toBe(text);
    expect(template.render({ rows })).toBe(text);
  });

  it("writes its own members only, whatever Object.prototype was given", () => {
    const template = createEnvironment().compile("{{ row | tojson }}");
    expect(template.render({ row: { a: 1, b: 2 } })).toBe('{"a": 1, "b": 2}');
    const settings = { value: "x", enumerable: true, configurable: true, writable: true };
    Object.defineProperty(Object.prototype, "leaked", settings);
    let text = "";
    try {
      text = template.render({ row: { a: 1, b: 2 } });
    } finally {
      delete (Object.prototype as { leaked?: unknown }).leaked;
    }
    expect(text).toBe('{"a": 1, "b": 2}');
  });
});
