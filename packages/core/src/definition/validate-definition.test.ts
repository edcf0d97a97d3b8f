import { readFileSync } from "node:fs";
import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import { readPointer } from "./json-pointer.ts";
import { normalizeDefinition } from "./normalize-definition.ts";
import { checkDefinition, readDefinition, validateDefinition } from "./validate-definition.ts";

interface Change {
  readonly reason: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly pointer: string;
  readonly rule: string;
  readonly near?: string;
  /** Further findings, before or after the one that counts. */
  readonly also?: readonly string[];
}

const { examples, counterExamples } = JSON.parse(
  readFileSync(new URL("../../../sdk/schema/connector-v1.examples.json", import.meta.url), "utf8"),
) as {
  readonly examples: readonly { readonly title: string; readonly document: ConnectorDefinition }[];
  readonly counterExamples: { readonly base: ConnectorDefinition; readonly changes: readonly Change[] };
};

const parentOf = (document: unknown, pointer: string): [Record<string, unknown>, string] => {
  const path = [...readPointer(pointer)];
  const last = path.pop() ?? "";
  let parent = document as Record<string, unknown>;
  for (const segment of path) parent = parent[segment] as Record<string, unknown>;
  return [parent, last];
};

const changed = ({ set = {}, remove = [] }: Change): unknown => {
  const document = structuredClone(counterExamples.base);
  for (const [pointer, value] of Object.entries(set)) {
    const [parent, name] = parentOf(document, pointer);
    parent[name] = value;
  }
  for (const pointer of remove) {
    const [parent, name] = parentOf(document, pointer);
    delete parent[name];
  }
  return document;
};

describe("validateDefinition accepts", () => {
  it.each(examples.map(({ title, document }) => [title, document] as const))("%s", (_title, document) => {
    expect(validateDefinition(document)).toEqual([]);
  });

  it.each(examples.map(({ title, document }) => [title, document] as const))(
    "what normalising makes of: %s",
    (_t, document) => {
      const normalized = normalizeDefinition(document);
      expect(validateDefinition(normalized)).toEqual([]);
      expect(normalizeDefinition(normalized)).toEqual(normalized);
    },
  );

  it("the document that the counter-examples change", () => {
    expect(validateDefinition(counterExamples.base)).toEqual([]);
  });

  it("x- members in every object of the format", () => {
    const document = structuredClone(counterExamples.base) as unknown as Record<string, Record<string, unknown>>;
    const mark = (value: unknown): void => {
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        (value as Record<string, unknown>)["x-mine"] = 1;
    };
    mark(document);
    mark(document.connection);
    mark((document.connection as { auth: unknown[] }).auth[0]);
    mark(document.defaults);
    mark(document.actions?.list);
    mark((document.actions as { list: Record<string, unknown> }).list.request);
    mark(document.dynamic);
    expect(validateDefinition(document)).toEqual([]);
  });
});

describe("validateDefinition refuses", () => {
  it.each(counterExamples.changes.map((change) => [change.reason, change] as const))("%s", (_reason, change) => {
    const findings = validateDefinition(changed(change));
    const places = findings.map(({ rule, pointer }) => `${rule} ${pointer}`);
    expect(places.toSorted()).toEqual([`${change.rule} ${change.pointer}`, ...(change.also ?? [])].toSorted());
    const found = findings.find(({ pointer }) => pointer === change.pointer);
    expect(found?.severity).toBe("error");
    expect(found?.message.length).toBeGreaterThan(10);
    if (change.near !== undefined) expect(`${found?.message} ${found?.hint}`).toContain(JSON.stringify(change.near));
  });

  it.each([[null], [[]], ["text"], [12], [true]])("%j, which is no object", (document) => {
    expect(validateDefinition(document).map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual([
      "schema/wrong-type ",
    ]);
  });

  it("two rows of one header in the short form, whatever their case", () => {
    const rows = [{ key: "Accept" }, { key: "accept" }];
    expect(validateDefinition({ name: "a", url: "https://x.example", headers: rows })).toMatchObject([
      { rule: "schema/duplicate-row", pointer: "/headers/1/key" },
    ]);
  });

  it("an unknown key of the short form, with the nearest known one and a fix", () => {
    expect(validateDefinition({ name: "a", url: "https://x.example", query_params: [] })).toMatchObject([
      {
        rule: "schema/unknown-key",
        pointer: "/query_params",
        hint: 'Rename it to "query_parameters"',
        fix: { patch: [{ op: "move", from: "/query_params", path: "/query_parameters" }] },
      },
    ]);
  });
});

describe("readDefinition", () => {
  const errorOf = (act: () => unknown): ConnectorError => {
    try {
      act();
    } catch (error) {
      if (error instanceof ConnectorError) return error;
    }
    throw new Error("Expected a ConnectorError");
  };

  it("gives line and column of an unknown key, and says what to do", () => {
    const text = `{\n  "name": "a", "title": "A", "version": "1.0.0",\n  "actions": {\n    "go": { "request": { "pth": "/" } }\n  }\n}`;
    const error = errorOf(() => readDefinition(text));
    expect(error.code).toBe("DEFINITION_INVALID");
    expect(error.details).toContainEqual({
      pointer: "/actions/go/request/pth",
      line: 4,
      column: 26,
      message: 'There is no "pth" here; did you mean "path"?',
      hint: 'Rename it to "path"',
    });
  });

  it("reports malformed JSON with its place", () => {
    const error = errorOf(() => readDefinition('{\n  "name": "a"\n  "title": "A"\n}'));
    expect(error.details).toEqual([
      {
        pointer: "",
        line: 3,
        column: 3,
        message: 'A comma is missing here (at "\\"")',
        hint: "Put a comma between members or elements",
      },
    ]);
  });

  it("gives the author's document, its places and the canonical definition", () => {
    const text = JSON.stringify(counterExamples.base);
    const { document, definition, positions } = readDefinition(text);
    expect(document).toEqual(counterExamples.base);
    expect(definition.baseUrl).toEqual({ default: { baseUrl: "https://books.example" } });
    expect(positions.find("/title", "key")).toEqual({ line: 1, column: 17 });
  });
});

describe("checkDefinition", () => {
  it("throws every finding as a detail, with pointers but no places", () => {
    expect(() => checkDefinition({ name: "A b", title: "", version: "1" })).toThrow(
      expect.objectContaining({ code: "DEFINITION_INVALID" }) as Error,
    );
  });
});
