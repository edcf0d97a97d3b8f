import type { Action } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import { type CannedReply, createCannedHttp, type SentRequest } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const ALL = Array.from({ length: 7 }, (_, index) => index + 1);
const query = (request: SentRequest, name: string) => new URL(request.url).searchParams.get(name);
const numberOf = (request: SentRequest, name: string, otherwise: number) => Number(query(request, name) ?? otherwise);

/** Five ways in which APIs page; each serves seven items, three at a time. */
const APIS: Readonly<Record<string, { action: Partial<Action>; serve: (request: SentRequest) => CannedReply }>> = {
  "link header": {
    action: {
      request: { url: "{{ page.next }}", path: "/items" },
      pagination: { items: "{{ response.body }}", next: "{{ response.links.next }}" },
    },
    serve(request) {
      const start = numberOf(request, "from", 0);
      const link = start + 3 < 7 ? { link: `<https://api.example/items?from=${start + 3}>; rel="next"` } : {};
      return { headers: { ...link, "content-type": "application/json" }, body: ALL.slice(start, start + 3) };
    },
  },
  "next URL in the body": {
    action: {
      request: { url: "{{ page.next }}", path: "/items" },
      pagination: { items: "{{ response.body.value }}", next: "{{ response.body['@next'] }}" },
    },
    serve(request) {
      const start = numberOf(request, "from", 0);
      const next = start + 3 < 7 ? { "@next": `/items?from=${start + 3}` } : {};
      return { body: { value: ALL.slice(start, start + 3), ...next } };
    },
  },
  cursor: {
    action: {
      request: { path: "/items", query: { cursor: "{{ page.next }}" } },
      pagination: {
        items: "{{ response.body.items }}",
        next: "{{ response.body.cursor }}",
        more: "{{ response.body.more }}",
      },
    },
    serve(request) {
      const start = numberOf(request, "cursor", 0);
      return { body: { items: ALL.slice(start, start + 3), cursor: String(start + 3), more: start + 3 < 7 } };
    },
  },
  "page number": {
    action: {
      request: { path: "/items", query: { page: "{{ page.number }}", size: "{{ page.size }}" } },
      pagination: { items: "{{ response.body }}", size: 3 },
    },
    serve: (request) => ({ body: ALL.slice((numberOf(request, "page", 0) - 1) * 3, numberOf(request, "page", 0) * 3) }),
  },
  offset: {
    action: {
      request: { path: "/items", query: { offset: "{{ page.offset }}" } },
      pagination: { items: "{{ response.body }}", size: 3 },
    },
    serve: (request) => ({ body: ALL.slice(numberOf(request, "offset", 0), numberOf(request, "offset", 0) + 3) }),
  },
};

const setUp = (action: Partial<Action>, serve: (request: SentRequest) => CannedReply) => {
  const http = createCannedHttp(serve);
  const definition = { baseUrl: "https://api.example", actions: { list: { ...action } as Action } };
  return { http, ...createTestEngine({ http, definition }) };
};

describe.each(Object.entries(APIS))("%s", (_name, { action, serve }) => {
  test("all items up to a limit, over all pages", async () => {
    const { http, call } = setUp(action, serve);
    expect((await call("list", {}, { page: { all: true } })).output).toEqual({ kind: "json", value: ALL });
    expect(http.sent).toHaveLength(3);
  });

  test("one page at a time, with an opaque continuation", async () => {
    const { http, call } = setUp(action, serve);
    const seen: unknown[] = [];
    let continuation: string | undefined;
    do {
      const { output, meta } = await call("list", {}, { page: continuation === undefined ? {} : { continuation } });
      if (output.kind === "json") seen.push(output.value);
      continuation = meta.continuation;
    } while (continuation !== undefined && seen.length < 10);
    expect(seen).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(http.sent).toHaveLength(3);
  });

  test("a limit ends reading early", async () => {
    const { http, call } = setUp(action, serve);
    expect((await call("list", {}, { page: { all: true, limit: 4 } })).output).toMatchObject({ value: [1, 2, 3, 4] });
    expect(http.sent).toHaveLength(2);
  });
});

describe("limits", () => {
  const { action, serve } = APIS.offset as (typeof APIS)[string];

  test("more pages than maxPages is an error, not a shorter list", async () => {
    const { call } = setUp(
      { ...action, pagination: { ...action.pagination, items: "{{ response.body }}", size: 3, maxPages: 2 } },
      serve,
    );
    await expect(call("list", {}, { page: { all: true } })).rejects.toMatchObject({ code: "PAGINATION_LIMIT" });
  });

  test("an upstream that names the same page again is noticed", async () => {
    const cursor = APIS.cursor as (typeof APIS)[string];
    const { call } = setUp(cursor.action, () => ({ body: { items: [1], cursor: "same", more: true } }));
    await expect(call("list", {}, { page: { all: true } })).rejects.toMatchObject({ code: "PAGINATION_LIMIT" });
  });

  test.each(["nonsense", Buffer.from('{"c":"other","a":"list","n":1,"o":0}').toString("base64url")])(
    "the continuation %s is refused",
    async (continuation) => {
      const { call } = setUp(action, serve);
      await expect(call("list", {}, { page: { continuation } })).rejects.toMatchObject({
        code: "INPUT_INVALID",
        details: [{ pointer: "/page/continuation" }],
      });
    },
  );

  test.each(["https://evil.example/", "https://api.example/admin/keys"])(
    "a continuation to %s that somebody wrote himself is refused",
    async (x) => {
      const link = APIS["link header"] as (typeof APIS)[string];
      const { http, call } = setUp(link.action, link.serve);
      const content = JSON.stringify({ c: "shop", a: "list", k: null, u: null, n: 2, o: 3, x });
      const unsigned = Buffer.from(content).toString("base64url");
      for (const continuation of [unsigned, `${unsigned}.`, `${unsigned}.${"A".repeat(43)}`]) {
        await expect(call("list", {}, { page: { continuation } })).rejects.toMatchObject({ code: "INPUT_INVALID" });
      }
      expect(http.sent).toHaveLength(0);
    },
  );

  test("a continuation belongs to its user", async () => {
    const link = APIS["link header"] as (typeof APIS)[string];
    const { call } = setUp(link.action, link.serve);
    const { continuation = "" } = (await call("list")).meta;
    const caller = {
      kind: "user",
      id: "u1",
      user: { id: "u1", roles: [], groups: [], claims: {} },
      scopes: [],
    } as const;
    await expect(call("list", {}, { caller, page: { continuation } })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("a continuation holds no secret that the next link repeats", async () => {
    const http = createCannedHttp((request) =>
      new URL(request.url).searchParams.has("from")
        ? { body: { value: [2] } }
        : { body: { value: [1], "@next": "https://api.example/items?key=sesame-sesame&from=1" } },
    );
    const { call } = createTestEngine({
      http,
      connection: { secretParameters: { key: "sesame-sesame" } },
      definition: {
        baseUrl: "https://api.example",
        connection: {
          parameters: { type: "object", properties: { key: { type: "string", writeOnly: true } } },
          auth: [{ type: "apiKey", in: "query", name: "key", value: "{{ connection.key }}" }],
        },
        actions: { list: APIS["next URL in the body"]?.action as Action },
      },
    });
    const { continuation } = (await call("list")).meta;
    expect(Buffer.from(continuation ?? "", "base64url").toString()).not.toContain("sesame");
    await call("list", {}, { page: { continuation: continuation ?? "" } });
    expect(http.sent.at(-1)?.url).toBe("https://api.example/items?from=1&key=sesame-sesame");
  });

  test("items that are no list are an error", async () => {
    const { call } = setUp(action, () => ({ body: { not: "a list" } }));
    await expect(call("list")).rejects.toMatchObject({ code: "UPSTREAM_INVALID" });
  });

  test("response.body shapes the list", async () => {
    const shaped = { ...action, response: { body: { count: "{{ items | length }}", last: "{{ items | last }}" } } };
    const { call } = setUp(shaped, serve);
    expect((await call("list", {}, { page: { all: true } })).output).toEqual({
      kind: "json",
      value: { count: 7, last: 7 },
    });
  });
});
