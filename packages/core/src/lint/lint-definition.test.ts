import { readFileSync } from "node:fs";
import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { validateDefinition } from "../definition/validate-definition.ts";
import { changeExample, exampleDefinition } from "./example-definition.ts";
import { lintDefinition, lintText } from "./lint-definition.ts";
import { lintRules } from "./rules/lint-rules.ts";

describe("the rules", () => {
  it("have ids of their own", () => {
    const ids = lintRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("say nothing about the example definition", () => {
    expect(validateDefinition(exampleDefinition)).toEqual([]);
    expect(lintDefinition(exampleDefinition)).toEqual([]);
  });

  it.each(lintRules.map((rule) => [rule.id, rule] as const))("%s reports its incorrect example", (id, rule) => {
    const document = changeExample(rule.incorrect);
    expect(validateDefinition(document)).toEqual([]);
    const own = lintDefinition(document, undefined, { rules: [rule] });
    expect(own.map((finding) => finding.rule)).toContain(id);
    for (const { message, hint } of own) {
      expect(message).toMatch(/^\S.*[^.]$/s);
      expect(hint).toMatch(/^\S.+$/s);
    }
  });

  it.each(lintRules.map((rule) => [rule.id, rule] as const))("%s accepts its correct example", (_id, rule) => {
    const document = changeExample(rule.correct);
    expect(validateDefinition(document)).toEqual([]);
    expect(lintDefinition(document, undefined, { rules: [rule] })).toEqual([]);
  });

  it.each(lintRules.map((rule) => [rule.id, rule] as const))("%s: fixes point at places that exist", (_id, rule) => {
    for (const { fix } of lintDefinition(changeExample(rule.incorrect), undefined, { rules: [rule] })) {
      for (const operation of fix?.patch ?? []) expect(operation.path).toMatch(/^\//);
    }
  });
});

describe("lintText", () => {
  it("tells malformed JSON only", () => {
    expect(lintText("{").findings.map(({ rule }) => rule)).toEqual(["json/malformed"]);
  });

  it("tells errors of the schema before those of the rules", () => {
    const { findings, passed } = lintText('{"name": "a", "title": "A", "version": "1.0.0", "action": {}}');
    expect(findings.map(({ rule }) => rule)).toEqual(["schema/no-alternative", "schema/unknown-key"]);
    expect(passed).toBe(false);
  });

  it("passes what has only advice, and leaves advice out at the gate", () => {
    const text = JSON.stringify({ ...exampleDefinition, description: undefined });
    expect(lintText(text)).toMatchObject({ passed: true, findings: [{ rule: "missing-connector-description" }] });
    expect(lintText(text, { level: "gate" })).toEqual({ passed: true, findings: [] });
  });

  it("lints the short form as what it becomes", () => {
    const { findings } = lintText(JSON.stringify({ name: "a", url: "http://a.example/x" }));
    expect(findings.map(({ rule }) => rule)).toContain("plain-http");
  });
});

/** Places in the text, line and column from 1; the text is the changed example with two blanks of indentation. */
describe("positions", () => {
  const table = JSON.parse(readFileSync(new URL("./positions.fixture.json", import.meta.url), "utf8")) as Readonly<
    Record<string, readonly string[]>
  >;
  it.each(lintRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
    const text = JSON.stringify(changeExample(rule.incorrect), null, 2);
    const places = lintText(text)
      .findings.filter((finding) => finding.rule === id)
      .map(({ line, column, pointer }) => `${line}:${column} ${pointer}`);
    expect(places).toEqual(table[id]);
  });

  it("go through the escapes of JSON and the lines of a template", () => {
    const document: ConnectorDefinition = {
      ...exampleDefinition,
      actions: {
        ...exampleDefinition.actions,
        whoAmI: { hidden: true, request: { path: "/me", query: { q: 'a"\n{{ inputt }}' } } },
      },
    };
    const text = JSON.stringify(document);
    const [finding] = lintText(text).findings;
    expect(text.slice((finding?.column ?? 0) - 1)).toMatch(/^inputt }}/);
  });
});
