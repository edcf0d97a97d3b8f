import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, ClientError, createClient } from "@junctor/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * What pages of other origins may call and read: widgets by permalink, and actions by name. The server also lists an origin of
 * the operator's, which has nothing to do with those of the keys.
 */
const page = "https://shop.example";
const signingSecret = "a-signing-secret-of-more-than-32-bytes";
let stack: Stack;
let upstream: Server;
let publishableKey: string;
let otherKey: string;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    const status = request.url === "/broken" ? 500 : 200;
    response.writeHead(status, { "content-type": "application/json" });
    const { authorization, cookie, "x-junctor-x": own, "x-tone": tone } = request.headers;
    const echoed = request.url === "/wall" ? { authorization, cookie, own, tone } : undefined;
    const good = { url: request.url, ...(echoed !== undefined && { echoed }) };
    response.end(JSON.stringify(status === 200 ? good : { message: "somebody else's order" }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  stack = await startStack({
    odd: false,
    environment: {
      JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port}`,
      JUNCTOR_BODY_LIMIT: "2048",
      JUNCTOR_CORS_ORIGINS: "https://operator.example",
    },
  });
  await expectStatus(200, stack.send("PUT", "/v1/secrets/app", { body: { value: signingSecret, hosts: [] } }));
  const key = { kind: "secret", secret: "app" };
  const issuer = { issuer: page, audience: "junctor", algorithms: ["HS256"], key };
  await expectStatus(200, stack.send("PUT", "/v1/issuers/app", { body: issuer }));
  await expectStatus(200, stack.send("PUT", "/v1/origins", { body: { origins: ["https://token.example"] } }));
  publishableKey = await makeKey({ name: "page", kind: "publishable", origins: [page] });
  const created = await expectStatus(201, stack.send("POST", "/v1/workspaces", { body: { name: "Other" } }));
  const theirs = (created.body as { key: { key: string } }).key.key;
  otherKey = await makeKey({ name: "page", kind: "publishable", origins: [page] }, theirs);
  const policies = {
    query: ["service", "user", "anonymous"],
    mine: ["service", "user", "anonymous"],
    remove: ["user"],
    broken: ["anonymous"],
    secret: ["user"],
  };
  for (const [action, callers] of Object.entries(policies)) {
    const body = { connector: "books", action, allow: { callers } };
    await expectStatus(200, stack.send("PUT", `/v1/policies/${action}`, { body }));
  }
  await expectStatus(
    200,
    stack.send("PUT", "/v1/policies/all", {
      body: { connector: "*", action: "*", allow: { callers: ["service", "user"] } },
    }),
  );
  const input = { type: "object", properties: { title: { type: "string" } }, additionalProperties: false };
  const connector = {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "books",
    title: "Books",
    version: "1.0.0",
    baseUrl: `http://127.0.0.1:${port}`,
    actions: {
      query: { input, request: { path: "/nobody", query: { title: "{{ input.title }}" } } },
      mine: { input, request: { path: "/{{ user.id }}", query: { title: "{{ input.title }}" } } },
      create: { request: { method: "POST", path: "/made" } },
      remove: { request: { method: "DELETE", path: "/removed" } },
      broken: { request: { path: "/broken" } },
      secret: { hidden: true, request: { path: "/secret" } },
    },
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: connector }));
  await expectStatus(201, stack.send("POST", "/v1/connectors", { body: { ...connector, version: "2.0.0" } }));
  const headers = ["Authorization", "Cookie", "X-Junctor-X", "X-Tone"].map((field) => ({
    key: field,
    value: "connector's",
    overridable: true,
  }));
  const widget = { name: "Wall", permalink: "wall", method: "POST", url: `http://127.0.0.1:${port}/wall`, headers };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: widget }));
  const anyone = { connector: "wall", action: "*", allow: { callers: ["anonymous", "user"] } };
  await expectStatus(200, stack.send("PUT", "/v1/policies/wall", { body: anyone }));
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
});

async function makeKey(body: object, key = stack.key): Promise<string> {
  const created = await expectStatus(201, stack.send("POST", "/v1/keys", { body, key }));
  return (created.body as { key: string }).key;
}

function mint(sub: string, endsIn = 300): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: page, aud: "junctor", sub, iat: now + endsIn - 300, exp: now + endsIn };
  const content = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", signingSecret).update(content).digest("base64url")}`;
}

/** Headers of a page's call; another origin or key where the case says so. */
const fromPage = (more: Record<string, string> = {}): Record<string, string> => ({
  origin: page,
  "x-junctor-key": publishableKey,
  ...more,
});
const widgetPath = "/connectors/wall/execute";
const actionPath = (action: string) => `/v1/connectors/books/actions/${action}/execute`;

async function post(path: string, headers: Record<string, string>, body: string | undefined = "{}") {
  const answer = await fetch(stack.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    readable: answer.headers.get("access-control-allow-origin"),
    code: /"code":"([A-Z_]+)"/.exec(text)?.[1],
    text,
  };
}

describe.each([
  ["a widget", widgetPath],
  ["an action", actionPath("query")],
])("a page that calls %s", (_what, path) => {
  it("may ask from anywhere, also where the operator lists other origins", async () => {
    const answer = await fetch(stack.url + path, {
      method: "OPTIONS",
      headers: {
        origin: page,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-junctor-key",
      },
    });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": page,
      "access-control-allow-methods": expect.stringContaining("POST"),
      "access-control-allow-headers": "authorization,content-type,x-junctor-key",
    });
  });

  const ended = () => `Bearer ${mint("u1", -60)}`;
  const table: readonly [
    what: string,
    headers: () => Record<string, string>,
    body: string,
    status: number,
    code: string | undefined,
    readable: string | null,
  ][] = [
    ["reads the answer", () => fromPage(), "{}", 200, undefined, page],
    ["reads it as a user", () => fromPage({ authorization: `Bearer ${mint("u1")}` }), "{}", 200, undefined, page],
    [
      "reads that the token has ended",
      () => fromPage({ authorization: ended() }),
      "{}",
      401,
      "USER_TOKEN_INVALID",
      page,
    ],
    [
      "reads that the token alone has ended, where the workspace lists the page",
      () => ({ origin: "https://token.example", authorization: ended() }),
      "{}",
      401,
      "USER_TOKEN_INVALID",
      "https://token.example",
    ],
    [
      "reads that what it sends is no token",
      () => fromPage({ authorization: "Bearer undefined" }),
      "{}",
      401,
      "USER_TOKEN_INVALID",
      page,
    ],
    ["reads that the body is no JSON", () => fromPage(), "{", 400, "REQUEST_MALFORMED", page],
    ["reads that the body is hostile", () => fromPage(), '{"a":{"__proto__":1}}', 400, "REQUEST_INVALID", page],
    ["reads that the body is too large", () => fromPage(), `"${"x".repeat(3_000)}"`, 413, "REQUEST_TOO_LARGE", page],
    [
      "reads that the body is no type we know",
      () => fromPage({ "content-type": "text/csv" }),
      "a,b",
      415,
      "MEDIA_TYPE_UNSUPPORTED",
      page,
    ],
    [
      "of an origin that the key does not list reads nothing",
      () => fromPage({ origin: "https://evil.example" }),
      "{}",
      403,
      "ORIGIN_REFUSED",
      null,
    ],
    [
      "of such an origin reads nothing of a bad body either",
      () => fromPage({ origin: "https://evil.example", "content-type": "text/csv" }),
      "a,b",
      _what === "a widget" ? 415 : 403,
      _what === "a widget" ? "MEDIA_TYPE_UNSUPPORTED" : "ORIGIN_REFUSED",
      null,
    ],
    [
      "of such an origin reads nothing of an ended token",
      () => fromPage({ origin: "https://evil.example", authorization: ended() }),
      "{}",
      403,
      "ORIGIN_REFUSED",
      null,
    ],
    [
      "with a token alone reads nothing where the workspace does not list it",
      () => ({ origin: "https://evil.example", authorization: ended() }),
      "{}",
      401,
      "USER_TOKEN_INVALID",
      null,
    ],
    [
      "with a key that there is not reads nothing",
      () => fromPage({ "x-junctor-key": `jp_${"x".repeat(43)}` }),
      "{}",
      401,
      "UNAUTHENTICATED",
      null,
    ],
  ];
  it.each(table)("%s", async (_case, headers, body, status, code, readable) => {
    const answer = await post(path, headers(), body);
    expect(answer).toMatchObject({ status, code, readable });
    expect(answer.headers.get("x-request-id")).toBeTruthy();
    if (path !== widgetPath || status === 200) return;
    expect(JSON.parse(answer.text)).toEqual({
      success: false,
      errors: expect.objectContaining({ code, detail: expect.any(String) }),
      request_id: answer.headers.get("x-request-id"),
    });
    expect(answer.headers.get("server-timing")).toContain("total;dur=");
    expect(JSON.parse(answer.headers.get("x-connector-timing") ?? "")).toMatchObject({ error: code });
  });

  it("reads that the server has no room", async () => {
    await post(path, fromPage());
    const { admission } = stack.server.context;
    let entered = 0;
    try {
      for (;;) {
        admission.enterServer();
        entered += 1;
      }
    } catch {
      // It is full now.
    }
    const answer = await post(path, fromPage());
    for (; entered > 0; entered -= 1) admission.leaveServer();
    expect(answer).toMatchObject({ status: 503, code: "OVERLOADED", readable: page });
    expect(answer.headers.get("retry-after")).toBe("1");
    expect((await post(path, fromPage())).status).toBe(200);
  });
});

describe("an action by its name", () => {
  const clients: readonly [who: string, client: () => Client, sub: string][] = [
    ["a page's visitor", () => pageClient({}), "nobody"],
    ["a page's user", () => pageClient({ userToken: () => mint("u7") }), "u7"],
    [
      "a backend for a user",
      () => createClient({ baseUrl: stack.url, key: stack.key, userToken: () => mint("u8") }),
      "u8",
    ],
    ["a user's own backend", () => createClient({ baseUrl: stack.url, userToken: () => mint("u9") }), "u9"],
    ["a backend", () => createClient({ baseUrl: stack.url, key: stack.key }), "nobody"],
  ];
  it.each(clients)("is called by %s", async (_who, client, sub) => {
    const { data, requestId } = await client().actions.execute({
      connector: "books",
      action: sub === "nobody" ? "query" : "mine",
      input: { title: "emma" },
    });
    expect(data).toMatchObject({ output: { url: `/${sub}?title=emma` }, meta: { connector: "books", requestId } });
  });

  const user = () => ({ authorization: `Bearer ${mint("u1")}` });
  const table: readonly [
    what: string,
    action: string,
    headers: () => Record<string, string>,
    body: object,
    status: number,
    code: string | undefined,
  ][] = [
    ["a visitor, where no policy admits visitors", "remove", () => fromPage(), {}, 403, "FORBIDDEN"],
    ["a user, where the policy admits users", "remove", () => fromPage(user()), {}, 200, undefined],
    ["a visitor by a policy for everything that names users", "create", () => fromPage(), {}, 403, "FORBIDDEN"],
    ["a page of another workspace", "query", () => fromPage({ "x-junctor-key": otherKey }), {}, 403, "FORBIDDEN"],
    [
      "a user of an issuer that the key's workspace does not trust",
      "query",
      () => fromPage({ ...user(), "x-junctor-key": otherKey }),
      {},
      401,
      "USER_TOKEN_INVALID",
    ],
    ["a page's key from nowhere", "query", () => ({ "x-junctor-key": publishableKey }), {}, 403, "ORIGIN_REFUSED"],
    ["a visitor, where the action reads the user", "mine", () => fromPage(), {}, 401, "USER_REQUIRED"],
    ["a page that asks for a draft", "query", () => fromPage(), { version: "2.0.0" }, 403, "FORBIDDEN"],
    ["a page that asks for a version", "query", () => fromPage(), { version: "1.0.0" }, 403, "FORBIDDEN"],
    [
      "a backend that asks for a version for a user",
      "query",
      () => ({ ...user(), "x-junctor-key": stack.key }),
      { version: "1.0.0" },
      200,
      undefined,
    ],
    ["a page that asks for a trace", "query", () => fromPage(), { trace: true }, 403, "FORBIDDEN"],
    [
      "a backend that asks for a trace for a user",
      "query",
      () => ({ ...user(), "x-junctor-key": stack.key }),
      { trace: true },
      403,
      "FORBIDDEN",
    ],
    ["a page that asks for all pages", "query", () => fromPage(), { page: { all: true } }, 403, "FORBIDDEN"],
    ["a user that asks for all pages", "query", () => fromPage(user()), { page: { all: true } }, 403, "FORBIDDEN"],
    [
      "a user token alone that asks for all pages",
      "query",
      () => ({ ...user(), origin: "https://token.example" }),
      { page: { all: true } },
      403,
      "FORBIDDEN",
    ],
    [
      "a backend that asks for all pages for a user, of an action that has no pages",
      "query",
      () => ({ ...user(), "x-junctor-key": stack.key }),
      { page: { all: true } },
      200,
      undefined,
    ],
    ["a page that names a connection", "query", () => fromPage(), { connection: "main" }, 403, "FORBIDDEN"],
    ["a page that calls a hidden action", "secret", () => fromPage(user()), {}, 404, "ACTION_UNKNOWN"],
    ["a page that calls an action that there is not", "nothing", () => fromPage(user()), {}, 404, "ACTION_UNKNOWN"],
    ["a page with an input that is not declared", "query", () => fromPage(), { input: { x: 1 } }, 400, "INPUT_INVALID"],
    ["a page with a member that is not declared", "query", () => fromPage(), { inputs: {} }, 400, "REQUEST_INVALID"],
  ];
  it.each(table)("%s", async (_what, action, headers, body, status, code) => {
    expect(await post(actionPath(action), headers(), JSON.stringify(body))).toMatchObject({ status, code });
  });

  it("tells a stranger no more of a refused key's workspace, and whoever has a service key what to do", async () => {
    const evil = await post(actionPath("query"), fromPage({ origin: "https://evil.example" }));
    expect(evil).toMatchObject({ status: 403, code: "ORIGIN_REFUSED" });
    expect(evil.text).not.toContain('"hint"');
    const reading = await makeKey({ name: "reading", kind: "service", scopes: ["executions:read"] });
    const author = await post(actionPath("query"), { authorization: `Bearer ${reading}` });
    expect(author).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect(author.text).toContain('"hint"');
  });
  it("tells a page no more of a failure than a widget does", async () => {
    const told = await post(actionPath("broken"), fromPage());
    expect(told).toMatchObject({ status: 502, code: "UPSTREAM_STATUS", readable: page });
    expect(told.text).not.toMatch(/somebody else|"hint"|"errors"/);
    const author = await post(actionPath("broken"), { authorization: `Bearer ${stack.key}` });
    expect(author.code).toBe("FORBIDDEN");
  });
  it("sends none of the fields that are meant for this server to the upstream of an imported connector", async () => {
    const headers = { Authorization: "Bearer mine", cOOkie: "mine", "X-Junctor-X": "mine", "X-Tone": "mine" };
    const call = (of: Record<string, string>) =>
      post("/v1/connectors/wall/actions/execute/execute?answer=raw", of, JSON.stringify({ input: { headers } }));
    const own = "connector's";
    const expected = { echoed: { authorization: own, cookie: own, own, tone: "mine" } };
    for (const of of [fromPage(), fromPage(user())]) {
      const answer = await call(of);
      expect(answer).toMatchObject({ status: 200 });
      expect(JSON.parse(answer.text)).toMatchObject(expected);
    }
  });
  it("gives a page the bare output, which widgets give as well", async () => {
    const bare = await post(`${actionPath("query")}?answer=raw`, fromPage());
    expect(bare).toMatchObject({ status: 200, readable: page, text: '{"url":"/nobody"}' });
    expect(bare.headers.get("access-control-expose-headers")).toContain("x-junctor-execution");
  });
  it.each(["/v1/connectors", "/v1/secrets", "/v1/executions"])("opens nothing else to a page: %s", async (path) => {
    const answer = await fetch(stack.url + path, {
      headers: { origin: page, authorization: `Bearer ${publishableKey}` },
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const dryRun = await post(actionPath("query").replace(/execute$/, "dry-run"), {
      origin: page,
      authorization: `Bearer ${publishableKey}`,
    });
    expect(dryRun).toMatchObject({ status: 403, readable: null });
  });
  it("still answers an operator's page with a service key", async () => {
    const answer = await post(actionPath("query"), {
      origin: "https://operator.example",
      authorization: `Bearer ${stack.key}`,
    });
    expect(answer).toMatchObject({ status: 200, readable: "https://operator.example" });
  });
});

/** A client as it runs in a page; the browser would send the origin. */
function pageClient(more: Partial<Parameters<typeof createClient>[0]>): Client {
  return createClient({ baseUrl: stack.url, key: publishableKey, headers: { origin: page }, ...more });
}

it("a client in Node renews an ended token by either way", async () => {
  let asked = 0;
  const client = pageClient({ userToken: () => mint("u1", ++asked === 1 ? -60 : 300) });
  await client.actions.execute({ connector: "books", action: "remove" });
  await client.connectors.execute({ permalink: "wall", method: "POST", payload: {} });
  expect(asked).toBe(2);
  const dead = pageClient({ userToken: () => "not a token" });
  await expect(dead.actions.execute({ connector: "books", action: "remove" })).rejects.toBeInstanceOf(ClientError);
});
