import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "./harness/api-check.ts";
import { type SendOptions, type Stack, startStack } from "./harness/start-stack.ts";

/** What a bad request looks like and what its problem document says. */
interface BadRequest {
  readonly what: string;
  readonly send: (stack: Stack) => Promise<Answer>;
  readonly status: number;
  readonly code: string;
  /** Members of the problem beyond status and code. */
  readonly problem?: object;
  /** What the first reason points at. */
  readonly pointer?: string | RegExp;
}

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ environment: { JUNCTOR_BODY_LIMIT: "65536" } });
});
afterAll(() => stack.stop());

const call =
  (action: string, input: unknown = {}, extra: object = {}, options: SendOptions = {}) =>
  (on: Stack) =>
    on.execute("odd", action, { input, connection: "main", ...extra }, options);

const someHint = { hint: expect.stringMatching(/\S{3,}/) };

const sketch = (change: object) => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "sketch",
  title: "Sketch",
  version: "1.0.0",
  baseUrl: "https://api.example",
  actions: { a: { request: { path: "/" } } },
  ...change,
});

const requests: readonly BadRequest[] = [
  {
    what: "malformed JSON",
    send: (on) => on.send("POST", "/v1/connectors/odd/actions/echo/execute", { text: '{"input": {"a": 1},\n  oops}' }),
    status: 400,
    code: "REQUEST_MALFORMED",
    problem: { ...someHint, errors: [expect.objectContaining({ line: 2, column: 3 })] },
    pointer: "",
  },
  {
    what: "an empty text as body of a route that needs one",
    send: (on) => on.send("POST", "/v1/connections", { text: "" }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: someHint,
  },
  {
    what: "an unknown key in the request",
    send: (on) => on.execute("odd", "echo", { inputs: { message: "x" } }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: { hint: 'Did you mean "input"?' },
    pointer: "/inputs",
  },
  {
    what: "an unknown key in the input",
    send: call("echo", { message: "x", mesage: "y" }),
    status: 400,
    code: "INPUT_INVALID",
    problem: { hint: expect.stringContaining('"message"') },
    pointer: "/mesage",
  },
  {
    what: "a wrong type in the input",
    send: call("echo", { message: "x", count: "three" }),
    status: 400,
    code: "INPUT_INVALID",
    pointer: "/count",
  },
  {
    what: "a missing input",
    send: call("echo", {}),
    status: 400,
    code: "INPUT_INVALID",
    problem: someHint,
    pointer: "/message",
  },
  {
    what: "an input that is not an object",
    send: call("echo", [1, 2]),
    status: 400,
    code: "INPUT_INVALID",
    pointer: "",
  },
  {
    what: "an unknown connector",
    send: (on) => on.execute("od", "echo", {}),
    status: 404,
    code: "CONNECTOR_UNKNOWN",
    problem: someHint,
  },
  {
    what: "an unknown version",
    send: call("echo", { message: "x" }, { version: "9.9.9" }),
    status: 404,
    code: "VERSION_UNKNOWN",
    problem: someHint,
  },
  {
    what: "an unknown action",
    send: call("ecco", {}),
    status: 404,
    code: "ACTION_UNKNOWN",
    problem: someHint,
  },
  {
    what: "an unknown connection",
    send: call("echo", { message: "x" }, { connection: "nobody" }),
    status: 404,
    code: "CONNECTION_UNKNOWN",
    problem: someHint,
  },
  {
    what: "no connection where one is needed",
    send: (on) => on.execute("odd", "echo", { input: { message: "x" } }),
    status: 400,
    code: "CONNECTION_REQUIRED",
    problem: someHint,
  },
  {
    what: "an unresolved secret",
    send: call("missingSecret"),
    status: 422,
    code: "SECRET_UNKNOWN",
    problem: { detail: expect.stringContaining("nobody-wrote-it"), ...someHint },
  },
  {
    what: "an unresolved variable",
    send: call("missingVariable"),
    status: 422,
    code: "VARIABLE_UNKNOWN",
    problem: { detail: expect.stringContaining("nobody-wrote-it"), ...someHint },
  },
  {
    what: "a private address",
    send: call("privateAddress"),
    status: 403,
    code: "EGRESS_REFUSED",
    problem: someHint,
  },
  {
    what: "the address of a metadata service",
    send: call("metadata"),
    status: 403,
    code: "EGRESS_REFUSED",
  },
  {
    what: "a redirect to a private address",
    send: call("redirectToPrivate"),
    status: 502,
    code: "UPSTREAM_REDIRECT_REFUSED",
  },
  {
    what: "a value that would break out of a header",
    send: call("lineBreak", { value: "a\r\nx-injected: 1" }),
    status: 422,
    code: "VALUE_REFUSED",
    pointer: /\/actions\/lineBreak\/request\/headers\/x-value/,
  },
  {
    what: "an oversized body",
    send: call("plain", { note: "x".repeat(70_000) }),
    status: 413,
    code: "REQUEST_TOO_LARGE",
    problem: someHint,
  },
  {
    what: "a body that is not JSON by its content type",
    send: (on) =>
      on.send("POST", "/v1/connectors/odd/actions/echo/execute", {
        text: "a=1",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    status: 415,
    code: "MEDIA_TYPE_UNSUPPORTED",
    problem: someHint,
  },
  {
    what: "an upstream that does not answer within the timeout",
    send: call("hasty"),
    status: 504,
    code: expect.stringMatching(/^(UPSTREAM_TIMEOUT|ACTION_TIMEOUT)$/) as unknown as string,
    problem: { retryable: true },
  },
  {
    what: "an upstream that refuses the connection",
    send: call("refused"),
    status: 502,
    code: "UPSTREAM_UNREACHABLE",
    problem: { retryable: true },
  },
  {
    what: "an upstream that closes the connection",
    send: call("reset"),
    status: 502,
    code: "UPSTREAM_UNREACHABLE",
  },
  {
    what: "an upstream whose JSON breaks off",
    send: call("brokenJson"),
    status: 502,
    code: "UPSTREAM_INVALID",
  },
  {
    what: "a template that fails",
    send: call("failingTemplate", { number: 0 }),
    status: 422,
    code: "TEMPLATE_FAILED",
    problem: { errors: [expect.objectContaining({ line: 1, column: expect.any(Number) })] },
    pointer: "/actions/failingTemplate/request/query/share",
  },
  {
    what: "no key",
    send: call("plain", {}, {}, { key: null }),
    status: 401,
    code: "UNAUTHENTICATED",
    problem: someHint,
  },
  {
    what: "a key that does not exist",
    send: call("plain", {}, {}, { key: `jk_${"a".repeat(43)}` }),
    status: 401,
    code: "UNAUTHENTICATED",
  },
  {
    what: "an unknown path",
    send: (on) => on.send("GET", "/v2/books"),
    status: 404,
    code: "ROUTE_NOT_FOUND",
    problem: someHint,
  },
  {
    what: "a wrong method",
    send: (on) => on.send("PATCH", "/v1/keys", { body: {} }),
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    problem: someHint,
  },
  {
    what: "an unknown query parameter",
    send: (on) => on.send("GET", "/v1/executions?limits=5"),
    status: 400,
    code: "REQUEST_INVALID",
    pointer: "/query/limits",
  },
  {
    what: "a definition with an unknown key",
    send: (on) =>
      on.send("POST", "/v1/connectors", {
        text: '{\n  "$schema": "https://junctor.dev/schema/connector/v1.json",\n  "name": "x", "title": "X", "version": "1.0.0",\n  "baseUrl": "https://api.example",\n  "actons": {},\n  "actions": { "a": { "request": { "path": "/" } } }\n}',
      }),
    status: 422,
    code: "DEFINITION_INVALID",
    problem: { errors: [expect.objectContaining({ pointer: "/actons", line: 5, column: 3 })] },
    pointer: "/actons",
  },
  {
    what: "connection parameters that the connector does not know",
    send: (on) =>
      on.send("POST", "/v1/connections", {
        body: { connector: "odd", name: "other", parameters: { token: "some-token", regoin: "x" } },
      }),
    status: 400,
    code: "INPUT_INVALID",
    problem: { errors: [expect.objectContaining({ message: '"regoin" is not a parameter of this connection.' })] },
    pointer: "/parameters/regoin",
  },
  {
    what: "malformed JSON that is nested deeply",
    send: (on) => on.send("POST", "/v1/connectors/odd/actions/echo/execute", { text: "[".repeat(60_000) }),
    status: 400,
    code: "REQUEST_INVALID",
    pointer: "",
  },
  {
    what: "a body in another character set",
    send: (on) => on.execute("odd", "echo", {}, { headers: { "content-type": "application/json; charset=utf-16" } }),
    status: 415,
    code: "MEDIA_TYPE_UNSUPPORTED",
    problem: { hint: expect.stringContaining("UTF-8") },
  },
  {
    what: "half of a character in a URL",
    send: (on) => on.execute("odd", "plain", { connection: "main", input: { note: "a\ud800" } }),
    status: 422,
    code: "VALUE_REFUSED",
    problem: someHint,
    pointer: "/note",
  },
  {
    what: "a NUL in a path",
    send: (on) => on.send("GET", "/v1/connections/a%00b"),
    status: 400,
    code: "REQUEST_INVALID",
    pointer: "/path/id",
  },
  {
    what: "a NUL in the name of a connection",
    send: call("echo", { message: "x" }, { connection: "main\u0000" }),
    status: 400,
    code: "REQUEST_INVALID",
    pointer: "/connection",
  },
  {
    what: "a connector whose name is nearly right",
    send: (on) => on.send("GET", "/v1/connectors/oddd"),
    status: 404,
    code: "CONNECTOR_UNKNOWN",
    problem: { hint: 'Did you mean "odd"?' },
  },
  {
    what: "a comparison of a connector that there is not",
    send: (on) => on.send("POST", "/v1/connectors/nope/diff", { body: { to: "1.0.0" } }),
    status: 404,
    code: "CONNECTOR_UNKNOWN",
    problem: someHint,
  },
  {
    what: "an owner of an unknown kind",
    send: (on) => on.send("POST", "/v1/connections", { body: { connector: "odd", name: "o", owner: { kind: "zz" } } }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: { errors: [{ pointer: "/owner/kind", message: "must be one of workspace, user" }] },
  },
  {
    what: "a key of a token issuer of an unknown kind",
    send: (on) =>
      on.send("PUT", "/v1/issuers/a", {
        body: { issuer: "i", audience: "a", algorithms: ["RS256"], key: { kind: "zzz" } },
      }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: { errors: [{ pointer: "/key/kind", message: "must be one of secret, publicKey, jwks" }] },
  },
  {
    what: "a password in the address of a repository",
    send: (on) => on.send("PUT", "/v1/repositories/r4", { body: { url: "https://u:pass1234567@git.example/x" } }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: { hint: expect.stringContaining("tokenSecret") },
    pointer: "/url",
  },
  {
    what: "a repository that is a file",
    send: (on) => on.send("PUT", "/v1/repositories/r4", { body: { url: "file:///etc/passwd", folder: "../../x" } }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: {
      errors: [expect.objectContaining({ pointer: "/url" }), expect.objectContaining({ pointer: "/folder" })],
    },
  },
  {
    what: "an import format that there is not",
    send: (on) => on.send("POST", "/v1/imports", { body: { files: [{ path: "a", text: "{}" }], format: "zz" } }),
    status: 400,
    code: "REQUEST_INVALID",
    problem: { errors: [{ pointer: "/format", message: expect.stringContaining("openapi, swagger") }] },
  },
  {
    what: "a version that cannot be compared",
    send: (on) => on.send("POST", "/v1/connectors", { body: sketch({ version: "9007199254740993.0.0" }) }),
    status: 422,
    code: "DEFINITION_INVALID",
    problem: { hint: expect.stringContaining("15 digits") },
    pointer: "/version",
  },
  {
    what: "a schema that leads back to itself",
    send: (on) =>
      on.send("POST", "/v1/connectors?publish=true", {
        body: sketch({
          $defs: { a: { $ref: "#/$defs/a" } },
          actions: { a: { input: { $ref: "#/$defs/a" }, request: { path: "/" } } },
        }),
      }),
    status: 422,
    code: "DEFINITION_INVALID",
    problem: someHint,
    pointer: "/$defs/a/$ref",
  },
];

describe("bad input gets a problem document that names the place and what to do", () => {
  for (const { what, send, status, code, problem = {}, pointer } of requests) {
    it(what, async () => {
      const answer = await send(stack);
      expect(answer.body).toMatchObject({ status, code, ...problem });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
      const { errors, requestId } = answer.body as { errors?: { pointer: string }[]; requestId: string };
      expect(answer.headers.get("x-request-id")).toBe(requestId);
      if (typeof pointer === "string") expect(errors?.[0]?.pointer).toBe(pointer);
      else if (pointer !== undefined) expect(errors?.[0]?.pointer).toMatch(pointer);
    });
  }
});

describe("an upstream's error is passed on as what it is", () => {
  const statuses: readonly [upstream: number, own: number][] = [
    [400, 400],
    [404, 404],
    [409, 409],
    [410, 410],
    [422, 422],
    [429, 429],
    [401, 502],
    [403, 502],
    [407, 502],
    [418, 502],
    [500, 502],
    [503, 502],
  ];
  for (const [upstream, own] of statuses) {
    it(`${upstream} becomes ${own}`, async () => {
      const { status, body } = await call("status", { status: upstream })(stack);
      expect(status).toBe(own);
      expect(body).toMatchObject({ status: own, upstreamStatus: upstream });
    });
  }
});

describe("an echoed secret", () => {
  it("does not come back in the output of the call", async () => {
    const { status, body } = await call("echo", { message: "hello" })(stack);
    expect(status).toBe(200);
    // The upstream returned the credential and the secret it was sent; the suite's stop searches for them everywhere.
    expect(JSON.stringify(body)).toContain("[redacted]");
    expect(body).toMatchObject({ output: { headers: { "content-type": "application/json" } } });
  });

  it("does not come back in an upstream's error either", async () => {
    const { body } = await call("status", { status: 422 })(stack);
    expect(body).toMatchObject({ code: "UPSTREAM_STATUS" });
  });

  it("is masked in a dry run", async () => {
    const { status, body } = await stack.send("POST", "/v1/connectors/odd/actions/echo/dry-run", {
      body: { input: { message: "hello" }, connection: "main" },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      plan: { request: { method: "POST", url: `${stack.odd.url}/echo?region=north`, body: { message: "hello" } } },
    });
  });
});
