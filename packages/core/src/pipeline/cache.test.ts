import { describe, expect, it, vi } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import type { Caller } from "../execute/call.ts";
import { type CannedHttp, type CannedReply, createCannedHttp, type SentRequest } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const fresh = { "cache-control": "max-age=60" };
const user = (id: string): Caller => ({
  kind: "user",
  id,
  user: { id, email: `${id}@a.example`, roles: [], groups: [], claims: {} },
  scopes: [],
});

function setUp(
  replies: readonly CannedReply[] | ((request: SentRequest, index: number) => CannedReply) | CannedHttp,
  action: object = {},
) {
  const http = "sent" in replies ? replies : createCannedHttp(replies);
  const engine = createTestEngine({
    http,
    cache: createHttpCache(),
    connection: { secretParameters: { token: "sesame-sesame" } },
    definition: {
      baseUrl: "https://api.example",
      connection: {
        parameters: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
        auth: [{ type: "bearer", token: "{{ connection.token }}" }],
      },
      defaults: { retry: { attempts: 1 } },
      actions: {
        read: {
          cache: {},
          input: { type: "object", properties: { q: { type: "string" } } },
          request: { path: "/books", query: { q: "{{ input.q }}" } },
          ...action,
        },
        write: { request: { method: "POST", path: "/books" } },
        search: {
          cache: { ttl: "PT1M" },
          annotations: { readOnly: true },
          input: { type: "object", properties: { q: { type: "string" } } },
          request: { method: "POST", path: "/search", body: { q: "{{ input.q }}" } },
        },
      },
    },
  });
  return { ...engine, http };
}
const outcome = async (call: Promise<{ readonly meta: { readonly cache: unknown } }>) => (await call).meta.cache;

describe("the stage cache", () => {
  it("answers the second call without the upstream, a credential or an attempt, and transforms anew", async () => {
    const { call, http } = setUp([{ headers: fresh, body: { n: 1 } }], {
      response: { body: { n: "{{ response.body.n }}", who: "{{ user.email }}" } },
    });
    const first = await call("read", {}, { caller: user("a") });
    const second = await call("read", {}, { caller: user("a") });
    expect([first.meta.cache, second.meta.cache]).toEqual(["miss", "hit"]);
    expect(second.output).toEqual({ kind: "json", value: { n: 1, who: "a@a.example" } });
    expect([second.meta.attempts, http.sent.length]).toEqual([0, 1]);
  });
  it("reads what is kept like what is not: as UTF-8 where the stated character set is unknown", async () => {
    const headers = { ...fresh, "content-type": "application/json; charset=none" };
    const { call } = setUp([{ headers, body: { n: "ä" } }]);
    const caches = [await call("read"), await call("read")].map(({ output, meta }) => [meta.cache, output]);
    const output = expect.objectContaining({ kind: "json", value: { n: "ä" } });
    expect(caches).toEqual([
      ["miss", output],
      ["hit", output],
    ]);
  });
  it("keeps requests apart by what shaped them", async () => {
    const { call, http } = setUp([{ headers: fresh, body: {} }]);
    for (const q of ["a", "b", "a"]) await call("read", { q });
    expect(http.sent.map(({ url }) => url)).toEqual(["https://api.example/books?q=a", "https://api.example/books?q=b"]);
  });
  it("keeps users apart where a template reads the user", async () => {
    const { call } = setUp([{ headers: fresh, body: {} }], { response: { body: { who: "{{ user.email }}" } } });
    const caches = [];
    for (const id of ["a", "b", "a"]) caches.push(await outcome(call("read", {}, { caller: user(id) })));
    expect(caches).toEqual(["miss", "miss", "hit"]);
  });
  it("keeps nothing of an action without the setting", async () => {
    const { call } = setUp([{ headers: fresh, body: {} }]);
    expect([await outcome(call("write")), await outcome(call("write"))]).toEqual([null, null]);
  });
  it("keeps what a read-only POST answers, by its body", async () => {
    const { call, http } = setUp([{ body: {} }]);
    const caches = [];
    for (const q of ["a", "b", "a"]) caches.push(await outcome(call("search", { q })));
    expect(caches).toEqual(["miss", "miss", "hit"]);
    expect(http.sent).toHaveLength(2);
  });
  it("drops what a write to the same resource changed", async () => {
    const { call } = setUp([{ headers: fresh, body: {} }]);
    await call("read");
    await call("write");
    expect(await outcome(call("read"))).toBe("miss");
  });
  it("drops what a write changed whose answer went straight to the caller", async () => {
    const { call, engine, callOf } = setUp([{ headers: fresh, body: {} }]);
    const sink = { head: () => undefined, data: () => true, end: () => undefined, fail: () => undefined };
    await call("read");
    expect((await engine.execute(callOf("write"), sink)).output.kind).toBe("passed");
    expect(await outcome(call("read"))).toBe("miss");
  });
  it("asks with validators and takes a 304 for the body it has", async () => {
    const { call, http } = setUp((request) =>
      request.headers["if-none-match"] === '"v1"'
        ? { status: 304 }
        : { headers: { etag: '"v1"', "cache-control": "no-cache" }, body: { n: 1 } },
    );
    await call("read");
    const second = await call("read");
    expect(second).toMatchObject({ output: { value: { n: 1 } }, meta: { cache: "revalidated", attempts: 1 } });
    expect(http.sent[1]?.headers["if-none-match"]).toBe('"v1"');
  });
  it("answers with something stale where the upstream fails and its answer allowed that", async () => {
    const { call } = setUp((_request, index) =>
      index === 0 ? { headers: { "cache-control": "max-age=0, stale-if-error=60" }, body: { n: 1 } } : { status: 503 },
    );
    await call("read");
    expect(await call("read")).toMatchObject({ output: { value: { n: 1 } }, meta: { cache: "stale" } });
  });
  it("does not take a refusal for a failure", async () => {
    const { call } = setUp((_request, index) =>
      index === 0 ? { headers: { "cache-control": "max-age=0, stale-if-error=60" }, body: {} } : { status: 404 },
    );
    await call("read");
    await expect(call("read")).rejects.toMatchObject({ upstreamStatus: 404 });
  });
  it("50 calls that miss together cause one request", async () => {
    const { call, http } = setUp([{ headers: fresh, body: { n: 1 } }]);
    const results = await Promise.all(Array.from({ length: 50 }, () => call("read")));
    expect(http.sent).toHaveLength(1);
    expect(results.every(({ output }) => output.kind === "json")).toBe(true);
  });
  it.each(["signal", "watcher"] as const)(
    "lets a caller go who leaves while another's answer is waited for (%s), and nobody else",
    async (means) => {
      const canned = createCannedHttp([{ headers: fresh, body: { n: 1 } }]);
      let answer = (): void => undefined;
      const asked = new Promise<void>((resolve) => {
        answer = resolve;
      });
      const http: typeof canned = { ...canned, request: (request) => asked.then(() => canned.request(request)) };
      const { call } = setUp(http);
      const controller = new AbortController();
      let leave = (): void => controller.abort();
      const watcher = {
        begin: (exchange: { abort(): void }) => {
          leave = () => exchange.abort();
        },
      };
      const first = call("read");
      const second = call("read", {}, means === "signal" ? { signal: controller.signal } : { watcher });
      const third = call("read");
      await new Promise(setImmediate);
      leave();
      await expect(second).rejects.toMatchObject({ code: "CALL_CANCELLED" });
      answer();
      expect([await outcome(first), await outcome(third)]).toEqual(["miss", "coalesced"]);
      expect(canned.sent).toHaveLength(1);
    },
  );
  it("gives up at its own deadline while another's answer is waited for, and nobody else does", async () => {
    const canned = createCannedHttp([{ headers: fresh, body: { n: 1 } }]);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { call, clock } = setUp({ ...canned, request: (request) => asked.then(() => canned.request(request)) });
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    const timers = vi.spyOn(globalThis, "clearTimeout");
    const first = call("read");
    const deadline = clock.now() + 5;
    const second = call("read", {}, { deadline, signal });
    const third = call("read", {}, { signal });
    await expect(second).rejects.toMatchObject({ code: "ACTION_TIMEOUT", status: 504 });
    expect(removed).toHaveBeenCalledTimes(1);
    answer();
    expect([await outcome(first), await outcome(third)]).toEqual(["miss", "coalesced"]);
    expect([removed.mock.calls.length, timers.mock.calls.length >= 2, canned.sent.length]).toEqual([2, true, 1]);
  });
  it("keeps no error that a rule let pass", async () => {
    const { call, http } = setUp([{ status: 404, headers: fresh, body: {} }], {
      errors: [{ when: "{{ response.status == 404 }}", then: "ignore" }],
    });
    await call("read");
    await call("read");
    expect(http.sent).toHaveLength(2);
  });
  it("keeps no secret that the upstream echoed", async () => {
    const { call } = setUp(
      [{ headers: { ...fresh, "x-echo": "Bearer sesame-sesame" }, body: { token: "sesame-sesame" } }],
      { response: { decode: "text" } },
    );
    await call("read");
    const second = await call("read");
    expect(second.meta.cache).toBe("hit");
    expect(JSON.stringify(second.output)).not.toContain("sesame");
  });
  it("keeps no secret that the upstream echoed in another character set", async () => {
    const body = Buffer.from("Bearer sesame-sesame", "utf16le");
    const headers = { ...fresh, "content-type": "application/octet-stream" };
    const { call } = setUp([{ headers, body }], { response: { binary: true } });
    await call("read");
    const { meta, output } = await call("read");
    expect(meta.cache).toBe("hit");
    const bytes = Buffer.from((output as { readonly bytes: Uint8Array }).bytes);
    expect(bytes.toString("utf16le") + bytes.toString()).not.toContain("sesame");
  });
  it("keeps client certificates apart where there is no other credential", async () => {
    const cache = createHttpCache();
    const http = createCannedHttp([{ headers: fresh, body: {} }]);
    const definition = {
      baseUrl: "https://api.example",
      connection: {
        parameters: {
          type: "object",
          properties: { cert: { type: "string" }, key: { type: "string", writeOnly: true } },
        },
        tls: { certificate: "{{ connection.cert }}", key: "{{ connection.key }}" },
      },
      actions: { read: { cache: {}, request: { path: "/balance" } } },
    } as const;
    const connection = { parameters: { cert: "PEM" }, secretParameters: { key: "PEM of a key" } };
    const withCertificate = createTestEngine({ http, cache, definition, connection });
    const without = createTestEngine({ http, cache, definition });
    expect(await outcome(withCertificate.call("read"))).toBe("miss");
    expect(await outcome(without.call("read"))).toBe("miss");
    expect(await outcome(withCertificate.call("read"))).toBe("hit");
  });
  it("gives a kept file whole, again and again", async () => {
    const { call } = setUp([{ headers: { ...fresh, "content-type": "image/png" }, body: new Uint8Array([1, 2, 3]) }]);
    for (const expected of ["miss", "hit"]) {
      const { output, meta } = await call("read");
      expect(meta.cache).toBe(expected);
      expect(output).toMatchObject({ kind: "binary", bytes: Uint8Array.from([1, 2, 3]), size: 3 });
    }
  });
});

describe("redirects", () => {
  const year = { "cache-control": "max-age=31536000, immutable" };
  /** An upstream whose `/latest` leads to `/v/1` with what the test says; the target's answer is fresh for a year. */
  function setUpRedirect(
    redirect: CannedReply,
    more: { readonly ttl?: string; readonly target?: object; readonly written?: (url: string) => CannedReply } = {},
  ) {
    const { ttl, target = year, written = () => ({ body: {} }) } = more;
    const location = { location: "/v/1" };
    const http = createCannedHttp(({ method, url }) => {
      if (method !== "GET") return written(url);
      if (url.endsWith("/latest")) return { ...redirect, headers: { ...location, ...redirect.headers } };
      return { headers: target as Record<string, string>, body: { url } };
    });
    const cache = createHttpCache();
    const { call } = createTestEngine({
      http,
      cache,
      definition: {
        baseUrl: "https://api.example",
        defaults: { retry: { attempts: 1 } },
        actions: {
          latest: { cache: ttl === undefined ? {} : { ttl }, request: { path: "/latest" } },
          first: { cache: {}, request: { path: "/v/1" } },
          file: { cache: {}, request: { path: "/latest" }, response: { decode: "binary" } },
          put: { request: { method: "PUT", path: "/v/1" } },
          putLatest: { request: { method: "PUT", path: "/latest" } },
        },
      },
    });
    const caches = async (...names: readonly string[]) => {
      const outcomes = [];
      for (const name of names) outcomes.push(await outcome(call(name)).catch(() => "failed"));
      return outcomes;
    };
    return { call, http, caches };
  }
  it.each<[name: string, redirect: CannedReply, second: string, ttl?: string]>([
    ["a 302 that states nothing", { status: 302 }, "miss"],
    ["a 302 that states nothing, and a ttl of the author", { status: 302 }, "hit", "PT1M"],
    ["a 302 that may not be kept", { status: 302, headers: { "cache-control": "no-store" } }, "miss"],
    ["the same, and a ttl", { status: 302, headers: { "cache-control": "no-store" } }, "miss", "PT1M"],
    ["a 302 that is stale", { status: 302, headers: { "cache-control": "max-age=0" } }, "miss"],
    ["a 302 that is fresh", { status: 302, headers: { "cache-control": "max-age=60" } }, "hit"],
    ["a 303", { status: 303 }, "miss"],
    ["a 307", { status: 307 }, "miss"],
    ["a 301", { status: 301 }, "hit"],
    ["a 308", { status: 308 }, "hit"],
    ["a 301 that may not be kept", { status: 301, headers: { "cache-control": "no-store" } }, "miss"],
    ["a 301 that is private", { status: 301, headers: { "cache-control": "private" } }, "miss"],
    ["a 301 that sets a cookie", { status: 301, headers: { "set-cookie": "a=1" } }, "miss"],
  ])("%s before an answer that is fresh", async (_name, redirect, second, ttl) => {
    const { caches } = setUpRedirect(redirect, ttl === undefined ? {} : { ttl });
    expect(await caches("latest", "latest")).toEqual(["miss", second]);
  });
  it("what the answer says of its freshness is what the redirect allows, for whoever keeps it next", async () => {
    const { call } = setUpRedirect({ status: 302 });
    expect((await call("file")).meta.headers?.["cache-control"]).toBe("max-age=0");
  });
  it("the target's validators are not sent to the first URL", async () => {
    const target = { "cache-control": "max-age=0, stale-if-error=60", etag: '"a"' };
    const { caches, http } = setUpRedirect({ status: 301 }, { target });
    expect(await caches("latest", "latest")).toEqual(["miss", "miss"]);
    expect(http.sent.flatMap(({ headers }) => headers["if-none-match"] ?? [])).toEqual([]);
  });
  it.each<[name: string, write: string, kept: string, written: ((url: string) => CannedReply) | undefined]>([
    ["to the target drops what was kept of the first URL", "put", "latest", undefined],
    [
      "that is led on drops what is kept of the target",
      "putLatest",
      "first",
      (url) => (url.endsWith("/latest") ? { status: 307, headers: { location: "/v/1" } } : { body: {} }),
    ],
    [
      "that is led on drops what is kept of the first URL",
      "putLatest",
      "latest",
      (url) => (url.endsWith("/latest") ? { status: 307, headers: { location: "/v/9" } } : { body: {} }),
    ],
  ])("a write %s", async (_name, write, kept, written) => {
    const { caches } = setUpRedirect({ status: 301 }, written === undefined ? {} : { written });
    expect(await caches(kept, kept, write, kept)).toEqual(["miss", "hit", null, "miss"]);
  });
});

describe("a write that was done, though the call fails", () => {
  it.each<[name: string, replies: Readonly<Record<string, CannedReply>>, after: string]>([
    [
      "303 to what is gone",
      { "/w": { status: 303, headers: { location: "/gone" } }, "/gone": { status: 404 } },
      "miss",
    ],
    [
      "303 to what cannot be reached",
      {
        "/w": { status: 303, headers: { location: "/gone" } },
        "/gone": { failure: { code: "EGRESS_CONNECT_FAILED", sent: false } },
      },
      "miss",
    ],
    ["200 that a rule takes for an error", { "/w": { body: { failed: true } } }, "miss"],
    ["404", { "/w": { status: 404 } }, "hit"],
    ["307 to what refuses it", { "/w": { status: 307, headers: { location: "/no" } }, "/no": { status: 403 } }, "miss"],
  ])("%s", async (_name, replies, after) => {
    const http = createCannedHttp(({ method, url }, index) => {
      const path = new URL(url).pathname;
      return path === "/w" && method === "GET" ? { headers: fresh, body: { index } } : (replies[path] ?? {});
    });
    const { call } = createTestEngine({
      http,
      cache: createHttpCache(),
      definition: {
        baseUrl: "https://api.example",
        defaults: { retry: { attempts: 1 } },
        actions: {
          read: { cache: {}, request: { path: "/w" } },
          write: {
            request: { method: "POST", path: "/w" },
            errors: [{ when: "{{ response.status == 200 and response.body.failed }}", then: "fail" }],
          },
        },
      },
    });
    expect(await outcome(call("read"))).toBe("miss");
    await expect(call("write")).rejects.toThrow();
    expect(await outcome(call("read"))).toBe(after);
  });
});

describe("several connectors on one URL", () => {
  /** A reading connector, and one that writes what the test says, over one cache. */
  function setUpPair(written: CannedReply) {
    const cache = createHttpCache();
    const http = createCannedHttp(({ method }) => (method === "GET" ? { headers: fresh, body: {} } : written));
    const baseUrl = "https://api.example";
    const reading = createTestEngine({
      http,
      cache,
      definition: {
        name: "reading",
        baseUrl,
        actions: {
          books: { cache: {}, request: { path: "/books" } },
          book: { cache: {}, request: { path: "/books/1?x=1" } },
        },
      },
    });
    const changing = createTestEngine({
      http,
      cache,
      definition: {
        name: "changing",
        baseUrl,
        actions: { write: { request: { method: "POST", path: "/books" } } },
      },
    });
    const caches = async (action: string) => {
      const before = await outcome(reading.call(action));
      await changing.call("write").catch(() => undefined);
      return [before, await outcome(reading.call(action))];
    };
    return { caches };
  }
  it.each<[name: string, action: string, written: CannedReply, after: string]>([
    ["its own URL", "books", { body: {} }, "miss"],
    ["its own URL, though the write failed", "books", { status: 500 }, "hit"],
    ["another URL", "book", { body: {} }, "hit"],
    ["the Location", "book", { status: 201, headers: { location: "/books/1?x=1" } }, "miss"],
    ["a relative Location", "book", { status: 201, headers: { location: "books/1?x=1" } }, "miss"],
    ["the Content-Location", "book", { headers: { "content-location": "https://api.example/books/1?x=1" } }, "miss"],
    ["a Location elsewhere", "book", { headers: { location: "https://other.example/books/1?x=1" } }, "hit"],
    ["a Location that is none", "book", { headers: { location: "https://[" } }, "hit"],
  ])("a write and what is kept of %s", async (_name, action, written, after) => {
    expect(await setUpPair(written).caches(action)).toEqual(["miss", after]);
  });
  it.each<[name: string, path: string, dropped: number]>([
    ["in ASCII", "/books/{{ input.id }}/cover", 1],
    ["beyond ASCII", "/bücher/{{ input.id }}/größe", 1],
    ["with blanks", "/my books/{{ input.id }}/front cover", 1],
    ["with a query", "/books/{{ input.id }}?size=ü", 1],
    ["of another resource", "/books", 0],
  ])("a write drops what all replicas keep, where this one kept nothing: a path %s", async (_name, path, dropped) => {
    const deleted: string[] = [];
    const shared = {
      get: async () => [],
      put: async () => undefined,
      deleteResource: async (resource: string) => void deleted.push(resource),
      deleteScopes: async () => undefined,
    };
    const input = { type: "object", properties: { id: { type: "string" } } };
    const { call } = createTestEngine({
      http: createCannedHttp([{ body: {} }]),
      cache: createHttpCache({ shared }),
      definition: {
        baseUrl: "https://api.example",
        actions: {
          read: { cache: {}, input, request: { path } },
          write: { input, request: { method: "PUT", path: dropped > 0 ? path : "/authors/{{ input.id }}" } },
        },
      } as never,
    });
    await call("write", { id: "ä 1" });
    expect(deleted).toHaveLength(dropped);
  });
  it("do not share an answer", async () => {
    const cache = createHttpCache();
    const http = createCannedHttp([{ headers: fresh, body: {} }]);
    const caches = [];
    for (const name of ["one", "other"]) {
      const actions = { read: { cache: {}, request: { path: "/books" } } };
      const { call } = createTestEngine({ http, cache, definition: { name, baseUrl: "https://api.example", actions } });
      caches.push(await outcome(call("read")));
    }
    expect(caches).toEqual(["miss", "miss"]);
  });
});

describe("header fields of the rendered request", () => {
  const declared = (name: string) => ({
    input: { type: "object", properties: { q: { type: "string" }, value: { type: "string" } } },
    request: { path: "/books", headers: { [name]: "{{ input.value }}" } },
  });
  it.each<[name: string, first: string, second: string, expected: string]>([
    ["X-Team", "a", "a", "hit"],
    ["X-Team", "a", "b", "miss"],
    ["X-Search", "a, b", "a,b", "miss"],
    ["Accept-Language", "en, de", "DE,en", "hit"],
    ["Accept-Language", "en, de;q=0.5", "de;q=0.5, en", "miss"],
    ["If-None-Match", '"a"', '"b"', "hit"],
    ["If-Modified-Since", "Thu, 18 Aug 2050 02:01:18 GMT", "", "hit"],
    ["Pragma", "x", "y", "hit"],
    ["Cache-Control", "max-age=100", "max-stale", "hit"],
    ["Cache-Control", "max-age=100", "no-cache", "miss"],
    ["Range", "", "bytes=0-0", "hit"],
  ])("%s: %j, then %j", async (name, first, second, expected) => {
    const { call } = setUp([{ headers: fresh, body: { n: 1 } }], {
      ...declared(name),
      response: { decode: "text" },
    });
    await call("read", { value: first });
    expect(await outcome(call("read", { value: second }))).toBe(expected);
  });
  it("a condition of the caller's own gives way to that of what is kept", async () => {
    const { call, http } = setUp([{ headers: { etag: '"kept"', "cache-control": "no-cache" }, body: {} }], {
      ...declared("If-None-Match"),
    });
    await call("read", { value: '"own"' });
    await call("read", { value: '"own"' });
    expect(http.sent.map(({ headers }) => headers["if-none-match"])).toEqual(['"own"', '"kept"']);
  });
  it("a field that Connection names is not kept", async () => {
    const headers = { ...fresh, connection: "close, X-Hop", "x-hop": "1", "x-end": "2" };
    const { call } = setUp([{ headers, body: {} }], { response: { decode: "binary" } });
    await call("read");
    const { meta } = await call("read");
    expect([meta.cache, meta.headers?.["x-hop"], meta.headers?.["x-end"]]).toEqual(["hit", undefined, "2"]);
  });
});
