import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * RFC 9111 as the caller of the widget route sees it: a plain pass-through connector, two or more requests, and what came
 * from where. Time is not faked: an upstream says how old its answer is.
 */
let stack: Stack;
let upstream: Server;
let answers: readonly Upstream[];
let asked: { readonly method: string; readonly headers: Readonly<Record<string, unknown>> }[];
let count = 0;

interface Upstream {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
const http = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();

beforeAll(async () => {
  upstream = createServer((request, response) => {
    const { status = 200, headers = {}, body } = answers[Math.min(asked.length, answers.length - 1)] ?? {};
    asked.push({ method: request.method ?? "", headers: request.headers });
    response.writeHead(status, { "content-type": "text/plain", ...headers });
    response.end(body ?? `answer ${asked.length}`);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port}` } });
  const body = {
    name: "Plain",
    permalink: "plain",
    url: `http://127.0.0.1:${port}/{{ pathParams.case }}`,
    path_parameters: [{ key: "case" }],
    headers: [
      { key: "Foo", value: "", overridable: true },
      { key: "Bar", value: "", overridable: true },
    ],
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body }));
  const head = { ...body, name: "Head", permalink: "head", method: "HEAD" };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: head }));
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
});
beforeEach(() => {
  asked = [];
  count += 1;
});

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds to wait before. */
  readonly after?: number;
}

async function ask({ method = "GET", headers = {}, after = 0 }: Question = {}) {
  if (after > 0) await new Promise((resolve) => setTimeout(resolve, after * 1_000));
  const response = await fetch(`${stack.url}/connectors/plain/execute`, {
    method,
    headers: { authorization: `Bearer ${stack.key}`, "x-path-params": `case=c${count}`, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** fetch adds `cache-control: no-cache` to a conditional request that has none of its own. */
const neutral = { "cache-control": "x" };

/** Two questions: the second is answered from what is kept (`kept`), by a confirmation, or anew. */
type Row = readonly [
  name: string,
  first: Upstream,
  expected: "kept" | "confirmed" | "anew",
  more?: { readonly second?: Upstream; readonly ask?: Question; readonly before?: Question },
];
const max = (seconds: number, more = ""): Upstream => ({ headers: { "cache-control": `max-age=${seconds}${more}` } });

const rows: readonly Row[] = [
  // Freshness
  ["max-age", max(100), "kept"],
  ["max-age=0", max(0), "anew"],
  ["max-age that Age has used up", { headers: { "cache-control": "max-age=100", age: "100" } }, "anew"],
  ["max-age beyond Age", { headers: { "cache-control": "max-age=100", age: "50" } }, "kept"],
  ["s-maxage over max-age", { headers: { "cache-control": "s-maxage=100, max-age=0" } }, "kept"],
  ["s-maxage=0 over max-age", { headers: { "cache-control": "s-maxage=0, max-age=100" } }, "anew"],
  ["Expires in the future", { headers: { expires: http(100) } }, "kept"],
  ["Expires in the past", { headers: { expires: http(-100) } }, "anew"],
  ["Expires that is no date", { headers: { expires: "0" } }, "anew"],
  ["max-age over Expires", { headers: { expires: http(-100), "cache-control": "max-age=100" } }, "kept"],
  ["directives in capitals", { headers: { "cache-control": "MAX-AGE=100" } }, "kept"],
  ["unknown directives", { headers: { "cache-control": "foo=bar, max-age=100" } }, "kept"],
  ["a date in the past uses up max-age", { headers: { date: http(-200), "cache-control": "max-age=100" } }, "anew"],
  ["nothing said", {}, "anew"],
  ["heuristic, long unmodified", { headers: { "last-modified": http(-1_000_000) } }, "kept"],
  // Storing
  ["no-store", { headers: { "cache-control": "no-store, max-age=100" } }, "anew"],
  ["private", { headers: { "cache-control": "private, max-age=100" } }, "anew"],
  ["no-cache without validator", { headers: { "cache-control": "no-cache, max-age=100" } }, "anew"],
  [
    "set-cookie is withheld and not shared",
    { headers: { "cache-control": "max-age=100", "set-cookie": "a=1" } },
    "anew",
  ],
  ["404 with max-age", { status: 404, ...max(100) }, "kept"],
  ["410 with max-age", { status: 410, ...max(100) }, "kept"],
  ["500 with max-age", { status: 500, ...max(100) }, "kept"],
  ["500 without", { status: 500, headers: { "last-modified": http(-1_000_000) } }, "anew"],
  ["599 with max-age", { status: 599, ...max(100) }, "kept"],
  ["599 without", { status: 599, headers: { "last-modified": http(-1_000_000) } }, "anew"],
  // Requests
  ["no-cache asks anew", max(100), "anew", { ask: { headers: { "cache-control": "no-cache" } } }],
  ["max-age=0 asks anew", max(100), "anew", { ask: { headers: { "cache-control": "max-age=0" } } }],
  [
    "max-age below the age",
    { headers: { "cache-control": "max-age=100", age: "50" } },
    "anew",
    { ask: { headers: { "cache-control": "max-age=10" } } },
  ],
  ["min-fresh beyond what is left", max(100), "anew", { ask: { headers: { "cache-control": "min-fresh=200" } } }],
  ["min-fresh within it", max(100), "kept", { ask: { headers: { "cache-control": "min-fresh=10" } } }],
  [
    "max-stale accepts what has ended",
    { headers: { "cache-control": "max-age=10", age: "20", etag: '"a"' } },
    "kept",
    { ask: { headers: { "cache-control": "max-stale=1000" } } },
  ],
  ["no-store in the request is not kept", max(100), "anew", { before: { headers: { "cache-control": "no-store" } } }],
  ["Pragma: no-cache alone", max(100), "anew", { ask: { headers: { pragma: "no-cache" } } }],
  // Vary
  [
    "Vary, same",
    { headers: { "cache-control": "max-age=100", vary: "Foo" } },
    "kept",
    { before: { headers: { foo: "1" } }, ask: { headers: { foo: "1" } } },
  ],
  [
    "Vary, other",
    { headers: { "cache-control": "max-age=100", vary: "Foo" } },
    "anew",
    { before: { headers: { foo: "1" } }, ask: { headers: { foo: "2" } } },
  ],
  ["Vary: *", { headers: { "cache-control": "max-age=100", vary: "*" } }, "anew"],
  // Validation
  [
    "ETag",
    { headers: { "cache-control": "max-age=0", etag: '"a"' } },
    "confirmed",
    { second: { status: 304, headers: { etag: '"a"' } } },
  ],
  [
    "weak ETag",
    { headers: { "cache-control": "max-age=0", etag: 'W/"a"' } },
    "confirmed",
    { second: { status: 304, headers: { etag: 'W/"a"' } } },
  ],
  [
    "Last-Modified",
    { headers: { "cache-control": "max-age=0", "last-modified": http(-50) } },
    "confirmed",
    { second: { status: 304 } },
  ],
  [
    "no-cache with ETag",
    { headers: { "cache-control": "no-cache", etag: '"a"' } },
    "confirmed",
    { second: { status: 304 } },
  ],
  [
    "ETag that is another now",
    { headers: { "cache-control": "max-age=0", etag: '"a"' } },
    "anew",
    { second: { headers: { etag: '"b"' } } },
  ],
  // Stale
  [
    "stale-if-error",
    { headers: { "cache-control": "max-age=0, stale-if-error=100", etag: '"a"' } },
    "confirmed",
    { second: { status: 503 } },
  ],
  [
    "a failure without it",
    { headers: { "cache-control": "max-age=0", etag: '"a"' } },
    "anew",
    { second: { status: 503 } },
  ],
  [
    "must-revalidate forbids it",
    { headers: { "cache-control": "max-age=0, stale-if-error=100, must-revalidate", etag: '"a"' } },
    "anew",
    { second: { status: 503 } },
  ],
  ["stale-while-revalidate", { headers: { "cache-control": "max-age=0, stale-while-revalidate=100" } }, "confirmed"],
  // HEAD
  ["HEAD after GET", max(100), "kept", { ask: { method: "HEAD" } }],
  ["HEAD with no-store in between", { headers: { "cache-control": "no-store" } }, "anew", { ask: { method: "HEAD" } }],
];

describe("a connector that asks with HEAD", () => {
  it.each<[name: string, headers: Readonly<Record<string, string>>, expected: string | null]>([
    ["a length", { "content-length": "1234" }, "1234"],
    ["a length of data", { "content-type": "application/json", "content-length": "1234" }, "1234"],
    ["a length of nothing", { "content-length": "0" }, "0"],
    ["no length", {}, null],
    ["the length of a coded body", { "content-length": "1234", "content-encoding": "gzip" }, null],
  ])("passes on %s, also from the cache", async (_name, headers, expected) => {
    answers = [{ headers: { "cache-control": "max-age=100", ...headers } }];
    for (const cache of ["miss", "hit"]) {
      const response = await fetch(`${stack.url}/connectors/head/execute`, {
        method: "HEAD",
        headers: { authorization: `Bearer ${stack.key}`, "x-path-params": `case=c${count}` },
      });
      expect([response.status, response.headers.get("x-junctor-cache")]).toEqual([200, cache]);
      expect(response.headers.get("content-length")).toBe(expected);
      expect(response.headers.get("content-type")).toBe(headers["content-type"] ?? "text/plain");
    }
  });
});

describe("RFC 9111 through the widget route", () => {
  const table = rows.map(([name, first, expected, more = {}]) => ({ name, first, expected, more }));
  it.each(table)("$name", async ({ first, expected, more }) => {
    answers = [first, more.second ?? first];
    const before = await ask(more.before);
    expect(before.status).toBe(first.status ?? 200);
    const after = await ask(more.ask);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const isHead = more.ask?.method === "HEAD";
    expect(asked.length).toBe(expected === "kept" ? 1 : 2);
    if (expected !== "anew") {
      expect(after.status).toBe(first.status ?? 200);
      expect(after.body).toBe(isHead ? "" : "answer 1");
      expect(after.headers.get("age")).toMatch(/^\d+$/);
    } else expect(after.body).toBe(isHead ? "" : "answer 2");
    expect(before.headers.get("set-cookie")).toBeNull();
  });
  it("a 304 of the upstream renews the fields of what is kept", async () => {
    answers = [
      { headers: { "cache-control": "max-age=0", etag: '"a"', "x-a": "1", "x-b": "1" } },
      { status: 304, headers: { "cache-control": "max-age=100", etag: '"a"', "x-a": "2" } },
    ];
    await ask();
    const second = await ask();
    const third = await ask();
    for (const { headers, body } of [second, third]) {
      expect([headers.get("x-a"), headers.get("x-b"), body]).toEqual(["2", "1", "answer 1"]);
    }
    expect(asked.length).toBe(2);
    expect(asked[1]?.headers["if-none-match"]).toBe('"a"');
  });
  it("a caller's own condition is answered with 304 from what is kept", async () => {
    answers = [{ headers: { "cache-control": "max-age=100", etag: '"a"' } }];
    await ask();
    const answer = await ask({ headers: { ...neutral, "if-none-match": '"a"' } });
    expect([answer.status, answer.headers.get("etag"), answer.body, asked.length]).toEqual([304, '"a"', "", 1]);
    expect((await ask({ headers: { ...neutral, "if-none-match": '"b"' } })).status).toBe(200);
  });
  it("Age grows, and Vary names what the upstream named, for pages also what else the answer depends on", async () => {
    answers = [{ headers: { "cache-control": "max-age=100", age: "10", vary: "Foo" } }];
    expect((await ask()).headers.get("vary")).toBe("Foo");
    const { headers } = await ask({ after: 1.1 });
    expect(Number(headers.get("age"))).toBeGreaterThanOrEqual(11);
    expect(headers.get("vary")).toBe("Foo");
    const body = { name: "page", kind: "publishable", scopes: ["execute"], origins: ["https://page.example"] };
    const { key } = (await expectStatus(201, stack.send("POST", "/v1/keys", { body }))).body as {
      readonly key: string;
    };
    const policy = { connector: "*", action: "*", allow: { callers: ["anonymous", "service"] } };
    await expectStatus(200, stack.send("PUT", "/v1/policies/everyone", { body: policy }));
    const fromPage = { origin: "https://page.example", "x-junctor-key": key, "x-path-params": `case=c${count}` };
    const answer = await fetch(`${stack.url}/connectors/plain/execute`, { headers: fromPage });
    const ours = "origin, authorization, x-junctor-key, x-junctor-connection, x-path-params, foo, bar";
    expect([answer.status, answer.headers.get("vary")]).toEqual([200, `${ours}, Foo`]);
  });
});
