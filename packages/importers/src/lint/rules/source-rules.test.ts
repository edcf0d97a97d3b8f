import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readLintSource } from "../read-lint-source.ts";
import { sourceRules } from "./source-rules.ts";

describe("each rule about sources reports its bad example at the exact place, and nothing in its good one", () => {
  it.each(sourceRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
    const found = [...rule.check(readLintSource(rule.bad.document, false))].map((problem) => problem.pointer);
    expect(found).toEqual(rule.bad.pointers);
    expect([...rule.check(readLintSource(rule.good, false))]).toEqual([]);
    expect(existsSync(new URL(`./${id}.ts`, import.meta.url)), "the file is named after the rule").toBe(true);
  });
  it("has no two rules of one name", () => {
    expect(new Set(sourceRules.map((rule) => rule.id)).size).toBe(sourceRules.length);
  });
});
