import type { JsonObject } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asObject } from "../json-value.ts";
import { formatReimport, reimport } from "./reimport.ts";

const document = (more: object, limit: object = { type: "integer" }) => [
  {
    path: "openapi.json",
    bytes: new TextEncoder().encode(
      JSON.stringify({
        openapi: "3.0.0",
        info: { title: "Shop", version: "1" },
        servers: [{ url: "https://shop.example" }],
        paths: {
          "/orders": {
            get: {
              operationId: "listOrders",
              summary: "Orders",
              parameters: [{ name: "limit", in: "query", schema: limit }],
              responses: { 200: { description: "OK" } },
            },
          },
          ...more,
        },
      }),
    ),
  },
];

describe("a changed source", () => {
  const previous = document({});
  const edited = (): JsonObject => {
    const definition = JSON.parse(JSON.stringify(importDocument(previous).definition)) as JsonObject;
    const action = asObject(asObject(definition.actions).listOrders);
    action.title = "List my orders";
    action.cache = { ttl: "PT5M" };
    return definition;
  };

  it("adds what is new and keeps what was edited by hand", () => {
    const next = document({
      "/refunds": { post: { operationId: "refund", responses: { 201: { description: "Made" } } } },
    });
    const outcome = reimport({ definition: edited(), previous, next });
    expect(outcome.lint).toEqual([]);
    expect(outcome.definition.actions).toMatchObject({
      listOrders: { title: "List my orders", cache: { ttl: "PT5M" } },
      refund: { request: { method: "POST", path: "/refunds" } },
    });
    expect(outcome.changes.map(({ kind, pointer }) => `${kind} ${pointer}`).sort()).toEqual([
      "kept /actions/listOrders/cache",
      "kept /actions/listOrders/title",
      "source /actions/refund",
    ]);
    expect(outcome.diff.step).not.toBe("major");
    expect(formatReimport(outcome)).toContain("~ /actions/refund");
  });
  it("says what is breaking in what the source changed", () => {
    const outcome = reimport({ definition: edited(), previous, next: document({}, { type: "boolean" }) });
    expect(outcome.diff.step).toBe("major");
    expect(
      outcome.changes.some(
        ({ kind, pointer }) => kind === "source" && pointer.startsWith("/actions/listOrders/input/properties/limit"),
      ),
    ).toBe(true);
  });
  it("keeps the edit where both changed the same place", () => {
    const next = document({});
    const text = new TextDecoder().decode(next[0]?.bytes).replace('"summary":"Orders"', '"summary":"All orders"');
    const outcome = reimport({
      definition: edited(),
      previous,
      next: [{ path: "openapi.json", bytes: new TextEncoder().encode(text) }],
    });
    expect(outcome.changes).toContainEqual({
      pointer: "/actions/listOrders/title",
      kind: "conflict",
      before: "Orders",
      after: "List my orders",
      wanted: "All orders",
    });
  });
  it("changes nothing if nothing changed", () => {
    const outcome = reimport({ definition: edited(), previous, next: previous });
    expect(outcome.definition).toEqual(edited());
  });
});
