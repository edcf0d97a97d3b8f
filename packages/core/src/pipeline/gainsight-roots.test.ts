import { describe, expect, it } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import { normalizeDefinition } from "../definition/normalize-definition.ts";
import type { Call, Caller } from "../execute/call.ts";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const ada: Caller = {
  kind: "user",
  id: "u1",
  user: {
    id: "u1",
    email: "ada@a.example",
    roles: [],
    groups: [],
    claims: { given_name: "Ada", profile_fields: { "7": "blue" } },
  },
  scopes: [],
};

/** Runs a widget connector in its short form and gives what was sent and what came out. */
async function run(short: object, input: object, body: unknown = {}, reply: object = {}, more: Partial<Call> = {}) {
  const http = createCannedHttp([{ body, ...reply }]);
  const whole = "steps" in short ? short : { url: "https://api.example/a", ...short };
  const definition = normalizeDefinition({ name: "W", ...whole } as never);
  const engine = createTestEngine({
    http,
    definition: definition as never,
    variables: { tenant: "eu" },
    secrets: { key: { value: "sesame-sesame", hosts: ["api.example"] } },
  });
  const result = await engine.call("execute", input as never, { caller: ada, ...more });
  return { http, sent: http.sent[0], output: result.output, meta: result.meta };
}

describe("a widget connector in compatibility mode", () => {
  it("reads path parameters, variables, secrets and the user by the old names", async () => {
    const { sent } = await run(
      {
        url: "https://api.example/{{ get_variable('tenant') }}/{{ pathParams.id }}",
        path_parameters: [{ key: "id" }],
        headers: [
          { key: "X-User", value: "{{ user.first_name }} {{ user.last_name }} {{ user.profile_fields.by_id(7) }}" },
        ],
        query_parameters: [{ key: "t", value: "{{ tenant_id }}" }],
        authentication: { type: "api_key", config: { key: "X-Key", value: "{{ get_secret('key') }}", in: "header" } },
      },
      { path: { id: "42" } },
    );
    expect(sent?.url).toBe("https://api.example/eu/42?t=ws-1");
    expect(sent?.headers).toMatchObject({ "x-user": "Ada None blue", "x-key": "sesame-sesame" });
  });
  it("renders the body from the text that came, and prints like Python", async () => {
    const { sent } = await run(
      {
        method: "POST",
        request_body: `{"email": "{{ user.email }}", "n": {{ (body_text | from_json).n }}, "flag": "{{ true }}", "gone": "{{ nothing }}"}`,
      },
      { body: { n: 3 } },
    );
    expect(sent?.body).toBe('{"email": "ada@a.example", "n": 3, "flag": "True", "gone": ""}');
  });
  const names = ["{{ body_text }}", "{{ body_raw.decode() }}", "{{ request.body_text }}"];
  it.each(names)(
    "a text as the body is JSON text in %s: it cannot add members to what a template writes",
    async (name) => {
      const request_body = `{"tenant":"a","data":${name}}`;
      const body = '1,"tenant":"b"';
      const { sent } = await run({ method: "POST", request_body }, { body });
      expect(JSON.parse(sent?.body ?? "")).toEqual({ tenant: "a", data: body });
    },
  );
  it("forwards the body where there is no template", async () => {
    const { sent } = await run({ method: "POST" }, { body: { a: [1, "x"] } });
    expect(JSON.parse(sent?.body ?? "")).toEqual({ a: [1, "x"] });
  });
  it("runs the response template for every status, and passes the status on", async () => {
    const { output, meta } = await run(
      {
        response_body: `{"code": {{ response.status_code }}, "n": {{ (response.body | from_json).n }}}`,
        response_content_type: "application/json",
      },
      {},
      { n: 5 },
      { status: 404 },
    );
    expect(output).toEqual({ kind: "text", text: '{"code": 404, "n": 5}', contentType: "application/json" });
    expect(meta.status).toBe(404);
  });

  const bodyText = '{"id":9007199254740993, "price":1.10,\n "z":1E2,"id":2}';
  it.each([
    ["a plain connector", { method: "POST" }],
    ["a step", { steps: [{ name: "one", method: "PUT", url: "https://api.example/a" }] }],
  ])("%s without a template sends the caller's body as it came", async (_what, short) => {
    const { sent } = await run(short, { body: JSON.parse(bodyText) }, {}, {}, { bodyText });
    expect([sent?.body, sent?.headers["content-type"]]).toEqual([bodyText, "application/json"]);
  });
  it("a template shapes the body, whatever came", async () => {
    const request_body = `{"id": {{ (body_text | from_json).id }}}`;
    const { sent } = await run({ method: "POST", request_body }, { body: {} }, {}, {}, { bodyText: '{"id":7}' });
    expect(sent?.body).toBe('{"id": 7}');
  });
});

describe("response.body is the text of the answer, or None where its bytes are no UTF-8", () => {
  const is = "{{ response.body is none }}|{{ response.body is string }}";
  const notText = Buffer.from([0xe9, 0x41]);
  it.each([
    ["text", "text/plain", notText, "True|False"],
    ["text in another character set", "text/plain; charset=iso-8859-1", notText, "True|False"],
    ["a file", "application/octet-stream", Buffer.from([0, 255, 1]), "True|False"],
    ["an image", "image/png", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "True|False"],
    ["JSON", "application/json", Buffer.from([0x22, 0xe9, 0x22]), "True|False"],
    ["no type at all", undefined, notText, "True|False"],
    ["UTF-8 under any type", "image/png", Buffer.from("é"), "False|True"],
    ["a replacement character that was sent", "text/plain", Buffer.from("\ufffd"), "False|True"],
    ["JSON that is none stays text", "application/json", Buffer.from("{"), "False|True"],
    ["an empty answer", "text/plain", Buffer.from(""), "False|True"],
  ])("%s", async (_what, type, bytes, expected) => {
    for (const status of [200, 500]) {
      const headers = type === undefined ? {} : { "content-type": type };
      const { output } = await run({ response_body: is }, {}, bytes, { status, headers });
      expect(output).toMatchObject({ kind: "text", text: expected });
    }
  });

  it("an answer of the cache reads the same", async () => {
    const http = createCannedHttp([{ headers: { "cache-control": "max-age=60" }, body: notText }]);
    const short = { name: "W", url: "https://api.example/a", response_body: is };
    const definition = normalizeDefinition(short as never) as never;
    const { call } = createTestEngine({ http, definition, cache: createHttpCache() });
    const answers = [await call("execute"), await call("execute")].map(({ output, meta }) => [meta.cache, output]);
    const output = expect.objectContaining({ text: "True|False" });
    expect(answers).toEqual([
      ["miss", output],
      ["hit", output],
    ]);
  });

  it("a later step sees None too", async () => {
    const steps = [
      { name: "a", url: "https://api.example/a" },
      { name: "b", method: "POST", url: "https://api.example/b", request_body: "{{ steps.a.body is none }}" },
    ];
    const { http } = await run({ steps }, {}, notText);
    expect(http.sent[1]?.body).toBe("True");
  });

  it("a content type alone leaves the bytes as they are", async () => {
    const { output } = await run({ response_content_type: "image/webp" }, {}, notText, {
      headers: { "content-type": "image/png" },
    });
    expect(output).toMatchObject({ kind: "binary", contentType: "image/webp" });
    const chunks: Uint8Array[] = [];
    if (output.kind === "binary") for await (const chunk of output.stream) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(notText);
  });
});
