import { describe, expect, it } from "vitest";
import { writeBatchText } from "./batch-text.ts";

describe("writeBatchText", () => {
  it.each([
    ["plain text", "reader", "reader"],
    ["other control characters", "a\u0001\n\u001f", "a\u0001\n\u001f"],
    ["a whole surrogate pair", "\ud83d\ude00", "\ud83d\ude00"],
    ["a backslash before u0000", "\\u0000", "\\u0000"],
    ["NUL", "a\u0000b\u0000", "a\ufffdb\ufffd"],
    ["half a surrogate pair", "a\ud83d", "a\ufffd"],
    ["NUL after a backslash", "\\\u0000", "\\\ufffd"],
  ])("keeps what Postgres can hold: %s", (_what, value, kept) => {
    const text = writeBatchText([{ a: value, b: { c: [value, 1, null] } }]);
    expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
    expect(JSON.parse(text)).toEqual([{ a: kept, b: { c: [kept, 1, null] } }]);
  });
});
