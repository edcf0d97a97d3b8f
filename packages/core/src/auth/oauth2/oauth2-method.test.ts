import type { OAuth2Auth } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import { createTokenKeeper } from "../../credentials/token-keeper.ts";
import type { HttpPort, HttpRequest } from "../../ports/http.ts";
import { type CannedReply, createCannedHttp, type SentRequest } from "../../testkit/canned-http.ts";
import { createManualClock } from "../../testkit/manual-clock.ts";
import { createMemoryCredentialStores } from "../../testkit/memory-credential-stores.ts";
import { createTestEngine } from "../../testkit/test-engine.ts";
import { createAuthCompilers } from "../auth-compilers.ts";

const hosts = ["idp.example", "api.example"];
const secrets = {
  "client-secret": { value: "the-client-secret", hosts },
  certificate: { value: "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----", hosts },
  key: { value: "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----", hosts },
};
const robot: OAuth2Auth = {
  type: "oauth2",
  grant: "clientCredentials",
  tokenUrl: "https://idp.example/token",
  clientId: "robot",
  clientSecret: "{{ secret('client-secret') }}",
};

function setUp(
  method: OAuth2Auth,
  reply: (request: SentRequest) => CannedReply,
  tls?: object,
  more: object = {},
  compat?: "gainsight",
) {
  const clock = createManualClock();
  const stores = createMemoryCredentialStores(clock);
  const http = createCannedHttp(reply);
  const identities: HttpRequest["tls"][] = [];
  const watched: HttpPort = {
    ...http,
    request(request) {
      identities.push(request.tls);
      return http.request(request);
    },
  };
  const keeper = createTokenKeeper({ leases: stores.leases, ephemeral: stores.ephemeral, clock });
  const { call } = createTestEngine({
    http: watched,
    clock,
    secrets: { ...secrets, ...more },
    authMethods: createAuthCompilers({ keeper, ...stores }),
    definition: {
      baseUrl: "https://api.example",
      ...(compat !== undefined && { compat }),
      connection: {
        parameters: { type: "object", properties: { password: { type: "string", writeOnly: true } } },
        auth: [method],
        ...(tls !== undefined && { tls: tls as never }),
      },
      actions: {
        read: { retry: { attempts: 1 }, request: { path: "/things" } },
        tell: { request: { path: "/things" }, response: { body: "{{ connection.told }}" } },
      },
    },
  });
  return { call, http, stores, clock, identities };
}

const tokens = (request: SentRequest): CannedReply =>
  request.url.includes("idp.example")
    ? { body: { access_token: "access-of-the-robot", expires_in: 600 } }
    : { body: { ok: true } };

describe("oauth2: a token for the call", () => {
  test("is fetched once, kept, and put into the Authorization header", async () => {
    const { call, http, stores } = setUp(robot, tokens);
    await call("read");
    const before = stores.statements.count;
    await call("read");
    expect(stores.statements.count).toBe(before);
    expect(http.sent.map(({ url }) => url)).toEqual([
      "https://idp.example/token",
      "https://api.example/things",
      "https://api.example/things",
    ]);
    expect(http.sent[2]?.headers.authorization).toBe("Bearer access-of-the-robot");
  });

  test("is stored sealed, under a key that holds no secret", async () => {
    const { call, stores } = setUp(robot, tokens);
    await call("read");
    const stored = JSON.stringify([...stores.entries]);
    expect([...stores.entries.keys()]).toEqual([expect.stringMatching(/^shared-token\/[\w-]{43}$/)]);
    for (const secret of ["access-of-the-robot", "the-client-secret"]) expect(stored).not.toContain(secret);
  });

  test("is asked for anew when it has ended", async () => {
    const { call, http, clock } = setUp(robot, tokens);
    await call("read");
    await clock.sleep(700_000);
    await call("read");
    expect(http.sent.filter(({ url }) => url.includes("idp.example"))).toHaveLength(2);
  });

  test("goes with the client certificate of the connection, to the token endpoint and to the API (RFC 8705)", async () => {
    const { clientSecret: _none, ...bound } = robot;
    const tls = { certificate: "{{ secret('certificate') }}", key: "{{ secret('key') }}" };
    const { call, http, identities } = setUp({ ...bound, clientAuthentication: "tls_client_auth" }, tokens, tls);
    await call("read");
    expect(identities[0]).toMatchObject({ cert: secrets.certificate.value, key: secrets.key.value });
    expect(identities[1]).toBe(identities[0]);
    expect(Object.fromEntries(new URLSearchParams(http.sent[0]?.body ?? ""))).toEqual({
      grant_type: "client_credentials",
      client_id: "robot",
    });
  });
});

describe("oauth2: in compatibility mode a token is kept for all of its life but a minute", () => {
  const table: readonly [what: string, expiresIn: number | undefined, ttl: number | undefined, keptSeconds: number][] =
    [
      ["an hour", 3_600, undefined, 3_540],
      ["ten minutes", 600, undefined, 540],
      ["61 seconds", 61, undefined, 1],
      ["a minute: it serves one call", 60, undefined, 0],
      ["less", 20, undefined, 0],
      ["as long as it is told to, whatever the answer says", 20, 600, 540],
    ];
  test.each(table)("%s", async (_what, expiresIn, ttl, keptSeconds) => {
    let issued = 0;
    const reply = (request: SentRequest): CannedReply =>
      request.url.includes("idp.example")
        ? { body: { access_token: `access-token-${++issued}`, expires_in: expiresIn } }
        : { body: {} };
    const method = ttl === undefined ? robot : { ...robot, token: { expiresIn: ttl } };
    const { call, clock } = setUp(method, reply, undefined, {}, "gainsight");
    await call("read");
    if (keptSeconds > 0) {
      await clock.sleep(keptSeconds * 1_000 - 100);
      await call("read");
      expect(issued).toBe(1);
    }
    await clock.sleep(200);
    await call("read");
    expect(issued).toBe(2);
  });

  test("one token is fetched for calls at the same time", async () => {
    const { call, http } = setUp(robot, tokens, undefined, {}, "gainsight");
    await Promise.all(Array.from({ length: 20 }, () => call("read")));
    expect(http.sent.filter(({ url }) => url.includes("idp.example"))).toHaveLength(1);
  });

  test("elsewhere the margin is a part of a short life, so that a short token serves several calls", async () => {
    const short = (request: SentRequest): CannedReply =>
      request.url.includes("idp.example") ? { body: { access_token: "access-token", expires_in: 61 } } : { body: {} };
    const { call, http, clock } = setUp(robot, short);
    await call("read");
    await clock.sleep(20_000);
    await call("read");
    expect(http.sent.filter(({ url }) => url.includes("idp.example"))).toHaveLength(1);
  });
});

describe("oauth2: values of a token answer are no way out for secrets", () => {
  const turned = (secret: string): string => [...secret].reverse().join("");
  const answer = (request: SentRequest): CannedReply =>
    request.url.includes("idp.example")
      ? {
          headers: { "x-echo": "the-client-secret" },
          body: {
            access_token: "access-of-the-robot",
            refresh_token: "refresh-of-the-robot",
            expires_in: 600,
            shard: "eu7",
            echo: `secret=the-client-secret`,
          },
        }
      : { body: {} };
  const tell = async (told: string) => {
    const { call } = setUp({ ...robot, token: { values: { told } } }, answer);
    return (await call("tell")).output;
  };

  test("they tell what the answer tells", async () => {
    const told = "{{ response.body.shard }} of {{ oauth.clientId }}";
    expect(await tell(told)).toEqual({ kind: "json", value: "eu7 of robot" });
  });

  test.each([
    ["a secret of the workspace", "{{ secret('client-secret') | reverse }}"],
    ["a secret parameter", "{{ connection.password | reverse }}"],
    ["one of a computed name", "{{ connection['pass' ~ 'word'] | reverse }}"],
  ])("%s cannot be read there", async (_what, told) => {
    await expect(tell(told)).rejects.toMatchObject({
      code: "DEFINITION_INVALID",
      details: [{ pointer: expect.stringContaining("/token/values") }],
    });
  });

  test.each([
    ["the client secret", "{{ oauth.clientSecret | default('') | reverse }}", "the-client-secret"],
    ["all of the client", "{{ oauth | tojson | reverse }}", "the-client-secret"],
    ["an echo of it in the body", "{{ response.body.echo | reverse }}", "the-client-secret"],
    ["an echo of it in the text", "{{ response.text | reverse }}", "the-client-secret"],
    ["an echo of it in a header", "{{ response.headers['x-echo'] | reverse }}", "the-client-secret"],
    ["the refresh token", "{{ response.body.refresh_token | reverse }}", "refresh-of-the-robot"],
  ])("%s is not given away", async (_what, told, secret) => {
    expect(JSON.stringify(await tell(told))).not.toContain(turned(secret));
  });
});

describe("oauth2: where a client secret may go", () => {
  test("a token endpoint that the client certificate is not bound to gets neither it nor a request", async () => {
    const tls = { certificate: "{{ secret('certificate') }}", key: "{{ secret('key') }}" };
    const elsewhere = { certificate: { ...secrets.certificate, hosts: ["api.example"] } };
    const { call, http } = setUp({ ...robot, clientAuthentication: "tls_client_auth" }, tokens, tls, elsewhere);
    await expect(call("read")).rejects.toMatchObject({
      code: "SECRET_HOST_REFUSED",
      message: expect.stringContaining('"certificate" may not be sent to idp.example'),
    });
    expect(http.sent).toEqual([]);
  });

  test.each([
    ["a token endpoint outside of the secret's hosts", { tokenUrl: "https://elsewhere.example/token" }],
    ["a refused host of the registered client", { tokenUrl: "https://{{ var('tenant') }}.elsewhere.example/token" }],
  ])("%s gets nothing", async (_title, change) => {
    const clock = createManualClock();
    const stores = createMemoryCredentialStores(clock);
    const http = createCannedHttp(tokens);
    const keeper = createTokenKeeper({ leases: stores.leases, ephemeral: stores.ephemeral, clock });
    const { call } = createTestEngine({
      http,
      clock,
      secrets,
      variables: { tenant: "t1" },
      authMethods: createAuthCompilers({ keeper, ...stores }),
      definition: {
        baseUrl: "https://api.example",
        connection: { auth: [{ ...robot, ...change }] },
        actions: { read: { request: { path: "/things" } } },
      },
    });
    await expect(call("read")).rejects.toMatchObject({ code: "SECRET_HOST_REFUSED" });
    expect(http.sent).toEqual([]);
  });
});

describe("oauth2: definitions that cannot work are refused when they are compiled", () => {
  test.each([
    ["authorization code without an authorization URL", { ...robot, grant: "authorizationCode" }, "/authorizationUrl"],
    ["JWT bearer without an assertion", { ...robot, grant: "jwtBearer" }, "/assertion"],
  ] as const)("%s", async (_title, method, pointer) => {
    const { call } = setUp(method, tokens);
    const refusal = await call("read").catch((error: { code: string; details: { pointer: string }[] }) => error);
    expect(refusal).toMatchObject({
      code: "DEFINITION_INVALID",
      details: [{ pointer: expect.stringContaining(pointer) }],
    });
  });
});
