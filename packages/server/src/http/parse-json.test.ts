import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

function refusalOf(text: string): ConnectorError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("parseJson", () => {
  it("parses what JSON allows", () => {
    expect(parseJson('{"a":[1,null,"é"]}')).toEqual({ a: [1, null, "é"] });
    expect(parseJson("null")).toBeNull();
  });

  const malformed: readonly [text: string, line: number, column: number][] = [
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ["{'a': 1}", 1, 2],
    ['{"a": "open', 1, 7],
    ["", 1, 1],
    ['{"a": 1} trailing', 1, 10],
    ['{"a": 1 /* why */}', 1, 9],
  ];
  for (const [text, line, column] of malformed) {
    it(`says where ${JSON.stringify(text)} is malformed`, () => {
      const refusal = refusalOf(text);
      expect(refusal.code).toBe("REQUEST_MALFORMED");
      expect(refusal.details).toEqual([{ pointer: "", message: expect.any(String), line, column }]);
    });
  }

  it("never quotes the text, which may hold a secret", () => {
    const refusal = refusalOf('{"token": "s3cr3t-value" oops}');
    expect(JSON.stringify([refusal.message, refusal.details])).not.toContain("s3cr3t");
  });

  const hostile: readonly [what: string, text: string, message: RegExp][] = [
    ["a prototype", '{"a":{"__proto__":{"admin":true}}}', /\/a\/__proto__ is a name that is refused/],
    ["an escaped prototype", '{"\\u005f_proto__":1}', /\/__proto__ is a name that is refused/],
    ["deep nesting", `${"[".repeat(5000)}${"]".repeat(5000)}`, /nested more than 200 levels/],
    ["deep nesting that is malformed", "[".repeat(100_000), /nested more than 200 levels/],
    ["deep nesting behind a wrong bracket", "[},".repeat(100_000), /nested more than 200 levels/],
  ];
  for (const [what, text, message] of hostile) {
    it(`refuses ${what}`, () => {
      const refusal = refusalOf(text);
      expect(refusal.code).toBe("REQUEST_INVALID");
      expect(refusal.message).toMatch(message);
    });
  }
});
