import { describe, expect, it } from "vitest";
import { compileInputValidator } from "./input-validator.ts";
import { createPatternTest } from "./safe-reg-exp.ts";

describe("a pattern of a connector author", () => {
  const table: readonly [pattern: string, text: string, matches: boolean][] = [
    ["^[a-z]+$", "abc", true],
    ["^[a-z]+$", "abc1", false],
    ["^(?:ab|c)+$", "abcab", true],
    ["^(a|aa)+$", "aaaa", true],
    ["^(\\w+\\s?)*$", "one two", true],
    ["^(.)\\1$", "xx", true],
    ["^a{2,3}$", "aaa", true],
    ["^\\(a\\)+$", "(a)))", true],
    ["^[(|*]+$", "(|*", true],
  ];
  it.each(table)("%s on %s", (pattern, text, matches) => {
    expect(createPatternTest(pattern, "u").test(text)).toBe(matches);
  });

  const hostile: readonly [pattern: string, text: string][] = [
    ["^(a|aa)+$", `${"a".repeat(60)}!`],
    ["^(a+)+$", `${"a".repeat(60)}!`],
    ["^((a*)b?)*$", `${"a".repeat(60)}!`],
    ["^(?:x|(?:a|a)*)+$", `${"a".repeat(60)}!`],
    ["(a*)*\\1$", `${"a".repeat(60)}!`],
    ["^\\s+\\s+\\s+\\s+$", `${" ".repeat(20_000)}!`],
  ];
  it.each(hostile)("%s cannot hold up the process", (pattern, text) => {
    expect(createPatternTest(pattern, "u").test(text)).toBe(false);
  });

  it("is used by the check of inputs", () => {
    const schema = { type: "object", properties: { a: { type: "string", pattern: "^(a|aa)+$" } } } as const;
    const validator = compileInputValidator(schema, undefined, "/input");
    expect(validator.check({ a: "aaa" })).toEqual({ a: "aaa" });
    expect(() => validator.check({ a: `${"a".repeat(60)}!` })).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID" }),
    );
  });

  it("is told from other patterns, within one schema and across schemas", () => {
    const schema = (pattern: string) => ({ type: "object", properties: { a: { type: "string", pattern } } }) as const;
    expect(compileInputValidator(schema("^[a-z]+$"), undefined, "/input").check({ a: "abc" })).toEqual({ a: "abc" });
    expect(compileInputValidator(schema("^[0-9]+$"), undefined, "/input").check({ a: "123" })).toEqual({ a: "123" });
  });
});
