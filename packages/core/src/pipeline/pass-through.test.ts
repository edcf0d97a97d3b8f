import type { Action } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import type { ConnectorError } from "../errors/connector-error.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const recordingSink = () => {
  const seen: {
    status: number | null;
    headers: string[];
    body: string;
    ended: boolean;
    failed: ConnectorError | null;
  } = {
    status: null,
    headers: [],
    body: "",
    ended: false,
    failed: null,
  };
  const sink = {
    head(status: number, headers: string[]) {
      seen.status = status;
      seen.headers = headers;
    },
    data(chunk: Buffer) {
      seen.body += chunk.toString();
      return true;
    },
    end() {
      seen.ended = true;
    },
    fail(error: ConnectorError) {
      seen.failed = error;
    },
  };
  return { seen, sink };
};

const run = async (replies: readonly CannedReply[], action: Partial<Action> = {}) => {
  const http = createCannedHttp(replies);
  const act = { request: { path: "/x", query: { a: 1 } }, ...action } as Action;
  const { engine, callOf } = createTestEngine({
    http,
    definition: { baseUrl: "https://api.example/v1", actions: { act } },
  });
  const { seen, sink } = recordingSink();
  const outcome = await engine.execute(callOf("act"), sink).then(
    ({ output }) => output.kind,
    (error: ConnectorError) => error.code,
  );
  return { outcome, seen, sent: http.sent };
};

const answer = { headers: { "content-type": "application/json", etag: '"1"' }, body: '{ "as":  "it is" }' };

describe("an answer that nothing changes", () => {
  test("goes into the sink byte by byte", async () => {
    const { outcome, seen, sent } = await run([answer]);
    expect(outcome).toBe("passed");
    expect(seen).toMatchObject({ status: 200, body: '{ "as":  "it is" }', ended: true });
    expect(seen.headers).toEqual(["content-type", "application/json", "etag", '"1"']);
    expect(sent[0]?.url).toBe("https://api.example/v1/x?a=1");
  });

  test.each([
    ["an error answer is judged as usual", [{ status: 404, body: { x: 1 } }], {}, "UPSTREAM_STATUS", 1],
    ["a transient one is retried", [{ status: 503 }, answer], {}, "passed", 2],
    [
      "a transport failure is retried",
      [{ failure: { code: "EGRESS_CONNECTION_LOST", sent: true } }, answer],
      {},
      "passed",
      2,
    ],
    [
      "a rule over the head may refuse it",
      [answer],
      { errors: [{ when: "{{ response.headers.etag }}" }] },
      "UPSTREAM_STATUS",
      1,
    ],
    [
      "with onError: pass an error goes through",
      [{ status: 500, body: "x" }],
      { response: { onError: "pass" } },
      "passed",
      1,
    ],
    [
      "a redirect is followed, and its answer is buffered",
      [{ status: 302, headers: { location: "/y" } }, answer],
      {},
      "json",
      2,
    ],
  ] as const)("%s", async (_title, replies, action, outcome, sent) => {
    const result = await run(replies, action as never);
    expect(result.outcome).toBe(outcome);
    expect(result.sent).toHaveLength(sent);
    expect(result.seen.status !== null).toBe(outcome === "passed");
  });
});

describe("an answer that something reads is not passed through", () => {
  test.each([
    ["response.body", { response: { body: "{{ response.body }}" } }],
    ["a closed output", { output: { type: "object", additionalProperties: false } }],
    ["an error rule over the body", { errors: [{ when: "{{ response.body.error }}" }] }],
    ["pagination", { pagination: { items: "{{ response.body }}", size: 2 } }],
    ["a decoding of its own", { response: { decode: "text" } }],
  ] as const)("%s", async (_reader, action) => {
    const { outcome, seen } = await run([{ body: [] }], action as never);
    expect(outcome).toBe("json");
    expect(seen.status).toBeNull();
  });
});
