import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Users of two host applications in one workspace, who may have the same ids; and what is refused of an issuer or a key. */
const page = "https://shop.example";
const secret = "a-signing-secret-of-more-than-32-bytes";
const ours = "https://ours.example";
const partner = "https://partner.example";
let stack: Stack;
let upstream: Server;
let publishableKey: string;
let asked: number;

const issuer = (iss: string, more: object = {}) => ({
  issuer: iss,
  audience: "junctor",
  algorithms: ["HS256"],
  key: { kind: "secret", secret: "app" },
  ...more,
});
const putIssuer = (name: string, body: object) => stack.send("PUT", `/v1/issuers/${name}`, { body });

beforeAll(async () => {
  asked = 0;
  upstream = createServer((request, response) => {
    asked += 1;
    response.writeHead(200, { "content-type": "application/json", "cache-control": "private, max-age=60" });
    response.end(JSON.stringify({ url: request.url, number: asked }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port}` } });
  await expectStatus(200, stack.send("PUT", "/v1/secrets/app", { body: { value: secret, hosts: [] } }));
  await expectStatus(200, stack.send("PUT", "/v1/secrets/short", { body: { value: "abc", hosts: [] } }));
  await expectStatus(200, putIssuer("ours", issuer(ours)));
  await expectStatus(200, putIssuer("partner", issuer(partner, { subjectPrefix: "partner:" })));
  const policy = { connector: "*", action: "*", allow: { callers: ["user"] } };
  await expectStatus(200, stack.send("PUT", "/v1/policies/all", { body: policy }));
  const body = { name: "page", kind: "publishable", origins: [page] };
  publishableKey = ((await expectStatus(201, stack.send("POST", "/v1/keys", { body }))).body as { key: string }).key;
  const connector = {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "inbox",
    title: "Inbox",
    version: "1.0.0",
    baseUrl: `http://127.0.0.1:${port}`,
    connection: { parameters: { type: "object", properties: { box: { type: "string" } } } },
    actions: {
      execute: { request: { path: "/of/{{ user.id }}" }, cache: {} },
      boxed: { request: { path: "/box/{{ connection.box }}" } },
    },
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: connector }));
  for (const userId of ["u1", "partner:u1"]) {
    const owned = {
      connector: "inbox",
      name: "mine",
      owner: { kind: "user", userId },
      parameters: { box: `of-${userId}` },
    };
    await expectStatus(201, stack.send("POST", "/v1/connections", { body: owned }));
  }
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
});

function mint(iss: string, sub: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const content = `${encode({ alg: "HS256" })}.${encode({ iss, aud: "junctor", sub, iat: now, exp: now + 300 })}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

const headers = (iss: string, sub: string) => ({
  origin: page,
  "x-junctor-key": publishableKey,
  authorization: `Bearer ${mint(iss, sub)}`,
});
const read = async (iss: string, sub: string) => {
  const answer = await fetch(`${stack.url}/connectors/inbox/execute`, { headers: headers(iss, sub) });
  const body = (await answer.json()) as { url?: string; number?: number; errors?: { code: string } };
  return { cache: answer.headers.get("x-junctor-cache"), code: body.errors?.code, ...body };
};

describe("users of two issuers who have the same id", () => {
  it("do not see each other's kept answers, and templates see the id that the token gives", async () => {
    const first = await read(ours, "u1");
    expect(first).toMatchObject({ cache: "miss", url: "/of/u1" });
    const second = await read(partner, "u1");
    expect(second).toMatchObject({ cache: "miss", url: "/of/u1" });
    expect(second.number).not.toBe(first.number);
    expect(await read(ours, "u1")).toMatchObject({ cache: "hit", number: first.number });
    expect(await read(partner, "u1")).toMatchObject({ cache: "hit", number: second.number });
  });
  it("have each their own connections", async () => {
    const box = async (iss: string) => {
      const answer = await fetch(`${stack.url}/v1/connectors/inbox/actions/boxed/execute`, {
        method: "POST",
        headers: { ...headers(iss, "u1"), "content-type": "application/json" },
        body: JSON.stringify({ connection: "mine" }),
      });
      return ((await answer.json()) as { output: { url: string } }).output.url;
    };
    expect(decodeURIComponent(await box(ours))).toBe("/box/of-u1");
    expect(decodeURIComponent(await box(partner))).toBe("/box/of-partner:u1");
  });
  it("cannot take each other's names", async () => {
    expect(await read(ours, "partner:u1")).toMatchObject({ code: "USER_TOKEN_INVALID" });
  });
});

describe("is refused when it is saved", () => {
  const table: readonly [what: string, save: () => ReturnType<Stack["send"]>, pointer: string, hint: RegExp][] = [
    [
      "a second issuer without a prefix",
      () => putIssuer("third", issuer("https://third.example")),
      "/subjectPrefix",
      /"third:"/,
    ],
    [
      "an issuer with another's prefix",
      () => putIssuer("third", issuer("https://third.example", { subjectPrefix: "partner:" })),
      "/subjectPrefix",
      /subjectPrefix of its own/,
    ],
    [
      "an audience of an issuer that reads the id from another claim",
      () => putIssuer("third", issuer(ours, { audience: "mobile", claims: { id: "/email" } })),
      "/subjectPrefix",
      /"third:"/,
    ],
    [
      "an issuer whose secret can be guessed",
      () => putIssuer("third", issuer(ours, { key: { kind: "secret", secret: "short" } })),
      "/key/secret",
      /32 random bytes/,
    ],
    [
      "a key for an origin with a wildcard",
      () =>
        stack.send("POST", "/v1/keys", { body: { name: "k", kind: "publishable", origins: ["https://*.example"] } }),
      "/origins/0",
      /each origin/,
    ],
    [
      "a key for an origin with the scheme's own port",
      () =>
        stack.send("POST", "/v1/keys", {
          body: { name: "k", kind: "publishable", origins: [page, "https://a.example:443"] },
        }),
      "/origins/1",
      /Write "https:\/\/a\.example"/,
    ],
    [
      "an origin of the workspace in capitals",
      () => stack.send("PUT", "/v1/origins", { body: { origins: ["https://A.example"] } }),
      "/origins/0",
      /Write "https:\/\/a\.example"/,
    ],
    [
      "an origin of a policy that nobody sends",
      () =>
        stack.send("PUT", "/v1/policies/p", {
          body: { connector: "*", action: "*", allow: { callers: ["user"], origins: ["http://a.example:80"] } },
        }),
      "/allow/origins/0",
      /Write "http:\/\/a\.example"/,
    ],
  ];
  it.each(table)("%s", async (_what, save, pointer, hint) => {
    const answer = await save();
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: "REQUEST_INVALID", errors: [{ pointer }], hint: expect.stringMatching(hint) },
    ]);
  });
  it("but not an issuer that is written again, nor another audience of the same one", async () => {
    await expectStatus(200, putIssuer("ours", issuer(ours)));
    await expectStatus(200, putIssuer("ours-mobile", issuer(ours, { audience: "mobile" })));
    expect(await read(ours, "u1")).toMatchObject({ url: "/of/u1" });
  });
});
