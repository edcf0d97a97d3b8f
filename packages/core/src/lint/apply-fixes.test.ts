import { describe, expect, it } from "vitest";
import { applyFixes } from "./apply-fixes.ts";
import { changeExample, exampleDefinition } from "./example-definition.ts";
import { lintText } from "./lint-definition.ts";
import { lintRules } from "./rules/lint-rules.ts";

const write = (document: unknown): string => JSON.stringify(document, null, 2);

describe("applyFixes", () => {
  it.each([
    ["/baseUrl", { "/baseUrl": "http://api.books.example" }, '"baseUrl": "https://api.books.example"'],
    ["/actions/getBook/request/path", { "/actions/getBook/request/path": "books" }, '"path": "/books"'],
    ["/connection/test/action", { "/connection/test": { action: "whoami" } }, '"action": "whoAmI"'],
    ["/$schema", { "/$schema": undefined }, '"$schema": "https://junctor.dev/schema/connector/v1.json"'],
    ["minlength", { "/actions/order/input/properties/isbn/minlength": 10 }, '"minLength": 10'],
  ])("settles what was found at %s", (_place, change, expected) => {
    const text = write(changeExample(change));
    const fixed = applyFixes(text, lintText(text).findings);
    expect(fixed.applied).toBe(1);
    expect(fixed.text).toContain(expected);
  });

  it("leaves nothing of a fixable rule in its incorrect example", () => {
    for (const rule of lintRules) {
      const text = write(changeExample(rule.incorrect));
      const fixable = lintText(text).findings.filter(
        (finding) => finding.rule === rule.id && finding.fix !== undefined,
      );
      if (fixable.length === 0) continue;
      const after = lintText(applyFixes(text, fixable).text).findings.filter(({ rule: id }) => id === rule.id);
      expect(after).toEqual([]);
    }
  });

  it("renames an unknown key where it stands, and keeps the rest of the text", () => {
    const text =
      '{ "name":"a",\r\n\t"titel": "A", "version": "1.0.0",\n  "actions": { "x": { "request": { "path": "/" } } } , "baseUrl": "https://a.example" }';
    const { text: fixed, applied } = applyFixes(text, lintText(text).findings);
    expect(applied).toBe(1);
    expect(fixed).toBe(text.replace("titel", "title"));
  });

  it("does not touch one place twice", () => {
    const text = write(exampleDefinition);
    const fix = (value: string) => ({ title: value, patch: [{ op: "replace" as const, path: "/title", value }] });
    const finding = { rule: "r", severity: "error" as const, pointer: "/title", line: 1, column: 1, message: "m" };
    const { text: fixed, applied } = applyFixes(text, [
      { ...finding, fix: fix("One") },
      { ...finding, fix: fix("Two") },
    ]);
    expect(applied).toBe(1);
    expect(fixed).toContain('"title": "One"');
  });
});
