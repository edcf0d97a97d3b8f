import { describe, expect, it } from "vitest";
import type { HttpPort } from "../ports/http.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

/** A canned port that counts what became of the bodies it gave out. */
function createCountingHttp(replies: readonly CannedReply[]) {
  const http = createCannedHttp(replies);
  const counts = { read: 0, discarded: 0 };
  const counting: HttpPort = {
    ...http,
    async request(request) {
      const answer = await http.request(request);
      const { bytes, text, stream } = answer.body;
      const read = <Value>(take: () => Value): Value => {
        counts.read += 1;
        return take();
      };
      const body = {
        bytes: () => read(bytes),
        text: () => read(text),
        stream: () => read(stream),
        discard: () => {
          counts.discarded += 1;
        },
      };
      return { ...answer, body };
    },
  };
  return { http: counting, counts };
}

const failing = "{{ 1 // (response.headers['x-n'] | default('0') | int) }}";
const image = { headers: { "content-type": "image/png" }, body: new Uint8Array([1, 2]) };

describe("the body of each answer is read once or discarded once", () => {
  it.each<[string, object, readonly CannedReply[], string, { read: number; discarded: number }]>([
    [
      "a content type that cannot be rendered",
      { response: { decode: "binary", contentType: `image/${failing}` } },
      [image],
      "TEMPLATE_FAILED",
      { read: 0, discarded: 1 },
    ],
    [
      "a condition of a rule that cannot be rendered",
      { errors: [{ when: failing, then: "fail" }] },
      [image],
      "TEMPLATE_FAILED",
      { read: 0, discarded: 1 },
    ],
    [
      "a rule that takes the answer for an error",
      { errors: [{ when: "{{ response.status == 200 }}", then: "fail" }] },
      [image],
      "UPSTREAM_STATUS",
      { read: 0, discarded: 1 },
    ],
    [
      "redirects without an end",
      {},
      [{ status: 302, headers: { location: "/again" } }],
      "UPSTREAM_REDIRECT_REFUSED",
      { read: 0, discarded: 6 },
    ],
    [
      "an output that cannot be rendered",
      { response: { body: { n: failing } } },
      [{ body: { n: 1 } }],
      "TEMPLATE_FAILED",
      { read: 1, discarded: 0 },
    ],
    ["a file that is answered with", { response: { decode: "binary" } }, [image], "", { read: 1, discarded: 0 }],
    [
      "a file whose type is rendered",
      { response: { decode: "binary", contentType: "{{ response.headers['content-type'] }}" } },
      [image],
      "",
      { read: 1, discarded: 0 },
    ],
    ["data", {}, [{ body: { n: 1 } }], "", { read: 1, discarded: 0 }],
  ])("%s", async (_what, action, replies, code, expected) => {
    const { http, counts } = createCountingHttp(replies);
    const definition = { baseUrl: "https://api.example", actions: { act: { request: { path: "/" }, ...action } } };
    const { call } = createTestEngine({ http: http as never, definition: definition as never });
    const ended = await call("act").then(
      () => "",
      (error: { code: string }) => error.code,
    );
    expect([ended, counts]).toEqual([code, expected]);
  });
});
