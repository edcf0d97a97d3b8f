import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** What a policy says of connections, and of dry runs: over the API and from a page, against a real server. */
const page = "https://shop.example";
const signingSecret = "a-signing-secret-of-more-than-32-bytes";
let stack: Stack;
let publishableKey: string;
/** A key that may call and nothing else. */
let callerKey: string;

beforeAll(async () => {
  stack = await startStack({ odd: false });
  const connector = {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "desk",
    title: "Desk",
    version: "1.0.0",
    baseUrl: stack.odd.url,
    connection: {
      parameters: { type: "object", required: ["region"], properties: { region: { type: "string" } } },
      auth: [{ type: "bearer", token: "{{ connection.region }}" }],
    },
    actions: { execute: { request: { path: "/echo", query: { region: "{{ connection.region }}" } } } },
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: connector }));
  const connect = (name: string, owner: object = {}) =>
    expectStatus(
      201,
      stack.send("POST", "/v1/connections", {
        body: { connector: "desk", name, parameters: { region: `region-of-${name}` }, ...owner },
      }),
    );
  await connect("public");
  await connect("admin");
  await connect("mine", { owner: { kind: "user", userId: "u1" } });
  await connect("theirs", { owner: { kind: "user", userId: "u2" } });
  await expectStatus(200, stack.send("PUT", "/v1/secrets/app", { body: { value: signingSecret, hosts: [] } }));
  const key = { kind: "secret", secret: "app" };
  const issuer = { issuer: page, audience: "junctor", algorithms: ["HS256"], key };
  await expectStatus(200, stack.send("PUT", "/v1/issuers/app", { body: issuer }));
  publishableKey = await makeKey({ name: "page", kind: "publishable", scopes: ["execute"], origins: [page] });
  callerKey = await makeKey({ name: "caller", kind: "service", scopes: ["execute"] });
});
afterAll(() => stack.stop());

async function makeKey(body: object): Promise<string> {
  const created = await expectStatus(201, stack.send("POST", "/v1/keys", { body }));
  return (created.body as { key: string }).key;
}

const allow = (allowed: object) =>
  expectStatus(
    200,
    stack.send("PUT", "/v1/policies/desk", { body: { connector: "desk", action: "*", allow: allowed } }),
  );

function mint(sub: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const content = `${encode({ alg: "HS256" })}.${encode({ iss: page, aud: "junctor", sub, iat: now, exp: now + 300 })}`;
  return `${content}.${createHmac("sha256", signingSecret).update(content).digest("base64url")}`;
}

/** Calls from the page; the code of the failure, or what the upstream saw of the connection. */
async function callFromPage(connection: string | undefined, user?: string): Promise<string> {
  const answer = await fetch(`${stack.url}/connectors/desk/execute`, {
    headers: {
      origin: page,
      "x-junctor-key": publishableKey,
      ...(user !== undefined && { authorization: `Bearer ${mint(user)}` }),
      ...(connection !== undefined && { "x-junctor-connection": connection }),
    },
  });
  const text = await answer.text();
  const refused = /"code":"([A-Z_]+)"/.exec(text)?.[1];
  return refused ?? /region-of-\w+/.exec(text)?.[0] ?? text;
}

describe("a page that names a connection", () => {
  const table: readonly [
    what: string,
    connections: readonly string[] | undefined,
    connection: string | undefined,
    user: string | undefined,
    expected: string,
  ][] = [
    ["a visitor, none of which is listed", undefined, "public", undefined, "FORBIDDEN"],
    ["a visitor, a listed one", ["public"], "public", undefined, "region-of-public"],
    ["a visitor, another one", ["public"], "admin", undefined, "FORBIDDEN"],
    ["a visitor, one that there is not", ["public"], "nothing", undefined, "FORBIDDEN"],
    ["a visitor, none", ["public"], undefined, undefined, "CONNECTION_REQUIRED"],
    ["a user, the workspace's", undefined, "admin", "u1", "FORBIDDEN"],
    ["a user, their own", undefined, "mine", "u1", "region-of-mine"],
    ["a user, somebody else's", undefined, "theirs", "u1", "FORBIDDEN"],
    ["a user, any of the workspace's", ["*"], "admin", "u1", "region-of-admin"],
    ["a user, somebody else's where all are admitted", ["*"], "theirs", "u1", "CONNECTION_UNKNOWN"],
  ];
  it.each(table)("%s", async (_what, connections, connection, user, expected) => {
    await allow({ callers: ["service", "user", "anonymous"], ...(connections && { connections }) });
    expect(await callFromPage(connection, user)).toBe(expected);
  });
});

describe("a service key that names a connection", () => {
  const run = async (way: "execute" | "dry-run", connection: string) => {
    const answer = await stack.send("POST", `/v1/connectors/desk/actions/execute/${way}`, {
      body: { connection },
      key: callerKey,
    });
    return answer.status === 200 ? 200 : (answer.body as { code: string }).code;
  };
  it.each(["execute", "dry-run"] as const)("may use any in %s, or those that the policy lists", async (way) => {
    await allow({ callers: ["service"] });
    expect([await run(way, "public"), await run(way, "admin")]).toEqual([200, 200]);
    await allow({ callers: ["service"], connections: ["public"] });
    expect([await run(way, "public"), await run(way, "admin")]).toEqual([200, "FORBIDDEN"]);
    await allow({ callers: ["user"] });
    expect([await run(way, "public"), await run(way, "admin")]).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  });
});

describe("a dry run as somebody else", () => {
  it("is an author's, whatever the policy says of the author's own calls", async () => {
    await allow({ callers: ["user"] });
    const body = { connection: "public", as: { kind: "user", user: { id: "u1" } } };
    const path = "/v1/connectors/desk/actions/execute/dry-run";
    expect((await stack.send("POST", path, { body })).status).toBe(200);
    expect((await stack.send("POST", path, { body: { connection: "public" } })).status).toBe(403);
    expect((await stack.send("POST", path, { body, key: callerKey })).status).toBe(403);
  });
});
