import { createCannedHttp, createTestEngine, type SentRequest } from "@junctor/core";
import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { exportOpenApi } from "../export/export-openapi.ts";
import { importDocument } from "../import-document.ts";
import { asObject, type Obj } from "../json-value.ts";

const list = (members: Obj): Obj => ({ type: "object", properties: members });
const rows = { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } };
const text = { type: "string" };

/** A document with one operation that lists things. */
const listing = (pageable: unknown, schema: unknown, more: Obj = {}, root: Obj = {}): Obj => ({
  openapi: "3.0.3",
  info: { title: "Things", version: "1" },
  servers: [{ url: "https://api.example.com" }],
  paths: {
    "/things": {
      get: {
        operationId: "list",
        "x-ms-pageable": pageable,
        parameters: [
          { name: "api-version", in: "query", required: true, schema: text },
          { name: "tags", in: "query", explode: false, schema: { type: "array", items: text } },
          { name: "X-Trace", in: "header", schema: text },
        ],
        responses: { 200: { description: "OK", content: { "application/json": { schema } } } },
        ...more,
      },
    },
  },
  ...root,
});

function importOf(document: Obj) {
  const result = importDocument([{ path: "a.json", bytes: new TextEncoder().encode(JSON.stringify(document)) }]);
  expect(result.ok).toBe(true);
  return { result, action: asObject(asObject(result.definition?.actions).list) };
}

describe("x-ms-pageable", () => {
  it.each<[string, unknown, Obj, string, string]>([
    [
      "the usual names",
      { nextLinkName: "nextLink" },
      list({ value: rows, nextLink: text }),
      "response.body.value",
      "response.body.nextLink",
    ],
    [
      "a name that is no identifier",
      { nextLinkName: "@odata.nextLink" },
      list({ value: rows, "@odata.nextLink": text }),
      "response.body.value",
      "response.body['@odata.nextLink']",
    ],
    [
      "a list under another name",
      { nextLinkName: "next", itemName: "things" },
      list({ things: rows, other: rows, next: text }),
      "response.body.things",
      "response.body.next",
    ],
    [
      "the only list",
      { nextLinkName: "next" },
      list({ things: rows, next: text }),
      "response.body.things",
      "response.body.next",
    ],
    [
      "names in another case",
      { nextLinkName: "nextlink", itemName: "Value" },
      list({ value: rows, nextLink: text }),
      "response.body.value",
      "response.body.nextLink",
    ],
    [
      "dots between levels",
      { nextLinkName: "meta.next", itemName: "data.rows" },
      list({ data: list({ rows }), meta: list({ next: text }) }),
      "response.body.data.rows",
      "response.body.meta.next",
    ],
    [
      "an empty object, by the default names",
      {},
      list({ value: rows, nextLink: text }),
      "response.body.value",
      "response.body.nextLink",
    ],
    [
      "a next link that the answer does not describe",
      { nextLinkName: "@odata.nextLink" },
      list({ value: rows }),
      "response.body.value",
      "response.body['@odata.nextLink']",
    ],
  ])("%s", (_, pageable, schema, items, next) => {
    const { result, action } = importOf(listing(pageable, schema));
    expect(result.losses).toEqual([]);
    expect(action.pagination).toEqual({ items: `{{ ${items} }}`, next: `{{ ${next} }}` });
    expect(action.request).toEqual({
      method: "GET",
      path: "/things",
      url: "{{ page.next }}",
      query: {
        "api-version": "{{ input['api-version'] if page.next is not defined }}",
        tags: { value: "{{ input.tags if page.next is not defined }}", explode: false },
      },
      headers: { "X-Trace": "{{ input['X-Trace'] }}" },
    });
    const exported = asObject(exportOpenApi(result.definition ?? {}).document);
    expect(asObject(asObject(exported.paths)["/things"]).get).toMatchObject({
      "x-ms-pageable": pageable,
      parameters: [{ name: "api-version", required: true }, { name: "tags", explode: false }, { name: "X-Trace" }],
    });
  });

  it.each<[string, Obj, string]>([
    ["an answer without a schema", listing({ nextLinkName: "nextLink" }, undefined), "pageable-items"],
    ["an answer without a list", listing({ nextLinkName: "nextLink" }, list({ id: text })), "pageable-items"],
    ["an answer with several lists", listing({ nextLinkName: "n" }, list({ a: rows, b: rows })), "pageable-items"],
    ["a list that is none", listing({ nextLinkName: "n", itemName: "a" }, list({ a: text })), "pageable-items"],
    ["an answer that is the list", listing({ nextLinkName: "n" }, rows), "pageable-items"],
    [
      "another operation for further pages",
      listing({ nextLinkName: "n", operationName: "list" }, list({ value: rows })),
      "pageable-operation",
    ],
    [
      "a server of its own",
      listing({ nextLinkName: "n" }, list({ value: rows }), { servers: [{ url: "https://other.example.com" }] }),
      "pageable-url",
    ],
  ])("%s is a loss", (_, document, code) => {
    const { result, action } = importOf(document);
    expect(action.pagination).toBeUndefined();
    expect(result.losses.map((loss) => `${loss.code} ${loss.pointer}`)).toEqual([
      `${code} /paths/~1things/get/x-ms-pageable`,
    ]);
  });

  it("a request that is no GET is a loss", () => {
    const document = listing({ nextLinkName: "nextLink" }, list({ value: rows }));
    const { get } = asObject(asObject(document.paths)["/things"]);
    const { result } = importOf({ ...document, paths: { "/things": { post: get } } });
    expect(result.losses.map((loss) => loss.code)).toEqual(["pageable-method"]);
  });

  it.each([null, undefined])("a next link named %s is one page", (nextLinkName) => {
    const pageable = nextLinkName === null ? { nextLinkName } : undefined;
    const { result, action } = importOf(listing(pageable, list({ value: rows })));
    expect([action.pagination, result.losses]).toEqual([undefined, []]);
  });

  it("reads the pages: the next link as it is, the answer as the source describes it", async () => {
    const document = listing(
      { nextLinkName: "nextLink" },
      list({ value: rows, nextLink: text, total: { type: "integer" } }),
    );
    const sent: SentRequest[] = [];
    const http = createCannedHttp((request: SentRequest) => {
      sent.push(request);
      const start = Number(new URL(request.url).searchParams.get("skip") ?? 0);
      const next = `https://api.example.com/things?api-version=7&skip=${start + 2}`;
      return { body: { value: [{ id: start }, { id: start + 1 }], total: 6, ...(start < 4 && { nextLink: next }) } };
    });
    const { result } = importOf(document);
    const engine = createTestEngine({ definition: result.definition as unknown as ConnectorDefinition, http });
    const answer = await engine.call("list", { "api-version": "7", tags: ["a", "b"] }, { page: { all: true } });
    expect(answer.output).toMatchObject({
      value: { value: [0, 1, 2, 3, 4, 5].map((id) => ({ id })), total: 6 },
    });
    expect(sent.map(({ url }) => url)).toEqual([
      "https://api.example.com/things?api-version=7&tags=a,b",
      "https://api.example.com/things?api-version=7&skip=2",
      "https://api.example.com/things?api-version=7&skip=4",
    ]);
  });
});
