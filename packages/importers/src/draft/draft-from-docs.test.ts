import { createCannedHttp } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { draftFromDocs } from "./draft-from-docs.ts";

const docs =
  "The bookshop API lives at https://api.books.example/v1. GET /orders?page=2 lists orders, POST /orders makes one. Send your key in X-Api-Key.";
const document = {
  openapi: "3.1.0",
  info: { title: "Bookshop", version: "1" },
  servers: [{ url: "https://api.books.example/v1" }],
  security: [{ key: [] }],
  paths: {
    "/orders": {
      get: {
        operationId: "listOrders",
        parameters: [{ name: "page", in: "query", schema: { type: "integer" } }],
        responses: { 200: { description: "Orders" } },
      },
      post: {
        operationId: "createOrder",
        "x-uncertain": "The body is not described.",
        responses: { 201: { description: "Made" } },
      },
    },
  },
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Api-Key" } } },
};
const answer = (content: string, more: object = {}) => ({ body: { choices: [{ message: { content }, ...more }] } });
const options = { endpoint: "https://models.example/v1", model: "m", key: "model-key-12345" };

describe("a good answer", () => {
  it.each([
    ["bare JSON", JSON.stringify(document)],
    ["a fenced block with talk around it", `Here it is:\n\`\`\`json\n${JSON.stringify(document)}\n\`\`\`\nEnjoy!`],
    ["JSON with talk before and after", `Sure. ${JSON.stringify(document)} That is all.`],
  ])("%s becomes a draft with a checklist", async (_, content) => {
    const http = createCannedHttp([answer(content)]);
    const draft = await draftFromDocs(docs, { ...options, http });
    expect(draft.result.ok).toBe(true);
    expect(draft.result.auth).toEqual(["apiKey"]);
    expect(draft.checklist.map(({ topic, pointer }) => `${topic} ${pointer}`)).toEqual([
      "auth /components/securitySchemes/key",
      "address /servers/0",
      "paging /paths/~1orders/get",
      "writes /paths/~1orders/post",
      "limits ",
      "uncertain /paths/~1orders/post",
    ]);
    const [sent] = http.sent;
    expect(sent).toMatchObject({
      method: "POST",
      url: "https://models.example/v1/chat/completions",
      headers: { authorization: "Bearer model-key-12345" },
    });
    expect(sent?.body).not.toContain("model-key-12345");
  });
});

describe("a broken answer is refused with a reason", () => {
  it.each([
    ["no JSON", answer("I cannot do that."), /no OpenAPI document/],
    ["JSON that is no OpenAPI", answer('{"hello": 1}'), /no OpenAPI document/],
    ["half a document", answer(JSON.stringify(document).slice(0, 200)), /no OpenAPI document/],
    [
      "an answer that ran out of room",
      answer(JSON.stringify(document), { finish_reason: "length" }),
      /ran out of room/,
    ],
    ["an empty answer", answer(""), /empty answer/],
    ["an answer that is no JSON", { body: "<html>" }, /did not answer with JSON/],
    ["a refused key", { status: 401, body: {} }, /answered 401/],
    ["an endpoint that is down", { failure: { code: "EGRESS_REFUSED", sent: false } }, /could not be reached/],
  ])("%s", async (_, reply, message) => {
    const failed = draftFromDocs(docs, { ...options, http: createCannedHttp([reply]) });
    await expect(failed).rejects.toMatchObject({ code: "IMPORT_FAILED", message: expect.stringMatching(message) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("model-key-12345") });
  });
  it("text that is empty is not sent at all", async () => {
    const http = createCannedHttp([answer("{}")]);
    await expect(draftFromDocs("  ", { ...options, http })).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(http.sent).toEqual([]);
  });
});

describe("a hostile answer stays data", () => {
  const hostile = async (change: object) =>
    draftFromDocs(docs, { ...options, http: createCannedHttp([answer(JSON.stringify({ ...document, ...change }))]) });
  it("references to files and addresses are taken out", async () => {
    const draft = await hostile({
      components: { schemas: { A: { $ref: "file:///etc/passwd" }, B: { $ref: "https://evil.example/x" } } },
    });
    expect(JSON.stringify(draft.document)).not.toMatch(/passwd|evil/);
    expect(draft.checklist.filter(({ topic }) => topic === "uncertain").length).toBeGreaterThanOrEqual(2);
  });
  it("an address that the documentation does not name is questioned", async () => {
    const draft = await hostile({ servers: [{ url: "https://evil.example" }] });
    expect(draft.checklist).toContainEqual({
      topic: "address",
      pointer: "/servers/0",
      question: expect.stringContaining("not in the documentation"),
    });
  });
  it("the key of the endpoint does not come back", async () => {
    const draft = await hostile({ info: { title: "model-key-12345", version: "1" } });
    expect(JSON.stringify(draft)).not.toContain("model-key-12345");
  });
  it("templates in it are text", async () => {
    const draft = await hostile({ servers: [{ url: "https://api.books.example/{{ secret('x') }}" }] });
    expect(JSON.stringify(draft.result.definition?.baseUrl)).not.toMatch(/\{\{ secret/);
  });
  it("deep nesting is refused", async () => {
    const nested = JSON.parse(`${'{"a":'.repeat(300)}1${"}".repeat(300)}`);
    await expect(hostile({ "x-deep": nested })).rejects.toMatchObject({ code: "IMPORT_LIMIT" });
  });
});
