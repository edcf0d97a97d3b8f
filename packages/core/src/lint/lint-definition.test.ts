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
describe("steps", () => {
  const book = (id: string, more: object = {}) => ({ id, request: { path: `/books/${id}` }, ...more });
  const reads = (step: string, more: object = {}) => ({
    id: "last",
    request: { path: "/", query: { q: `{{ steps.${step}.body.x }}` } },
    ...more,
  });
  const list = "{{ [1, 2, 3] }}";
  const table: readonly [what: string, steps: readonly object[], expected: readonly [string, string, string][]][] = [
    ["a step of an earlier group may be read", [book("a", { group: "g" }), book("b", { group: "g" }), reads("a")], []],
    ["also in a group that follows", [book("a", { group: "g" }), reads("a", { group: "h" })], []],
    [
      "also in a group of the same name that does not touch it",
      [book("a", { group: "g" }), book("b"), reads("a", { group: "g" })],
      [],
    ],
    [
      "a step of the own group may not",
      [book("a", { group: "g" }), reads("a", { group: "g" })],
      [["undeclared-step", "/actions/both/steps/1/request/query/q", 'The step "a" runs at the same time']],
    ],
    [
      "nor may a condition read it",
      [book("a", { group: "g" }), book("b", { group: "g", when: "{{ steps.a.status == 200 }}" })],
      [["undeclared-step", "/actions/both/steps/1/when", 'The step "a" runs at the same time']],
    ],
    [
      "a condition is asked once, so there is no element in it",
      [book("a", { forEach: list, when: "{{ item != 2 }}" })],
      [["unknown-name", "/actions/both/steps/0/when", '"item" cannot be read here']],
    ],
    [
      "nor is there one in the list itself",
      [book("a", { forEach: "{{ [index] }}" })],
      [["unknown-name", "/actions/both/steps/0/forEach", '"index" cannot be read here']],
    ],
    [
      "elements of a repetition within the list are read",
      [book("a", { forEach: { $each: list, value: "{{ item }}", when: "{{ item != 2 }}" } })],
      [],
    ],
    ["the request reads the element", [{ id: "a", forEach: list, request: { path: "/books/{{ item }}" } }], []],
  ];
  it.each(table)("%s", (_what, steps, expected) => {
    const title = { title: "Both", description: "Several books.", output: { type: "object" } };
    const document = changeExample({ "/actions/both": { ...title, steps } });
    expect(validateDefinition(document)).toEqual([]);
    const { findings, passed } = lintText(JSON.stringify(document, null, 2), { level: "gate" });
    expect(findings.map(({ rule, pointer, message }) => [rule, pointer, message])).toEqual(expected);
    expect(passed).toBe(expected.length === 0);
    for (const { line, hint } of findings) expect([line !== null, (hint ?? "").length > 20]).toEqual([true, true]);
  });
});

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
