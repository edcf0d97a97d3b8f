import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CacheEntry } from "./cache-entry.ts";
import type { CacheRequest, CacheSettings, StoredResponse } from "./cache-types.ts";
import { decodeEntry, encodeEntry } from "./entry-codec.ts";
import { createHttpCache, type HttpCacheOptions } from "./http-cache.ts";

type Headers = Readonly<Record<string, string | readonly string[]>>;
type Origin = { readonly status?: number; readonly headers?: Headers; readonly body?: string } | "down";

const start = Date.parse("2026-01-01T00:00:00Z");
const http = (seconds: number): string => new Date(start + seconds * 1_000).toUTCString();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(start);
});
afterEach(() => {
  vi.useRealTimers();
});

const makeRequest = (more: Partial<CacheRequest> = {}): CacheRequest => ({
  key: "k",
  resource: "r",
  scope: "w\nc\n",
  method: "GET",
  headers: {},
  ownedByUser: false,
  settings: {},
  ...more,
});

/** A cache with an origin that answers what it is told and remembers what it was asked. */
function setUp(options: HttpCacheOptions = {}) {
  const cache = createHttpCache(options);
  const asked: Readonly<Record<string, string>>[] = [];
  const ask = async (
    origin: Origin,
    request: { readonly [name: string]: string } = {},
    more: Partial<CacheRequest> = {},
  ) => {
    const full = makeRequest({ headers: request, ...more });
    const load = async (conditional: Readonly<Record<string, string>>): Promise<StoredResponse> => {
      asked.push(conditional);
      if (origin === "down") throw new ConnectorError("UPSTREAM_UNREACHABLE", "down");
      const { status = 200, headers = {}, body = "body" } = origin;
      return { status, headers: { date: http((Date.now() - start) / 1_000), ...headers }, bytes: Buffer.from(body) };
    };
    const answer = cache.peek(full) ?? (await cache.resolve(full, load));
    return { ...answer, body: Buffer.from(answer.response.bytes).toString() };
  };
  return { cache, asked, ask };
}

/**
 * A first answer is given at second 0; `after` seconds later a second request comes, and the origin would now answer
 * `B`. What must the second request get?
 */
type Row = readonly [
  name: string,
  first: Headers,
  after: number,
  request: { readonly [name: string]: string },
  expected: "hit" | "miss" | "stale" | "revalidated" | "bypass",
  more?: {
    readonly status?: number;
    readonly firstRequest?: { readonly [name: string]: string };
    readonly settings?: CacheSettings;
    readonly method?: string;
    readonly secondMethod?: string;
    readonly ownedByUser?: boolean;
    readonly second?: Origin;
  },
];

const rows: readonly Row[] = [
  // 3 Storing
  ["max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit"],
  ["no-store is not kept", { "cache-control": "no-store, max-age=60" }, 1, {}, "miss"],
  ["no-store with an empty argument", { "cache-control": 'no-store="", max-age=60' }, 1, {}, "miss"],
  ["no-store with an equals sign", { "cache-control": "no-store=, max-age=60" }, 1, {}, "miss"],
  ["no-store with an argument", { "cache-control": "no-store=foo, max-age=60" }, 1, {}, "miss"],
  ["private with an empty argument", { "cache-control": 'private="", max-age=60' }, 1, {}, "miss"],
  [
    "must-revalidate with an argument",
    { "cache-control": "max-age=60, must-revalidate=x" },
    70,
    { "cache-control": "max-stale" },
    "miss",
  ],
  ["private is not kept for everyone", { "cache-control": "private, max-age=60" }, 1, {}, "miss"],
  ["private is kept for its user", { "cache-control": "private, max-age=60" }, 1, {}, "hit", { ownedByUser: true }],
  ["private with a field name is treated as private", { "cache-control": 'private="x", max-age=60' }, 1, {}, "miss"],
  [
    "no-store in the request keeps nothing",
    { "cache-control": "max-age=60" },
    1,
    {},
    "miss",
    { firstRequest: { "cache-control": "no-store" } },
  ],
  ["nothing said is not reused", {}, 1, {}, "miss"],
  [
    "public alone, with Last-Modified, is fresh for a tenth of its age",
    { "cache-control": "public", "last-modified": http(-1_000) },
    99,
    {},
    "hit",
  ],
  ["heuristic freshness ends", { "last-modified": http(-1_000) }, 101, {}, "miss"],
  ["404 with max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 404 }],
  ["410 with max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 410 }],
  ["301 with max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 301 }],
  ["308 with max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 308 }],
  ["302 without freshness is not reused", {}, 1, {}, "miss", { status: 302 }],
  ["302 with max-age is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 302 }],
  ["206 is never kept", { "cache-control": "max-age=60" }, 1, {}, "miss", { status: 206 }],
  ["206 is not kept though it says how long", { "cache-control": "max-age=60" }, 1, {}, "miss", { status: 206 }],
  ["500 that says how long is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 500 }],
  ["500 that says nothing is not", { "last-modified": http(-1_000) }, 1, {}, "miss", { status: 500 }],
  ["an unknown status that says how long is kept", { "cache-control": "max-age=60" }, 1, {}, "hit", { status: 599 }],
  [
    "an unknown status that says public is kept for a tenth of its age",
    { "cache-control": "public", "last-modified": http(-1_000) },
    99,
    {},
    "hit",
    { status: 599 },
  ],
  [
    "a ttl is not for a failure",
    { "cache-control": "max-age=60" },
    1,
    {},
    "miss",
    { status: 500, settings: { ttlMs: 60_000 } },
  ],
  ...[401, 403, 407, 408, 425, 429].map(
    (status): Row => [`${status} is never kept`, { "cache-control": "max-age=60" }, 1, {}, "miss", { status }],
  ),
  [
    "must-understand: a known status is kept in spite of no-store",
    { "cache-control": "max-age=60, no-store, must-understand" },
    1,
    {},
    "hit",
  ],
  [
    "must-understand: an unknown one is not",
    { "cache-control": "max-age=60, no-store, must-understand" },
    1,
    {},
    "miss",
    { status: 599 },
  ],
  [
    "must-understand: an unknown one is not, also where nothing else forbids it",
    { "cache-control": "max-age=60, must-understand" },
    1,
    {},
    "miss",
    { status: 499 },
  ],
  ["POST is not answered from the cache", { "cache-control": "max-age=60" }, 1, {}, "bypass", { method: "POST" }],
  ["a GET answer serves HEAD", { "cache-control": "max-age=60" }, 1, {}, "hit", { secondMethod: "HEAD" }],
  [
    "a HEAD answer does not serve GET",
    { "cache-control": "max-age=60" },
    1,
    {},
    "miss",
    { method: "HEAD", secondMethod: "GET" },
  ],
  ["a range of what is kept whole", { "cache-control": "max-age=60" }, 1, { range: "bytes=0-0" }, "hit"],
  ["a range of what has ended is fetched", { "cache-control": "max-age=60" }, 61, { range: "bytes=0-0" }, "bypass"],
  ["several ranges are fetched", { "cache-control": "max-age=60" }, 1, { range: "bytes=0-0,1-1" }, "bypass"],
  [
    "what a range brought is not kept",
    { "cache-control": "max-age=60" },
    1,
    {},
    "miss",
    { firstRequest: { range: "bytes=0-0" } },
  ],
  ["an empty Range is none", { "cache-control": "max-age=60" }, 1, { range: "" }, "hit"],
  ["cookies are not shared", { "cache-control": "max-age=60", "set-cookie": "a=1" }, 1, {}, "miss"],
  [
    "a caller's Authorization is not shared",
    { "cache-control": "max-age=60" },
    1,
    { authorization: "x" },
    "miss",
    { firstRequest: { authorization: "x" } },
  ],
  [
    "a caller's Authorization is shared when the origin says public",
    { "cache-control": "public, max-age=60" },
    1,
    { authorization: "x" },
    "hit",
    { firstRequest: { authorization: "x" } },
  ],
  [
    "a caller's Authorization is shared with s-maxage",
    { "cache-control": "s-maxage=60" },
    1,
    { authorization: "x" },
    "hit",
    { firstRequest: { authorization: "x" } },
  ],
  [
    "a caller's Authorization is shared with must-revalidate",
    { "cache-control": "max-age=60, must-revalidate" },
    1,
    { authorization: "x" },
    "hit",
    { firstRequest: { authorization: "x" } },
  ],
  // 4.2 Freshness
  ["max-age=0 is stale at once", { "cache-control": "max-age=0", etag: '"a"' }, 0, {}, "miss"],
  ["fresh until max-age", { "cache-control": "max-age=60" }, 59, {}, "hit"],
  ["stale at max-age", { "cache-control": "max-age=60" }, 60, {}, "miss"],
  ["s-maxage wins over max-age", { "cache-control": "max-age=1, s-maxage=60" }, 30, {}, "hit"],
  ["s-maxage=0 wins over max-age", { "cache-control": "max-age=60, s-maxage=0" }, 1, {}, "miss"],
  [
    "s-maxage is nothing to a user's own cache",
    { "cache-control": "max-age=1, s-maxage=60" },
    30,
    {},
    "miss",
    { ownedByUser: true },
  ],
  ["max-age wins over Expires", { "cache-control": "max-age=60", expires: http(-10) }, 1, {}, "hit"],
  ["Expires in the future", { expires: http(60) }, 30, {}, "hit"],
  ["Expires in the past", { expires: http(-60) }, 1, {}, "miss"],
  ["Expires 0 is in the past", { expires: "0" }, 1, {}, "miss"],
  ["Expires in a form that is none is in the past", { expires: "Thu, 18 Aug 2050 2:01:18 GMT" }, 1, {}, "miss"],
  ["Expires twice is in the past", { expires: [http(60), http(60)] }, 1, {}, "miss"],
  ["Expires that is no date is in the past", { expires: "soon" }, 1, {}, "miss"],
  ["Age counts", { "cache-control": "max-age=60", age: "50" }, 11, {}, "miss"],
  ["Age that leaves time", { "cache-control": "max-age=60", age: "10" }, 11, {}, "hit"],
  ["an Age with a parameter counts", { "cache-control": "max-age=60", age: "50;x=1" }, 11, {}, "miss"],
  ["an Age with a fraction is none", { "cache-control": "max-age=60", age: "50.0" }, 11, {}, "hit"],
  ["the first of several Ages counts", { "cache-control": "max-age=60", age: ["0", "50"] }, 11, {}, "hit"],
  ["an Age that is no number is none", { "cache-control": "max-age=60", age: "old" }, 11, {}, "hit"],
  ["directives are case-insensitive", { "cache-control": "MaX-aGe=60" }, 1, {}, "hit"],
  ["white space around directives", { "cache-control": "  max-age=60 ,  public " }, 1, {}, "hit"],
  ["a quoted argument", { "cache-control": 'max-age="60"' }, 1, {}, "hit"],
  ["a space before the equals sign is no argument", { "cache-control": "max-age =60" }, 1, {}, "miss"],
  ["a comma inside quotes ends nothing", { "cache-control": 'ext="a, no-store", max-age=60' }, 1, {}, "hit"],
  ["an argument that is no number is stale", { "cache-control": "max-age=1h" }, 1, {}, "miss"],
  ["a negative argument is stale", { "cache-control": "max-age=-60" }, 1, {}, "miss"],
  ["a decimal argument is stale", { "cache-control": "max-age=60.5" }, 1, {}, "miss"],
  ["an argument beyond counting is very long", { "cache-control": "max-age=99999999999" }, 1_000_000, {}, "hit"],
  ["the first of a repeated directive counts", { "cache-control": "max-age=60, max-age=1" }, 30, {}, "hit"],
  ["fields are combined", { "cache-control": ["public", "max-age=60"] }, 1, {}, "hit"],
  ["an unknown directive is ignored", { "cache-control": "max-age=60, shiny=1" }, 1, {}, "hit"],
  ["Pragma no-cache counts without Cache-Control", { pragma: "no-cache", expires: http(60) }, 1, {}, "miss"],
  ["Pragma is nothing beside Cache-Control", { pragma: "no-cache", "cache-control": "max-age=60" }, 1, {}, "hit"],
  // 4.1 Vary
  [
    "Vary with the same value",
    { "cache-control": "max-age=60", vary: "Foo" },
    1,
    { foo: "1" },
    "hit",
    { firstRequest: { foo: "1" } },
  ],
  [
    "Vary with another value",
    { "cache-control": "max-age=60", vary: "Foo" },
    1,
    { foo: "2" },
    "miss",
    { firstRequest: { foo: "1" } },
  ],
  ["Vary with a value that was absent", { "cache-control": "max-age=60", vary: "Foo" }, 1, { foo: "1" }, "miss"],
  ["Vary where both are absent", { "cache-control": "max-age=60", vary: "Foo" }, 1, {}, "hit"],
  [
    "Vary over white space in lists",
    { "cache-control": "max-age=60", vary: "Foo" },
    1,
    { foo: "1,2" },
    "hit",
    { firstRequest: { foo: "1, 2" } },
  ],
  [
    "Vary by two headers, one differs",
    { "cache-control": "max-age=60", vary: "Foo, Bar" },
    1,
    { foo: "1", bar: "2" },
    "miss",
    { firstRequest: { foo: "1", bar: "1" } },
  ],
  [
    "Vary over the order of languages",
    { "cache-control": "max-age=60", vary: "Accept-Language" },
    1,
    { "accept-language": "de,EN" },
    "hit",
    { firstRequest: { "accept-language": "en, de" } },
  ],
  [
    "Vary not over the order of languages with weights",
    { "cache-control": "max-age=60", vary: "Accept-Language" },
    1,
    { "accept-language": "de, en;q=0.5" },
    "miss",
    { firstRequest: { "accept-language": "en;q=0.5, de" } },
  ],
  ["Vary * never matches", { "cache-control": "max-age=60", vary: "*" }, 1, {}, "miss"],
  ["Vary * among others never matches", { "cache-control": "max-age=60", vary: "Foo, *" }, 1, {}, "miss"],
  // 5.2.1 Request directives
  ["request no-cache asks the origin", { "cache-control": "max-age=60" }, 1, { "cache-control": "no-cache" }, "miss"],
  ["request Pragma asks the origin", { "cache-control": "max-age=60" }, 1, { pragma: "no-cache" }, "miss"],
  ["request no-store asks the origin", { "cache-control": "max-age=60" }, 1, { "cache-control": "no-store" }, "bypass"],
  ["request max-age that is exceeded", { "cache-control": "max-age=60" }, 10, { "cache-control": "max-age=5" }, "miss"],
  ["request max-age that holds", { "cache-control": "max-age=60" }, 3, { "cache-control": "max-age=5" }, "hit"],
  ["request max-age=0", { "cache-control": "max-age=60" }, 1, { "cache-control": "max-age=0" }, "miss"],
  [
    "request min-fresh that is not met",
    { "cache-control": "max-age=60" },
    50,
    { "cache-control": "min-fresh=20" },
    "miss",
  ],
  ["request min-fresh that is met", { "cache-control": "max-age=60" }, 30, { "cache-control": "min-fresh=20" }, "hit"],
  ["request max-stale allows stale", { "cache-control": "max-age=60" }, 70, { "cache-control": "max-stale" }, "stale"],
  [
    "request max-stale with enough",
    { "cache-control": "max-age=60" },
    70,
    { "cache-control": "max-stale=20" },
    "stale",
  ],
  [
    "request max-stale with too little",
    { "cache-control": "max-age=60" },
    90,
    { "cache-control": "max-stale=20" },
    "miss",
  ],
  [
    "max-stale for what came stale",
    { "cache-control": "max-age=60", age: "70" },
    0,
    { "cache-control": "max-stale=20" },
    "stale",
  ],
  [
    "only-if-cached with something kept",
    { "cache-control": "max-age=60" },
    1,
    { "cache-control": "only-if-cached" },
    "hit",
  ],
  [
    "max-stale is nothing to must-revalidate",
    { "cache-control": "max-age=60, must-revalidate" },
    70,
    { "cache-control": "max-stale" },
    "miss",
  ],
  // 5.2.2 Response directives
  [
    "no-cache is kept and asked for each time",
    { "cache-control": "no-cache", etag: '"a"' },
    1,
    {},
    "revalidated",
    { second: { status: 304, headers: { etag: '"a"' } } },
  ],
  ["no-cache with a field name keeps the rest", { "cache-control": 'no-cache="x", max-age=60', x: "1" }, 1, {}, "hit"],
  [
    "no-cache with an empty name is no-cache",
    { "cache-control": 'no-cache="", max-age=60', etag: '"a"' },
    1,
    {},
    "revalidated",
    { second: { status: 304, headers: { etag: '"a"' } } },
  ],
  [
    "no-cache with and without a field name is no-cache",
    { "cache-control": 'no-cache="x", no-cache, max-age=60', etag: '"a"' },
    1,
    {},
    "revalidated",
    { second: { status: 304, headers: { etag: '"a"' } } },
  ],
  ["must-revalidate is fresh while it is fresh", { "cache-control": "max-age=60, must-revalidate" }, 30, {}, "hit"],
  ["proxy-revalidate is fresh while it is fresh", { "cache-control": "max-age=60, proxy-revalidate" }, 30, {}, "hit"],
  ["immutable is fresh no longer than max-age", { "cache-control": "max-age=60, immutable" }, 61, {}, "miss"],
  // 4.3 Validation
  [
    "304 to an entity tag",
    { "cache-control": "max-age=1", etag: '"a"' },
    2,
    {},
    "revalidated",
    { second: { status: 304, headers: { etag: '"a"' } } },
  ],
  [
    "304 to a date",
    { "cache-control": "max-age=1", "last-modified": http(-10) },
    2,
    {},
    "revalidated",
    { second: { status: 304 } },
  ],
  [
    "another answer replaces",
    { "cache-control": "max-age=1", etag: '"a"' },
    2,
    {},
    "miss",
    { second: { status: 200, body: "B" } },
  ],
  [
    "an error is passed on",
    { "cache-control": "max-age=1", etag: '"a"' },
    2,
    {},
    "miss",
    { second: { status: 500, body: "B" } },
  ],
  // 4.2.4 and RFC 5861
  ["stale-while-revalidate serves stale", { "cache-control": "max-age=1, stale-while-revalidate=60" }, 2, {}, "stale"],
  ["stale-while-revalidate ends", { "cache-control": "max-age=1, stale-while-revalidate=60" }, 62, {}, "miss"],
  [
    "stale-while-revalidate is nothing to must-revalidate",
    { "cache-control": "max-age=1, must-revalidate, stale-while-revalidate=60" },
    2,
    {},
    "miss",
  ],
  [
    "stale-if-error for 503",
    { "cache-control": "max-age=1, stale-if-error=60" },
    2,
    {},
    "stale",
    { second: { status: 503 } },
  ],
  [
    "stale-if-error for an upstream that is down",
    { "cache-control": "max-age=1, stale-if-error=60" },
    2,
    {},
    "stale",
    { second: "down" },
  ],
  [
    "stale-if-error is not for 404",
    { "cache-control": "max-age=1, stale-if-error=60" },
    2,
    {},
    "miss",
    { second: { status: 404 } },
  ],
  [
    "stale-if-error ends",
    { "cache-control": "max-age=1, stale-if-error=60" },
    62,
    {},
    "miss",
    { second: { status: 503 } },
  ],
  [
    "stale-if-error in the request",
    { "cache-control": "max-age=1", etag: '"a"' },
    2,
    { "cache-control": "stale-if-error=60" },
    "stale",
    { second: { status: 503 } },
  ],
  [
    "stale-if-error as the action's setting",
    { "cache-control": "max-age=1" },
    2,
    {},
    "stale",
    { second: "down", settings: { staleIfErrorMs: 60_000 } },
  ],
  [
    "stale-if-error is nothing to must-revalidate",
    { "cache-control": "max-age=1, must-revalidate, stale-if-error=60" },
    2,
    {},
    "miss",
    { second: { status: 503 } },
  ],
  // The action's own setting
  ["ttl where the upstream says nothing", {}, 30, {}, "hit", { settings: { ttlMs: 60_000 } }],
  ["ttl in place of no-cache", { "cache-control": "no-cache" }, 30, {}, "hit", { settings: { ttlMs: 60_000 } }],
  [
    "ttl in place of a longer max-age",
    { "cache-control": "max-age=600" },
    61,
    {},
    "miss",
    { settings: { ttlMs: 60_000 } },
  ],
  ["ttl does not overrule no-store", { "cache-control": "no-store" }, 1, {}, "miss", { settings: { ttlMs: 60_000 } }],
  ["ttl does not overrule private", { "cache-control": "private" }, 1, {}, "miss", { settings: { ttlMs: 60_000 } }],
];

describe("RFC 9111 and RFC 5861", () => {
  for (const [name, first, after, request, expected, more = {}] of rows)
    it(`${name} → ${expected}`, async () => {
      const { ask } = setUp();
      const { firstRequest, status, settings = {}, method = "GET", ownedByUser = false, second } = more;
      await ask({ status: status ?? 200, headers: first, body: "A" }, firstRequest ?? {}, {
        settings,
        method,
        ownedByUser,
      });
      vi.setSystemTime(start + after * 1_000);
      const answer = await ask(second ?? { body: "B" }, request, {
        settings,
        method: more.secondMethod ?? method,
        ownedByUser,
      });
      expect(answer.outcome).toBe(expected);
      const kept = ["hit", "stale", "revalidated"].includes(expected);
      if (second === undefined || kept) expect(answer.body).toBe(kept ? "A" : "B");
    });
});

describe("validation", () => {
  it("sends the validators that are kept, and a 304 renews freshness and fields but not the body", async () => {
    const { ask, asked } = setUp();
    await ask({
      headers: { "cache-control": "max-age=1", etag: 'W/"a"', "last-modified": http(-9), "x-v": "1" },
      body: "A",
    });
    vi.setSystemTime(start + 2_000);
    const second = await ask({
      status: 304,
      headers: { "cache-control": "max-age=60", etag: 'W/"a"', "x-v": "2", "content-length": "0" },
      body: "",
    });
    expect(asked[1]).toEqual({ "if-none-match": 'W/"a"', "if-modified-since": http(-9) });
    expect(second).toMatchObject({
      outcome: "revalidated",
      body: "A",
      response: { status: 200, headers: { "x-v": "2" } },
    });
    vi.setSystemTime(start + 30_000);
    expect(await ask("down")).toMatchObject({ outcome: "hit", body: "A" });
  });
  it("says how old a kept response is", async () => {
    const { ask } = setUp();
    await ask({ headers: { "cache-control": "max-age=60", age: "5" } });
    vi.setSystemTime(start + 10_500);
    expect((await ask("down")).response.headers.age).toBe("15");
  });
  it("fetches behind a stale answer once, and the next answer is the new one", async () => {
    const { ask, asked } = setUp();
    const headers = { "cache-control": "max-age=1, stale-while-revalidate=60" };
    await ask({ headers, body: "A" });
    vi.setSystemTime(start + 2_000);
    const stale = await Promise.all([ask({ headers, body: "B" }), ask({ headers, body: "B" })]);
    expect(stale.map(({ outcome, body }) => [outcome, body])).toEqual([
      ["stale", "A"],
      ["stale", "A"],
    ]);
    await vi.waitFor(async () => expect(await ask("down")).toMatchObject({ outcome: "hit", body: "B" }));
    expect(asked).toHaveLength(2);
  });
});

describe("a 304 that speaks of something else", () => {
  const asked304 = (headers: Headers, etag: string | undefined) =>
    [
      headers,
      { status: 304, headers: { "cache-control": "max-age=60", ...(etag !== undefined && { etag }) } },
    ] as const;
  it.each<[name: string, kept: Headers, given: string | undefined, expected: "revalidated" | "miss"]>([
    ["the kept strong tag", { etag: '"a"' }, '"a"', "revalidated"],
    ["another strong tag", { etag: '"a"' }, '"b"', "miss"],
    ["the kept tag made weak", { etag: '"a"' }, 'W/"a"', "revalidated"],
    ["another weak tag", { etag: 'W/"a"' }, 'W/"b"', "miss"],
    ["the kept weak tag made strong", { etag: 'W/"a"' }, '"a"', "miss"],
    ["no tag", { etag: '"a"' }, undefined, "revalidated"],
    ["a strong tag where none is kept", { "last-modified": http(-10) }, '"b"', "miss"],
  ])("%s", async (_name, kept, given, expected) => {
    const { ask, asked, cache } = setUp();
    const [headers, notModified] = asked304({ "cache-control": "max-age=1", ...kept }, given);
    await ask({ headers, body: "A" });
    vi.setSystemTime(start + 2_000);
    const conditions: object[] = [];
    const answer = await cache.resolve(makeRequest(), async (conditional) => {
      conditions.push(conditional);
      const isAsked = Object.keys(conditional).length > 0;
      const bytes = Buffer.from(isAsked ? "" : "B");
      return isAsked ? { ...notModified, bytes } : { status: 200, headers: { etag: '"b"' }, bytes };
    });
    const body = Buffer.from(answer.response.bytes).toString();
    expect([answer.outcome, body]).toEqual([expected, expected === "miss" ? "B" : "A"]);
    expect([conditions.length, conditions.at(-1)]).toEqual(expected === "miss" ? [2, {}] : [1, expect.anything()]);
    expect(asked).toHaveLength(1);
  });
});

describe("a request that wants nothing fetched", () => {
  const only = { "cache-control": "only-if-cached" };
  it("fails where nothing is kept, and where what is kept must be asked for", async () => {
    const { ask, asked } = setUp();
    await expect(ask({}, only)).rejects.toMatchObject({ code: "CACHE_ONLY", status: 504, stage: "cache" });
    await ask({ headers: { "cache-control": "max-age=60" } });
    expect((await ask("down", only)).outcome).toBe("hit");
    vi.setSystemTime(start + 61_000);
    await expect(ask({}, only)).rejects.toMatchObject({ code: "CACHE_ONLY" });
    expect((await ask("down", { "cache-control": "only-if-cached, max-stale" })).outcome).toBe("stale");
    expect(asked).toHaveLength(1);
  });
  it.each(["only-if-cached, no-store", "only-if-cached, no-cache"])("%s", async (field) => {
    const { ask, asked } = setUp();
    await expect(ask({}, { "cache-control": field })).rejects.toMatchObject({ code: "CACHE_ONLY" });
    expect(asked).toHaveLength(0);
  });
});

describe("a condition of the caller's own", () => {
  it("is answered by the upstream's 304 where nothing can be confirmed", async () => {
    const { ask } = setUp();
    await ask({ headers: { "cache-control": "max-age=1" }, body: "A" });
    vi.setSystemTime(start + 2_000);
    const answer = await ask({ status: 304, body: "" }, { "if-none-match": '"a"' });
    expect(answer).toMatchObject({ outcome: "miss", stored: false, response: { status: 304 } });
  });
});

describe("requests that come together", () => {
  it("50 identical misses cause one upstream call", async () => {
    const { ask, asked } = setUp();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ask({ headers: { "cache-control": "max-age=60" } })),
    );
    expect(asked).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === "coalesced")).toHaveLength(49);
  });
  it("lead one after another where those who lead go away", async () => {
    const { cache } = setUp();
    const cancelled = new ConnectorError("CALL_CANCELLED", "gone");
    let loads = 0;
    const load = async (): Promise<StoredResponse> => {
      loads += 1;
      if (loads <= 2) throw cancelled;
      return { status: 200, headers: { "cache-control": "max-age=60" }, bytes: Buffer.from("A") };
    };
    const answers = await Promise.allSettled(Array.from({ length: 51 }, () => cache.resolve(makeRequest(), load)));
    const outcomes = answers.map((answer) =>
      answer.status === "fulfilled" ? answer.value.outcome : answer.reason.code,
    );
    expect(outcomes).toEqual(["CALL_CANCELLED", "CALL_CANCELLED", "miss", ...Array(48).fill("coalesced")]);
    expect(loads).toBe(3);
  });
  it("are told whether what they share is kept", async () => {
    const { ask } = setUp({ limits: { entryBytes: 1_100 } });
    const origin = { headers: { "cache-control": "max-age=60" }, body: "x".repeat(200) };
    const answers = await Promise.all([ask(origin), ask(origin)]);
    expect(answers.map(({ outcome, stored }) => [outcome, stored])).toEqual([
      ["miss", false],
      ["coalesced", false],
    ]);
  });
  it.each<
    [name: string, first: Headers, requests: readonly string[], origin: Origin, expected: unknown[], asked: number]
  >([
    [
      "only the first accepts it, and the upstream is away",
      { "cache-control": "max-age=1", etag: '"a"' },
      ["stale-if-error=60", "max-stale=0", "stale-if-error=60"],
      "down",
      ["stale", "UPSTREAM_UNREACHABLE", "coalesced"],
      1,
    ],
    [
      "only the first accepts it, and the upstream answers with an error",
      { "cache-control": "max-age=1", etag: '"a"' },
      ["stale-if-error=60", "max-stale=0", "stale-if-error=60"],
      { status: 503, body: "error" },
      ["stale", "error", "coalesced"],
      2,
    ],
    [
      "only the others accept it",
      { "cache-control": "max-age=1", etag: '"a"' },
      ["max-stale=0", "stale-if-error=60", "stale-if-error=60"],
      "down",
      ["UPSTREAM_UNREACHABLE", "stale", "stale"],
      1,
    ],
    [
      "the answer allows it to all",
      { "cache-control": "max-age=1, stale-if-error=60" },
      ["max-stale=0", "max-stale=0"],
      "down",
      ["stale", "coalesced"],
      1,
    ],
  ])("get something stale where each may: %s", async (_name, headers, requests, origin, expected, count) => {
    const { ask, asked } = setUp();
    await ask({ headers });
    vi.setSystemTime(start + 10_000);
    const answers = await Promise.allSettled(requests.map((field) => ask(origin, { "cache-control": field })));
    const outcomes = answers.map((answer) => {
      if (answer.status === "rejected") return answer.reason.code;
      return answer.value.outcome === "miss" ? answer.value.body : answer.value.outcome;
    });
    expect(outcomes).toEqual(expected);
    expect(asked).toHaveLength(1 + count);
  });
  it("share nothing that may not be kept", async () => {
    const { ask, asked } = setUp();
    await Promise.all(Array.from({ length: 5 }, () => ask({ headers: { "cache-control": "private" } })));
    expect(asked).toHaveLength(5);
  });
  it("share a failure", async () => {
    const { ask, asked } = setUp();
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => ask("down")));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    expect(asked).toHaveLength(1);
  });
  it("select by Vary also while they wait", async () => {
    const { ask, asked } = setUp();
    const headers = { "cache-control": "max-age=60", vary: "foo" };
    await Promise.all([ask({ headers }, { foo: "1" }), ask({ headers }, { foo: "2" }), ask({ headers }, { foo: "1" })]);
    expect(asked).toHaveLength(2);
  });
});

/** A cache whose loads end when the test says so. */
function setUpSlow(options: HttpCacheOptions = {}) {
  const cache = createHttpCache(options);
  const headers = { "cache-control": "max-age=60" };
  let loads = 0;
  const ask = (directives?: string, more: Partial<CacheRequest> = {}) => {
    let answer = (_body: string, _more?: Partial<StoredResponse>): void => undefined;
    let begun = false;
    const loaded = new Promise<StoredResponse>((resolve) => {
      answer = (body, more) => resolve({ status: 200, headers, bytes: Buffer.from(body), ...more });
    });
    const request = makeRequest({ headers: directives === undefined ? {} : { "cache-control": directives }, ...more });
    const asked =
      cache.peek(request) ??
      cache.resolve(request, () => {
        begun = true;
        loads += 1;
        return loaded;
      });
    const outcome = Promise.resolve(asked).then(({ outcome, response }) => [
      outcome,
      Buffer.from(response.bytes).toString(),
    ]);
    return { answer, outcome, begun: () => begun };
  };
  return { cache, ask, loads: () => loads };
}

describe("a load under way", () => {
  type Drop = readonly [name: string, drop: (cache: ReturnType<typeof createHttpCache>, resource: string) => void];
  const writes: readonly Drop[] = [
    ["a write", (cache, resource) => void cache.invalidate(resource)],
    ["a write by somebody who keeps nothing there", (cache, resource) => void cache.invalidateSeen(resource)],
    ["a write at another replica", (cache, resource) => cache.forget(resource, true)],
  ];
  const drops: readonly Drop[] = [
    ...writes,
    ["a purge", (cache) => void cache.purge("w\n")],
    ["a purge at another replica", (cache) => cache.forget("", false)],
  ];
  it.each(drops)(
    "is neither kept nor shared with who came after %s, only with who waited before",
    async (_name, drop) => {
      const { cache, ask } = setUpSlow();
      expect(cache.isEmpty()).toBe(true);
      const first = ask();
      const waiting = ask();
      expect(cache.isEmpty()).toBe(false);
      drop(cache, "r");
      const after = ask();
      expect([waiting.begun(), after.begun()]).toEqual([false, true]);
      first.answer("v1");
      expect(await first.outcome).toEqual(["miss", "v1"]);
      expect(await waiting.outcome).toEqual(["coalesced", "v1"]);
      const joined = ask();
      after.answer("v2");
      expect(await after.outcome).toEqual(["miss", "v2"]);
      expect(await joined.outcome).toEqual(["coalesced", "v2"]);
      expect(await ask().outcome).toEqual(["hit", "v2"]);
    },
  );
  it("is kept and shared after a write to something else", async () => {
    const { cache, ask } = setUpSlow();
    const first = ask();
    await cache.invalidate("other");
    const second = ask();
    first.answer("v1");
    expect([await first.outcome, await second.outcome]).toEqual([
      ["miss", "v1"],
      ["coalesced", "v1"],
    ]);
    expect(await ask().outcome).toEqual(["hit", "v1"]);
  });
  it("is not kept after a write to what it came over", async () => {
    const { cache, ask } = setUpSlow();
    const first = ask();
    await cache.invalidate("target");
    first.answer("v1", { over: ["target"] });
    await first.outcome;
    const second = ask();
    second.answer("v2", { over: ["target"] });
    expect(await second.outcome).toEqual(["miss", "v2"]);
    expect(await ask().outcome).toEqual(["hit", "v2"]);
    await cache.invalidate("target");
    expect(ask().begun()).toBe(true);
  });
  it.each(writes)("is not shared with who came after %s, to what it came over", async (_name, drop) => {
    const { cache, ask, loads } = setUpSlow();
    const over = ["target"];
    const first = ask();
    drop(cache, "target");
    const others = [ask(), ask(), ask()];
    expect(loads()).toBe(1);
    first.answer("v1", { over });
    expect(await first.outcome).toEqual(["miss", "v1"]);
    await vi.waitFor(() => expect(loads()).toBe(2));
    for (const other of others) other.answer("v2", { over });
    expect(await Promise.all(others.map(({ outcome }) => outcome))).toEqual([
      ["miss", "v2"],
      ["coalesced", "v2"],
      ["coalesced", "v2"],
    ]);
  });
  it("counts as dropped where more was dropped meanwhile than is remembered", async () => {
    const { cache, ask } = setUpSlow();
    const first = ask();
    await cache.invalidate("r");
    for (let index = 0; index < 2_000; index++) await cache.invalidate(`other ${index}`);
    first.answer("v1");
    await first.outcome;
    expect((await Promise.resolve(ask())).begun()).toBe(true);
  });
  it.each<[directives: string, begins: boolean]>([
    ["no-cache", true],
    ["max-age=0", true],
    ["max-age=10", true],
    ["max-age=30", false],
    ["min-fresh=10", false],
  ])("that began 20 s ago, and a request with %s", async (directives, begins) => {
    const { ask } = setUpSlow();
    const first = ask();
    vi.setSystemTime(start + 20_000);
    const second = ask(directives);
    expect(second.begun()).toBe(begins);
    const third = ask();
    first.answer("old");
    second.answer("new");
    expect(await second.outcome).toEqual(begins ? ["miss", "new"] : ["coalesced", "old"]);
    // Whoever comes then waits for the younger of the two.
    expect((await third.outcome)[1]).toBe(begins ? "new" : "old");
  });
  it("that began earlier and ends later does not replace what is kept", async () => {
    const { ask } = setUpSlow();
    const first = ask();
    const second = ask("no-cache");
    second.answer("new");
    await second.outcome;
    first.answer("old");
    expect(await first.outcome).toEqual(["miss", "old"]);
    expect(await ask().outcome).toEqual(["hit", "new"]);
  });
  it("does not bring back from the shared cache what is dropped while it is read or written there", async () => {
    const calls: string[] = [];
    let proceed = (): void => undefined;
    const slow = async () => {
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
    };
    let kept: readonly CacheEntry[] = [];
    const shared = {
      get: async () => {
        const found = kept;
        await slow();
        return found;
      },
      put: async (_request: CacheRequest, entry: CacheEntry) => {
        await slow();
        calls.push("put");
        kept = [entry];
      },
      deleteResource: async () => {
        calls.push("delete");
        kept = [];
      },
      deleteScopes: async () => undefined,
    };
    const { cache, ask } = setUpSlow({ shared });
    const first = ask();
    proceed();
    first.answer("v1");
    await first.outcome;
    await cache.invalidate("r");
    proceed();
    await vi.waitFor(() => expect(calls).toEqual(["delete", "put", "delete"]));
    // Now it is there, and is dropped between being read and being given.
    const second = ask();
    proceed();
    second.answer("v2");
    await second.outcome;
    proceed();
    await vi.waitFor(() => expect(kept).toHaveLength(1));
    cache.forget("r", true);
    const third = ask();
    cache.forget("r", true);
    proceed();
    await vi.waitFor(() => expect(third.begun()).toBe(true));
    third.answer("v3");
    expect(await third.outcome).toEqual(["miss", "v3"]);
  });
});

describe("what came over a redirect", () => {
  it("is kept in this process alone, and asked for without validators", async () => {
    const put: CacheEntry[] = [];
    const shared = {
      get: async () => [],
      put: async (_request: CacheRequest, entry: CacheEntry) => void put.push(entry),
      deleteResource: async () => undefined,
      deleteScopes: async () => undefined,
    };
    const cache = createHttpCache({ shared });
    const asked: object[] = [];
    const ask = async (headers: Headers) => {
      const load = async (conditional: object): Promise<StoredResponse> => {
        asked.push(conditional);
        return { status: 200, headers, bytes: Buffer.from("A"), over: ["target"] };
      };
      return (cache.peek(makeRequest()) ?? (await cache.resolve(makeRequest(), load))).outcome;
    };
    const fresh = { "cache-control": "max-age=60", etag: '"a"', "last-modified": http(-10) };
    expect([await ask(fresh), await ask(fresh)]).toEqual(["miss", "hit"]);
    vi.setSystemTime(start + 61_000);
    expect(await ask(fresh)).toBe("miss");
    expect(asked).toEqual([{}, {}]);
    expect(put).toEqual([]);
  });
  it("does not confirm what came straight, also not with the same entity tag", async () => {
    const { ask, cache } = setUp();
    await ask({ headers: { "cache-control": "max-age=1", etag: '"a"' }, body: "A" });
    vi.setSystemTime(start + 2_000);
    const answer = await cache.resolve(makeRequest(), async (conditional) =>
      "if-none-match" in conditional
        ? { status: 304, headers: { etag: '"a"' }, bytes: Buffer.alloc(0), over: ["target"] }
        : { status: 200, headers: { etag: '"a"' }, bytes: Buffer.from("B"), over: ["target"] },
    );
    expect([answer.outcome, Buffer.from(answer.response.bytes).toString()]).toEqual(["miss", "B"]);
  });
});

describe("what is kept", () => {
  const fresh: Origin = { headers: { "cache-control": "max-age=60" } };
  it("is dropped with its resource, and only with it", async () => {
    const { ask, cache } = setUp();
    await ask(fresh, {}, { key: "k1", resource: "a/1" });
    await ask(fresh, {}, { key: "k2", resource: "a/2" });
    await cache.invalidate("a/1");
    expect((await ask(fresh, {}, { key: "k1", resource: "a/1" })).outcome).toBe("miss");
    expect((await ask(fresh, {}, { key: "k2", resource: "a/2" })).outcome).toBe("hit");
    expect(await cache.purge("other")).toBe(0);
    expect(await cache.purge("w\n")).toBe(2);
    expect((await ask(fresh, {}, { key: "k2", resource: "a/2" })).outcome).toBe("miss");
  });
  it("never exceeds its budget: the longest unused makes room, and what is too large is not kept", async () => {
    const { ask } = setUp({ limits: { bytes: 10_000, entryBytes: 5_000 } });
    const body = (bytes: number): Origin => ({ headers: { "cache-control": "max-age=60" }, body: "x".repeat(bytes) });
    expect(await ask(body(5_000), {}, { key: "large" })).toMatchObject({ outcome: "miss", stored: false });
    for (const key of ["a", "b", "c"]) await ask(body(2_000), {}, { key, resource: key });
    expect((await ask("down", {}, { key: "a", resource: "a" })).outcome).toBe("hit");
    await ask(body(2_000), {}, { key: "d", resource: "d" });
    expect((await ask("down", {}, { key: "a", resource: "a" })).outcome).toBe("hit");
    await expect(ask("down", {}, { key: "b", resource: "b" })).rejects.toThrow("down");
  });
  it("keeps what came last, also where everything else was just used, and where it is all that there is room for", async () => {
    const { ask } = setUp({ limits: { bytes: 10_000, entryBytes: 20_000 } });
    const body = (bytes: number): Origin => ({ headers: { "cache-control": "max-age=60" }, body: "x".repeat(bytes) });
    for (const key of ["a", "b", "c"]) await ask(body(2_000), {}, { key, resource: key });
    for (const key of ["a", "b", "c"]) await ask("down", {}, { key, resource: key });
    await ask(body(2_000), {}, { key: "d", resource: "d" });
    expect((await ask("down", {}, { key: "d", resource: "d" })).outcome).toBe("hit");
    await expect(ask("down", {}, { key: "a", resource: "a" })).rejects.toThrow("down");
    await ask(body(15_000), {}, { key: "e", resource: "e" });
    for (const key of ["b", "c", "d", "e"]) {
      await expect(ask("down", {}, { key, resource: key })).rejects.toThrow("down");
    }
  });
  it("is found by another replica through the shared cache, and a shared cache that is away costs a miss only", async () => {
    const kept = new Map<string, Uint8Array>();
    const shared = {
      get: async ({ key }: CacheRequest) =>
        [kept.get(key)].flatMap((bytes) => (bytes ? (decodeEntry(bytes) ?? []) : [])),
      put: async ({ key }: CacheRequest, entry: Parameters<typeof encodeEntry>[0]) =>
        void kept.set(key, encodeEntry(entry)),
      deleteResource: async () => kept.clear(),
      deleteScopes: async () => kept.clear(),
    };
    await setUp({ shared }).ask({ headers: { "cache-control": "max-age=60", vary: "foo" }, body: "ä" });
    expect(await setUp({ shared }).ask("down")).toMatchObject({ outcome: "hit", body: "ä" });
    const errors: unknown[] = [];
    const broken = {
      ...shared,
      get: () => Promise.reject(new Error("away")),
      put: () => Promise.reject(new Error("away")),
    };
    const answer = await setUp({ shared: broken, onBackgroundError: (error) => errors.push(error) }).ask(fresh);
    expect(answer.outcome).toBe("miss");
    await vi.waitFor(() => expect(errors).toHaveLength(2));
  });
  it("survives bytes that are no entry", () => {
    expect(decodeEntry(Buffer.from("nonsense"))).toBeUndefined();
    expect(decodeEntry(new Uint8Array())).toBeUndefined();
  });
});
