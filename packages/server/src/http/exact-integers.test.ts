import { ConnectorError } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { type InputPlace, requireExactIntegers } from "./exact-integers.ts";

function refusedAt(text: string, place?: InputPlace): string | null {
  try {
    requireExactIntegers(text, place);
    return null;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "INPUT_INVALID") throw error;
    return error.details[0]?.pointer ?? "";
  }
}

describe("an integer that no double holds is refused where the input holds it", () => {
  const refused: readonly [text: string, pointer: string][] = [
    ["12345678901234567890", ""],
    ["9007199254740993", ""],
    ['{"id":-9007199254740993}', "/id"],
    ['{"a":[1,{"b/c~d":12345678901234567890}]}', "/a/1/b~1c~0d"],
    [`{"id":${"9".repeat(400)}}`, "/id"],
  ];
  it.each(refused)("%s", (text, pointer) => expect(refusedAt(text)).toBe(pointer));

  const accepted: readonly [what: string, text: string][] = [
    ["2^53", "9007199254740992"],
    ["a longer one that a double holds", "10000000000000000000000"],
    ["digits in text", '{"id":"12345678901234567890"}'],
    ["digits in a name", '{"12345678901234567890":1}'],
    ["a fraction", '{"share":0.12345678901234567890}'],
    ["short ones", '{"a":1,"b":-2}'],
    ["nothing", ""],
  ];
  it.each(accepted)("not %s", (_what, text) => expect(refusedAt(text)).toBeNull());

  it("in the input alone, with a pointer into it", () => {
    const text = '{"note":12345678901234567890,"input":{"list":[12345678901234567890]}}';
    expect(refusedAt(text, { from: ["input"] })).toBe("/list/0");
    expect(refusedAt('{"inputs":{"a":12345678901234567890}}', { from: ["input"] })).toBeNull();
    expect(refusedAt('{"a":12345678901234567890}', { to: "/body" })).toBe("/body/a");
  });

  it("never quotes the value, which may be a secret", () => {
    expect(() => requireExactIntegers('{"pin":12345678901234567890}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("1234"), hint: expect.stringContaining("text") }),
    );
  });
});
