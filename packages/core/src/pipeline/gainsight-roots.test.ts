import { describe, expect, it } from "vitest";
import { normalizeDefinition } from "../definition/normalize-definition.ts";
import type { Caller } from "../execute/call.ts";
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
async function run(short: object, input: object, body: unknown = {}, reply: object = {}) {
  const http = createCannedHttp([{ body, ...reply }]);
  const definition = normalizeDefinition({ name: "W", url: "https://api.example/a", ...short } as never);
  const engine = createTestEngine({
    http,
    definition: definition as never,
    variables: { tenant: "eu" },
    secrets: { key: { value: "sesame-sesame", hosts: ["api.example"] } },
  });
  const result = await engine.call("execute", input as never, { caller: ada });
  return { sent: http.sent[0], output: result.output, meta: result.meta };
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
});
