import { expect, test } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import type { HttpPort, HttpRequest } from "../ports/http.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const watcher = { begin: () => undefined };

/** A host whose calls are plain objects: everything of them would be copied along. */
function setUp(replies: readonly CannedReply[], actions: object) {
  const http = createCannedHttp(replies);
  const sent: HttpRequest[] = [];
  const watched: HttpPort = {
    ...http,
    request(request) {
      sent.push(request);
      return http.request(request);
    },
  };
  const definition = { baseUrl: "https://api.example", actions } as never;
  return { sent, ...createTestEngine({ http: watched, cache: createHttpCache(), definition }) };
}

test("the caller's own exchange is told to its watcher", async () => {
  const { call, sent } = setUp([{ body: {} }], { read: { request: { path: "/books" } } });
  await call("read", {}, { watcher });
  expect(sent.map((request) => request.watcher)).toEqual([watcher]);
});

test("steps are ended by the signal of their composite, whatever ends the composite itself", async () => {
  const { call, sent } = setUp([{ body: {} }], {
    read: { request: { path: "/books" } },
    both: {
      steps: [
        { id: "own", request: { path: "/authors" } },
        { id: "other", action: "read" },
      ],
    },
  });
  await call("both", {}, { watcher });
  expect(sent.map((request) => [request.watcher, request.signal instanceof AbortSignal])).toEqual([
    [undefined, true],
    [undefined, true],
  ]);
});

test("a refresh behind an answer that was given does not end with its caller", async () => {
  const stale = { "cache-control": "max-age=0, stale-while-revalidate=60", etag: '"1"' };
  const { call, sent } = setUp([{ headers: stale, body: {} }], { read: { cache: {}, request: { path: "/books" } } });
  await call("read", {}, { watcher });
  const { signal } = new AbortController();
  const again = await call("read", {}, { watcher, signal });
  expect(again.meta.cache).toBe("stale");
  expect(sent.map((request) => [request.watcher, request.signal])).toEqual([
    [watcher, undefined],
    [undefined, undefined],
  ]);
});
