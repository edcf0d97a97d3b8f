import { describe, expect, it } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const timeout = { failure: { code: "EGRESS_TIMEOUT", sent: true } };
const lost = { failure: { code: "EGRESS_CONNECTION_LOST", sent: true } };
const errors = [{ when: "{{ error is defined }}", then: "ignore" }];

function setUp(replies: readonly CannedReply[], action: object = {}) {
  const http = createCannedHttp(replies);
  const definition = {
    baseUrl: "https://api.example",
    defaults: { retry: { attempts: 1 } },
    actions: { act: { request: { path: "/" }, errors, ...action } },
  };
  return { ...createTestEngine({ http, cache: createHttpCache(), definition: definition as never }), http };
}

const outputOf = async (replies: readonly CannedReply[], action?: object) => {
  const { output } = await setUp(replies, action).call("act");
  return output.kind === "json" ? output.value : output;
};

const page = (items: readonly number[], next?: string) => ({ body: { items, next } });
const paged = {
  request: { path: "/", query: { at: "{{ page.next }}" } },
  pagination: { items: "{{ response.body['items'] }}", next: "{{ response.body.next }}" },
};

describe("a transport failure that a rule ignores", () => {
  it.each([
    ["a timeout gives null", [timeout], {}, null],
    ["a broken connection gives null", [lost], {}, null],
    ["a rule without a condition ignores it too", [lost], { errors: [{ then: "ignore" }] }, null],
    [
      "response.body gives the output, and there is no response in it",
      [timeout],
      { response: { body: { status: "{{ response.status }}", found: "{{ response is defined }}" } } },
      { found: false },
    ],
    [
      "response.text likewise",
      [timeout],
      { response: { text: "status {{ response.status | default('none') }}" } },
      { kind: "text", text: "status none", contentType: "text/plain; charset=utf-8" },
    ],
    ["a file gives null", [timeout], { response: { decode: "binary" } }, null],
    ["filter rules find nothing to filter", [timeout], { response: { filter: [{ at: "/*", remove: ["/x"] }] } }, null],
    [
      "an answer that came before the failure is none: the target of a redirect is away",
      [{ status: 302, headers: { location: "/next" } }, lost],
      { response: { body: { found: "{{ response is defined }}" } } },
      { found: false },
    ],
    ["the first page has no items", [timeout], paged, []],
  ])("%s", async (_what, replies, action, expected) => {
    expect(await outputOf(replies as readonly CannedReply[], action)).toEqual(expected);
  });

  it("a later page has no items and is the last", async () => {
    const { call } = setUp([page([1, 2], "b"), timeout], paged);
    const { output, meta } = await call("act", {}, { page: { all: true } });
    expect([output, meta.continuation]).toEqual([{ kind: "json", value: [1, 2] }, undefined]);
  });

  it("is recorded as a success without an upstream status", async () => {
    const { call, executions } = setUp([timeout]);
    expect((await call("act")).meta).toMatchObject({ upstreamStatus: null, status: 200, attempts: 1 });
    expect(executions).toMatchObject([{ outcome: "succeeded", errorCode: null, upstreamStatus: null }]);
  });

  it.each([
    ["refused by the outbound policy", "EGRESS_ADDRESS_REFUSED", "EGRESS_REFUSED"],
    ["cancelled", "EGRESS_ABORTED", "CALL_CANCELLED"],
    ["without a usable certificate", "EGRESS_IDENTITY_INVALID", "CONNECTION_UNUSABLE"],
  ])("is not one that was %s", async (_what, failure, code) => {
    const { call } = setUp([{ failure: { code: failure, sent: false } }], { errors: [{ then: "ignore" }] });
    await expect(call("act")).rejects.toMatchObject({ code });
  });
});

describe("an ignored failure and the cache", () => {
  it("is never kept", async () => {
    const { call, http } = setUp([timeout, { body: { n: 1 } }, { body: { n: 2 } }], { cache: { ttl: "PT1M" } });
    const outputs = [await call("act"), await call("act"), await call("act")].map(({ output }) => output);
    const second = expect.objectContaining({ kind: "json", value: { n: 1 } });
    expect([outputs, http.sent.length]).toEqual([[{ kind: "json", value: null }, second, second], 2]);
  });

  it("gives way to a stale answer that may stand in", async () => {
    const stale = { headers: { "cache-control": "max-age=0, stale-if-error=60" }, body: { n: 1 } };
    const { call } = setUp([stale, timeout], { cache: {} });
    await call("act");
    const { output, meta } = await call("act");
    expect([meta.cache, output]).toEqual(["stale", expect.objectContaining({ kind: "json", value: { n: 1 } })]);
  });

  it("gives way to a stale answer that may stand in, also where it is an answer with an error status", async () => {
    const stale = { headers: { "cache-control": "max-age=0, stale-if-error=60" }, body: { n: 1 } };
    const rule = { when: "{{ response.status == 503 }}", then: "ignore" };
    const { call } = setUp([stale, { status: 503, body: { n: 2 } }], { cache: {}, errors: [rule] });
    await call("act");
    const { output, meta } = await call("act");
    expect([meta.cache, output]).toEqual(["stale", expect.objectContaining({ kind: "json", value: { n: 1 } })]);
  });

  it("is one for all calls that waited for it", async () => {
    const { call, http } = setUp([timeout, { body: 1 }], { cache: { ttl: "PT1M" } });
    const results = await Promise.all([call("act"), call("act"), call("act")]);
    expect([results.map(({ output }) => output), http.sent.length]).toEqual([
      Array(3).fill({ kind: "json", value: null }),
      1,
    ]);
  });
});

describe("an ignored failure in a step", () => {
  const steps = [
    { id: "away", request: { path: "/away" }, errors },
    { id: "next", request: { path: "/next", query: { away: "{{ steps.away.status is none }}" } } },
  ];

  it("leaves its status and body null, and the steps go on", async () => {
    const { call, http } = setUp([timeout, { body: { ok: true } }], { request: undefined, errors: undefined, steps });
    expect((await call("act")).output).toMatchObject({ value: { ok: true } });
    expect(http.sent.map(({ url }) => url)).toEqual(["https://api.example/away", "https://api.example/next?away=true"]);
  });

  it("gives null as the answer of the last step", async () => {
    const { call } = setUp([timeout], { request: undefined, steps: steps.slice(0, 1) });
    expect((await call("act")).output).toEqual({ kind: "json", value: null });
  });
});
