import { parseTree } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { findTooDeep } from "./find-too-deep.ts";

const many = "[".repeat(100_000);

describe("findTooDeep", () => {
  const fine: readonly [what: string, text: string][] = [
    ["as deep as the limit", "[[{}]]"],
    ["much beside each other", `[${"[],{},".repeat(1000)}[]]`],
    ["brackets in texts", '["[[[[[[[[\\"{{{{{{"]'],
    ["too much that closes", "]]]]}}}}[[[]]]"],
  ];
  for (const [what, text] of fine) it(`lets through: ${what}`, () => expect(findTooDeep(text, 3)).toBeUndefined());

  const deep: readonly [what: string, text: string][] = [
    ["openings alone", many],
    ["openings after what closes nothing", `${"]".repeat(1000)}${many}`],
    ["levels that are closed by the wrong bracket", "[},".repeat(100_000)],
    ["openings after a text that its line ends", `["open\r${many}`],
    ["openings after a comment with a quote", `[/* " */${many}`],
    ["openings after a comment with brackets", `//]]]\n${many}`],
    ["objects in objects", '{"a":'.repeat(100_000)],
  ];
  for (const [what, text] of deep) {
    it(`stops before a parser runs out of stack: ${what}`, () => {
      const at = findTooDeep(text, 200);
      expect(at).toBeGreaterThan(0);
      expect(() => parseTree(text.slice(0, at))).not.toThrow();
    });
  }
});
