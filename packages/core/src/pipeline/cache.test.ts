import { describe, expect, it } from "vitest";
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
