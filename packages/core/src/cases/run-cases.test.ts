import type { Case, ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { runCases, validateCaseFile } from "./run-cases.ts";

const definition: ConnectorDefinition = {
  name: "shop",
  title: "Shop",
  version: "1.0.0",
  baseUrl: "https://shop.example",
  connection: {
    parameters: {
      type: "object",
      required: ["key", "region"],
      properties: { key: { type: "string", writeOnly: true }, region: { enum: ["eu", "us"] } },
    },
    auth: [{ type: "apiKey", in: "header", name: "X-Key", value: "{{ connection.key }}" }],
  },
  actions: {
    order: {
      input: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
      request: {
        method: "POST",
        path: "/{{ connection.region }}/orders",
        body: { id: "{{ input.id }}", by: "{{ user.email }}" },
      },
      response: { body: { state: "{{ response.body.state }}" } },
      errors: [{ when: "{{ response.status == 409 }}", code: "SOLD_OUT" }],
    },
    form: {
      request: {
        method: "POST",
        path: "/form",
        contentType: "application/x-www-form-urlencoded",
        body: { a: ["1", "2"], b: "x y" },
      },
    },
    note: { request: { path: "/note" }, response: { text: "{{ response.body.state }}!", contentType: "text/plain" } },
    list: {
      request: { path: "/list", query: { page: "{{ page.number }}" } },
      pagination: { items: "{{ response.body.items }}", size: 2 },
    },
  },
};

const user = { id: "u1", email: "ann@example.com" };
const run = async (action: string, ...cases: readonly Case[]) =>
  runCases(definition, [{ name: "file.json", file: { action, user, cases } }]);

describe("runCases passes", () => {
  it.each<[string, string, Case]>([
    [
      "a request with its made-up connection and a reply",
      "order",
      {
        input: { id: 1 },
        request: {
          method: "POST",
          url: "https://shop.example/eu/orders",
          headers: { "x-key": "test-key", accept: "application/json, */*;q=0.8", authorization: null },
          body: { id: 1, by: "ann@example.com" },
        },
        reply: { status: 201, body: { state: "placed", secret: 1 } },
        output: { state: "placed" },
      },
    ],
    [
      "the connector's own error code",
      "order",
      { input: { id: 1 }, reply: { status: 409, body: {} }, error: "SOLD_OUT" },
    ],
    ["an error before anything is sent", "order", { input: {}, error: "INPUT_INVALID" }],
    ["path and query apart", "list", { input: {}, request: { path: "/list", query: { page: "1" } } }],
    ["a form", "form", { input: {}, request: { body: { a: ["1", "2"], b: "x y" } } }],
    [
      "a text answer",
      "note",
      { input: {}, reply: { body: { state: "ok" } }, output: { contentType: "text/plain", text: "ok!" } },
    ],
    [
      "several pages",
      "list",
      {
        input: {},
        request: [{ url: "https://shop.example/list?page=1" }, { url: "https://shop.example/list?page=2" }],
        reply: [{ body: { items: [1, 2] } }, { body: { items: [3] } }],
        output: [1, 2, 3],
      },
    ],
  ])("%s", async (_title, action, each) => {
    expect(await run(action, each)).toMatchObject([{ passed: true, differences: [] }]);
  });
});

describe("runCases fails", () => {
  it.each<[string, string, Case, readonly unknown[]]>([
    [
      "another method",
      "note",
      { input: {}, request: { method: "PUT" } },
      [{ place: "request/method", expected: "PUT", actual: "GET" }],
    ],
    [
      "another query",
      "list",
      { input: {}, request: { path: "/lists", query: { page: "2", size: "2" } } },
      [
        { place: "request/path", expected: "/lists", actual: "/list" },
        { place: "request/query/page", expected: "2", actual: "1" },
        { place: "request/query/size", expected: "2", actual: undefined },
      ],
    ],
    [
      "a wrong member of the body",
      "order",
      { input: { id: 1 }, request: { body: { id: 2, by: "ann@example.com" } } },
      [{ place: "request/body/id", expected: 2, actual: 1 }],
    ],
    [
      "a header that must not be there",
      "order",
      { input: { id: 1 }, request: { headers: { "X-Key": null } } },
      [{ place: "request/headers/X-Key", expected: undefined, actual: "test-key" }],
    ],
    [
      "a missing member of the output",
      "order",
      { input: { id: 1 }, reply: { body: { state: "a" } }, output: { state: "a", more: 1 } },
      [{ place: "output/more", expected: 1, actual: undefined }],
    ],
    [
      "another error",
      "order",
      { input: {}, error: "SOLD_OUT" },
      [{ place: "error", expected: "SOLD_OUT", actual: "INPUT_INVALID" }],
    ],
    [
      "no error where one is expected",
      "note",
      { input: {}, reply: { body: { state: "ok" } }, error: "SOLD_OUT" },
      [{ place: "error", expected: "SOLD_OUT", actual: undefined }],
    ],
    [
      "a request that was never sent",
      "note",
      { input: {}, request: [{ method: "GET" }, { method: "GET" }] },
      [{ place: "request 2", expected: { method: "GET" }, actual: undefined }],
    ],
  ])("on %s", async (_title, action, each, differences) => {
    expect(await run(action, each)).toMatchObject([{ passed: false, differences }]);
  });

  it("on an error that nobody expects, and says which", async () => {
    const [result] = await run("order", {
      title: "refused",
      input: { id: 1 },
      reply: { status: 500, body: {} },
      output: {},
    });
    expect(result).toMatchObject({ title: "file.json: refused", passed: false, error: { code: "UPSTREAM_STATUS" } });
  });
});

describe("runCases", () => {
  it.each([
    [
      "an OAuth token",
      { type: "oauth2", grant: "clientCredentials", tokenUrl: "https://shop.example/t" },
      { authorization: "Bearer test-token" },
    ],
    [
      "a session's token where apply says",
      {
        type: "session",
        login: [{ id: "a", request: { path: "/login" } }],
        token: { accessToken: "{{ response.body.sid }}" },
        apply: { headers: { "X-Session": "s-{{ token.accessToken }}" } },
      },
      { "x-session": "s-test-token", authorization: null },
    ],
  ] as const)("has %s at hand", async (_what, method, headers) => {
    const document = {
      ...definition,
      connection: { auth: [method] },
      actions: { note: definition.actions?.note },
    } as unknown as ConnectorDefinition;
    const cases = [{ input: {}, request: { headers } }];
    expect(await runCases(document, [{ name: "n", file: { action: "note", cases } }])).toMatchObject([
      { passed: true },
    ]);
  });

  it("runs the cases within the definition too", async () => {
    const note = definition.actions?.note;
    const document = {
      ...definition,
      actions: { note: { ...note, cases: [{ input: {}, request: { url: "https://shop.example/note" } }] } },
    } as ConnectorDefinition;
    expect(await runCases(document, [])).toMatchObject([{ title: "note: case 1", passed: true }]);
  });
});

describe("validateCaseFile", () => {
  it.each([
    [{ action: "a", cases: [{ input: {} }] }, []],
    [{ action: "a", cases: [] }, ["schema/invalid /cases"]],
    [{ action: "a", case: [] }, ["schema/missing-key ", "schema/unknown-key /case"]],
    [{ action: "a", cases: [{ input: {}, replay: {} }] }, ["schema/unknown-key /cases/0/replay"]],
  ])("looks at %j", (file, expected) => {
    expect(validateCaseFile(file).map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual(expected);
  });

  it.each([
    [{ cases: [{ input: {} }] }, 'The file of cases has no "action"'],
    [{ action: "a", cases: [{ input: {} }, { title: "t" }] }, 'Case 2 has no "input"'],
  ])("calls places of %j by what they are: %s", (file, expected) => {
    expect(validateCaseFile(file).map(({ message }) => message)).toEqual([expected]);
  });
});
