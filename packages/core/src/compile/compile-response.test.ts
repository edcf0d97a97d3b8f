import { describe, expect, it } from "vitest";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

/** What an import writes for a widget connector that overrides the content type and has no template. */
const response = { decode: "text", text: "{{ response.body }}", contentType: "text/plain", onError: "pass" };
const text = (value: string) => ({ kind: "text", text: value, contentType: "text/plain" });
const file = expect.objectContaining({ kind: "binary", contentType: "text/plain" });

async function outputOf(action: object, status: number, caller?: object) {
  const http = createCannedHttp([{ status, headers: { "content-type": "application/json" }, body: '{"ok":true}' }]);
  const definition = {
    compat: "gainsight",
    baseUrl: "https://api.example",
    actions: { act: { request: { path: "/" }, response, ...action } },
  };
  const { call } = createTestEngine({ http, definition: definition as never });
  return (await call("act", {}, caller === undefined ? {} : ({ caller } as never))).output;
}

describe("an imported answer whose type alone is overridden", () => {
  const readsBody = { when: "{{ 'refused' in response.body }}", then: "fail" };
  const readsStatus = { when: "{{ response.status == 429 }}", then: "retry" };
  const describesBody = { ...readsStatus, message: "{{ response.body }}" };
  const ignores = { when: "{{ response.status == 404 }}", then: "ignore" };
  const judged = { ...response, onError: "fail" };
  const anyone = { kind: "anonymous", id: "anonymous", scopes: [] };

  it.each<[string, object, number, unknown, object?]>([
    ["passes on as it came", {}, 200, file],
    ["passes on where a rule reads its status", { errors: [readsStatus] }, 200, file],
    ["passes on where it is an error that a rule reads the status of", { errors: [readsStatus] }, 500, file],
    ["is text where a rule reads its body", { errors: [readsBody] }, 200, text('{"ok":true}')],
    ["is text where it is an error and a rule reads its body", { errors: [readsBody] }, 500, text('{"ok":true}')],
    ["is text where a rule quotes its body", { errors: [describesBody] }, 200, text('{"ok":true}')],
    [
      "passes on where a rule quotes its body, and errors are no answers",
      { errors: [describesBody], response: judged },
      200,
      file,
    ],
    ["is text where it is an error and a rule quotes its body", { errors: [describesBody] }, 500, text('{"ok":true}')],
    [
      "is null where a rule ignores its status",
      { errors: [ignores], response: judged },
      404,
      { kind: "json", value: null },
    ],
    [
      "is null where a rule ignores its status, for anybody",
      { errors: [ignores], response: judged },
      404,
      { kind: "json", value: null },
      anyone,
    ],
  ])("%s", async (_what, action, status, expected, caller) => {
    expect(await outputOf(action, status, caller)).toEqual(expected);
  });
});
