import { readTokenSet } from "@junctor/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type HostileAnswer,
  type HostileTokenServer,
  type SeenRequest,
  startHostileTokenServer,
} from "./harness/hostile-token-server.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * A token server that bends every rule of the list of irregularities (docs/adr/0161) and fails in every way that servers
 * fail. Each row is one connector: its settings, what the server answers, and what a call then sees.
 */
let server: HostileTokenServer;
let stack: Stack;
beforeAll(async () => {
  server = await startHostileTokenServer();
  stack = await startStack({
    odd: false,
    environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${server.port},127.0.0.1:1` },
  });
  for (const secret of secrets) stack.guard(secret);
});
afterAll(async () => {
  await stack.stop();
  await server.close();
});
beforeEach(() => server.play({}));

const secrets = ["the-client-secret-value", "the-old-refresh-token", "the-new-refresh-token"];
const [clientSecret, oldRefresh, newRefresh] = secrets as [string, string, string];
const expired = { accessToken: "the-old-access-token", refreshToken: oldRefresh, expiresAt: 1_700_000_000 };
let count = 0;

interface Wish {
  readonly method: object;
  readonly credential?: object;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** Publishes a connector with this method, connects it, and returns how to call it. */
async function connect({ method, credential, parameters = {}, path = "/api" }: Wish) {
  const name = `hostile-${++count}`;
  const properties = Object.fromEntries(
    Object.keys(parameters).map((key) => [key, { type: "string", writeOnly: key === "clientSecret" }]),
  );
  await expectStatus(
    201,
    stack.send("POST", "/v1/connectors?publish=true", {
      body: {
        $schema: "https://junctor.dev/schema/connector/v1.json",
        name,
        title: "Hostile",
        version: "1.0.0",
        baseUrl: server.url,
        connection: { parameters: { type: "object", properties }, auth: [method] },
        actions: { look: { retry: { attempts: 1 }, request: { path } } },
      },
    }),
  );
  const body = { connector: name, name: "main", parameters, ...(credential === undefined ? {} : { credential }) };
  const created = await expectStatus(201, stack.send("POST", "/v1/connections", { body }));
  const { id } = created.body as { id: string };
  return {
    id,
    call: () => stack.execute(name, "look", { input: {}, connection: "main" }),
    read: async () =>
      (await stack.send("GET", `/v1/connections/${id}`)).body as { status: string; statusReason: string | null },
    async stored() {
      const workspaceId = (await stack.server.context.stores.workspaces.list())[0]?.id ?? "";
      const record = await stack.server.context.stores.connections.get(workspaceId, id);
      if (record?.sealedCredential == null) return null;
      const opened = await stack.server.context.vault.open(
        workspaceId,
        `connection-credential:${id}`,
        record.sealedCredential,
      );
      return readTokenSet(opened);
    },
  };
}

const person = (settings: object = {}) => ({
  type: "oauth2",
  grant: "authorizationCode",
  authorizationUrl: `${server.url}/authorize`,
  tokenUrl: `${server.url}/token`,
  clientId: "the-client",
  clientSecret: "{{ connection.clientSecret }}",
  ...settings,
});
const robot = (settings: object = {}) => ({ ...person(settings), grant: "clientCredentials" });
const withSecret = { parameters: { clientSecret } };
const form = (request: SeenRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body ?? ""));
const token = { access_token: "good", expires_in: 3_600 };

describe("requests that bend the rules (irregularities 1, 3, 7, 8, 9, 12)", () => {
  const rows: readonly [title: string, settings: () => object, check: (request: SeenRequest) => void][] = [
    [
      "the standard request: form, client in the body",
      () => ({}),
      (request) => {
        expect(request).toMatchObject({ method: "POST", path: "/token" });
        expect(form(request)).toEqual({
          grant_type: "client_credentials",
          client_id: "the-client",
          client_secret: clientSecret,
        });
      },
    ],
    [
      "client in the Basic header",
      () => ({ clientAuthentication: "client_secret_basic" }),
      (request) => {
        const [scheme, encoded = ""] = request.headers.authorization?.split(" ") ?? [];
        expect([scheme, Buffer.from(encoded, "base64").toString()]).toEqual([
          "Basic",
          `the-client:${clientSecret}`.replaceAll("-", "%2D"),
        ]);
      },
    ],
    [
      "JSON instead of a form",
      () => ({ tokenRequest: { contentType: "application/json", body: { extra: { nested: [1] } } } }),
      (request) =>
        expect(JSON.parse(request.body)).toMatchObject({ grant_type: "client_credentials", extra: { nested: [1] } }),
    ],
    [
      "GET with everything in the query",
      () => ({ tokenRequest: { method: "GET" } }),
      (request) => {
        expect(request).toMatchObject({ method: "GET", body: "", query: { client_id: "the-client" } });
      },
    ],
    [
      "renamed and removed parameters",
      () => ({
        tokenRequest: {
          body: { client_id: null, client_key: "{{ oauth.clientId }}", grant_type: "client_credential" },
        },
      }),
      (request) => {
        expect(form(request)).toEqual({
          client_key: "the-client",
          client_secret: clientSecret,
          grant_type: "client_credential",
        });
      },
    ],
    [
      "further headers and query",
      () => ({ tokenRequest: { headers: { "X-Api-Version": "7" }, query: { tenant: "a b" } } }),
      (request) => {
        expect(request.headers["x-api-version"]).toBe("7");
        expect(request.query).toEqual({ tenant: "a b" });
      },
    ],
    [
      "scopes with another separator",
      () => ({ scopes: ["a:read", "b:write"], scopeSeparator: "," }),
      (request) => expect(form(request).scope).toBe("a:read,b:write"),
    ],
    [
      "no client authentication",
      () => ({ clientAuthentication: "none" }),
      (request) => expect(form(request)).toEqual({ grant_type: "client_credentials", client_id: "the-client" }),
    ],
  ];
  it.each(rows)("%s", async (_title, settings, check) => {
    server.play({ body: token });
    const { call } = await connect({ method: robot(settings()), ...withSecret });
    expect((await call()).body).toMatchObject({ output: { authorization: "Bearer good" } });
    expect(server.requests).toHaveLength(1);
    check(server.requests[0] as SeenRequest);
  });

  it("exchange and refresh are set apart: another URL, another body, another client authentication", async () => {
    server.play({ body: token });
    const method = person({
      refreshUrl: `${server.url}/renew`,
      clientAuthentication: "client_secret_basic",
      refreshRequest: { clientAuthentication: "none", contentType: "application/json", body: { kind: "renewal" } },
    });
    await (await connect({ method, credential: expired, ...withSecret })).call();
    expect(server.requests[0]).toMatchObject({ path: "/renew" });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      grant_type: "refresh_token",
      refresh_token: oldRefresh,
      client_id: "the-client",
      kind: "renewal",
    });
  });

  it("a renewal by the access token itself, without a refresh token", async () => {
    server.play({ body: token });
    const refreshRequest = {
      method: "GET",
      body: { grant_type: "fb_exchange_token", refresh_token: null, fb_exchange_token: "{{ oauth.accessToken }}" },
    };
    const { refreshToken: _none, ...credential } = expired;
    const { call } = await connect({ method: person({ refreshRequest }), credential, ...withSecret });
    expect((await call()).status).toBe(200);
    expect(server.requests[0]?.query).toMatchObject({ fb_exchange_token: "the-old-access-token" });
  });

  it("a token URL made of the connection's parameter needs the host in the definition", async () => {
    const body = { value: clientSecret, hosts: ["127.0.0.1:1"] };
    await expectStatus(200, stack.send("PUT", "/v1/secrets/author", { body }));
    const tokenUrl = "http://{{ connection.host }}/token";
    const method = robot({ tokenUrl, clientSecret: "{{ secret('author') }}" });
    const { call } = await connect({ method, parameters: { host: "127.0.0.1:1" } });
    expect((await call()).body).toMatchObject({ code: "SECRET_HOST_REFUSED" });
    expect(server.requests).toHaveLength(0);
  });
});

describe("answers that bend the rules (irregularities 10, 13 to 17)", () => {
  const rows: readonly [title: string, settings: object, answer: HostileAnswer, authorization: string][] = [
    [
      "JSON labelled as text/html",
      {},
      { headers: { "content-type": "text/html" }, body: JSON.stringify(token) },
      "Bearer good",
    ],
    ["a form", {}, { body: "access_token=from-form&expires_in=3600" }, "Bearer from-form"],
    [
      "a form labelled as JSON",
      {},
      { headers: { "content-type": "application/json" }, body: "access_token=form2&x=1" },
      "Bearer form2",
    ],
    ["status 201", {}, { status: 201, body: token }, "Bearer good"],
    [
      "a nested token",
      { token: { accessToken: "{{ response.body.data.tokens[0].jwt }}" } },
      { body: { data: { tokens: [{ jwt: "nested" }] } } },
      "Bearer nested",
    ],
    [
      "the whole body is the token",
      { token: { accessToken: "{{ response.text }}" } },
      { body: "bare-token" },
      "Bearer bare-token",
    ],
    [
      "the token in a cookie",
      { token: { accessToken: "{{ response.cookies.SID }}" } },
      { headers: { "set-cookie": ["a=b", "SID=from-cookie; HttpOnly"] }, body: {} },
      "Bearer from-cookie",
    ],
    [
      "camel case",
      { token: { accessToken: "{{ response.body.AccessToken }}" } },
      { body: { AccessToken: "camel" } },
      "Bearer camel",
    ],
    [
      "another scheme",
      { apply: { headers: { Authorization: "Token {{ token.accessToken }}" } } },
      { body: token },
      "Token good",
    ],
  ];
  it.each(rows)("%s", async (_title, settings, answer, authorization) => {
    server.play(answer);
    const { call } = await connect({ method: robot(settings), ...withSecret });
    expect((await call()).status).toBe(200);
    expect(server.lastAuthorization()).toBe(authorization);
  });

  const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;
  const lifetimes: readonly [title: string, settings: object, body: () => object, seconds: number][] = [
    ["seconds as text", {}, () => ({ access_token: "a", expires_in: "120" }), 120],
    ["words", {}, () => ({ access_token: "a", expires_in: "2h" }), 7_200],
    [
      "a fixed value wins over the answer",
      { token: { expiresIn: 60 } },
      () => ({ access_token: "a", expires_in: 9 }),
      60,
    ],
    [
      "milliseconds",
      { token: { expiresIn: "{{ response.body.ttl / 1000 }}" } },
      () => ({ access_token: "a", ttl: 90_000 }),
      90,
    ],
    [
      "a moment in epoch seconds",
      { token: { expiresAt: "{{ response.body.until }}" } },
      () => ({ access_token: "a", until: inAnHour() }),
      3_600,
    ],
    [
      "a moment as ISO text",
      { token: { expiresAt: "{{ response.body.until }}" } },
      () => ({ access_token: "a", until: new Date(inAnHour() * 1_000).toISOString() }),
      3_600,
    ],
    ["missing: 55 minutes", {}, () => ({ access_token: "a" }), 3_300],
    [
      "missing, but the token is a JWT",
      {},
      () => ({ access_token: `e30.${Buffer.from(JSON.stringify({ exp: inAnHour() })).toString("base64url")}.x` }),
      3_600,
    ],
    ["zero says nothing", {}, () => ({ access_token: "a", expires_in: 0 }), 3_300],
  ];
  it.each(lifetimes)("expiry: %s", async (_title, settings, body, seconds) => {
    server.play({ body: body() });
    const connection = await connect({ method: robot(settings), ...withSecret });
    await connection.call();
    const stored = await connection.stored();
    const lifetime = ((stored?.expiresAt ?? 0) - (stored?.obtainedAt ?? 0)) / 1_000;
    expect(lifetime).toBeGreaterThan(seconds - 3);
    expect(lifetime).toBeLessThan(seconds + 3);
  });

  it("a server whose clock is an hour ahead: a moment is read on its clock", async () => {
    const theirs = Date.now() + 3_600_000;
    server.play({
      headers: { date: new Date(theirs).toUTCString() },
      body: { access_token: "a", expires_at: Math.floor(theirs / 1_000) + 600 },
    });
    const connection = await connect({ method: robot(), ...withSecret });
    await connection.call();
    const end = (await connection.stored())?.expiresAt ?? 0;
    expect(Math.abs(end - Date.now() - 600_000)).toBeLessThan(5_000);
  });

  it("no new refresh token keeps the old one; values join the connection", async () => {
    server.play({ body: { ...token, instance: "eu7" } });
    const method = person({ token: { values: { instance: "{{ response.body.instance }}" } } });
    const connection = await connect({
      method,
      credential: expired,
      ...withSecret,
      path: "/api/{{ connection.instance }}",
    });
    expect((await connection.call()).body).toMatchObject({ output: { path: "/api/eu7" } });
    expect(await connection.stored()).toMatchObject({ refreshToken: oldRefresh, values: { instance: "eu7" } });
  });

  it("a second step exchanges the short-lived token for a long-lived one", async () => {
    server.play((request) =>
      request.path === "/long"
        ? { body: { access_token: `long-${form(request).short}`, expires_in: 5_000_000 } }
        : { body: { access_token: "short", expires_in: 60, refresh_token: newRefresh } },
    );
    const step = {
      id: "long",
      request: {
        method: "POST",
        url: `${server.url}/long`,
        contentType: "application/x-www-form-urlencoded",
        body: { short: "{{ oauth.accessToken }}" },
      },
    };
    const connection = await connect({ method: person({ afterToken: [step] }), credential: expired, ...withSecret });
    expect((await connection.call()).status).toBe(200);
    expect(server.lastAuthorization()).toBe("Bearer long-short");
    expect(await connection.stored()).toMatchObject({ refreshToken: newRefresh });
  });
});

describe("the other grants, and tokens that belong to no connection", () => {
  it("password: user name and password come from the definition; a refresh token is used, then the password again", async () => {
    server.play({ body: { ...token, access_token: "first", expires_in: 3_600, refresh_token: newRefresh } });
    const method = {
      ...person(),
      grant: "password",
      tokenRequest: { body: { username: "{{ connection.user }}", password: "{{ connection.clientSecret }}" } },
    };
    const connection = await connect({ method, parameters: { user: "ada", clientSecret } });
    await connection.call();
    expect(form(server.requests[0])).toMatchObject({ grant_type: "password", username: "ada", password: clientSecret });
    expect(await connection.stored()).toMatchObject({ refreshToken: newRefresh });
  });

  it("token exchange (RFC 8693)", async () => {
    server.play({ body: token });
    const method = {
      ...person(),
      grant: "tokenExchange",
      tokenRequest: { body: { subject_token: "{{ connection.subject }}" } },
    };
    await (await connect({ method, parameters: { clientSecret, subject: "their-token" } })).call();
    expect(form(server.requests[0])).toMatchObject({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "their-token",
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
  });

  it("a method that reads only workspace secrets needs no connection, and a rotated secret ends its token", async () => {
    const hosts = [`127.0.0.1:${server.port}`];
    const put = (value: string) =>
      expectStatus(200, stack.send("PUT", "/v1/secrets/shared", { body: { value, hosts } }));
    await put(clientSecret);
    server.play((request) => ({
      body: { access_token: `for-${form(request).client_secret?.length}`, expires_in: 3_600 },
    }));
    const name = `hostile-${++count}`;
    const auth = [robot({ clientSecret: "{{ secret('shared') }}" })];
    const definition = {
      $schema: "https://junctor.dev/schema/connector/v1.json",
      name,
      title: "Shared",
      version: "1.0.0",
      baseUrl: server.url,
      connection: { auth },
      actions: { look: { retry: { attempts: 1 }, request: { path: "/api" } } },
    };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
    const call = () => stack.execute(name, "look", { input: {} });
    await expectStatus(200, call());
    await expectStatus(200, call());
    expect(server.requests).toHaveLength(1);
    const rotated = `${clientSecret}-rotated`;
    stack.guard(rotated);
    await put(rotated);
    const credential = `Bearer for-${rotated.length}`;
    await expect
      .poll(async () => ((await call()).status === 200 ? server.lastAuthorization() : undefined), { timeout: 5_000 })
      .toBe(credential);
  });
});

describe("a session login of templated steps (irregularities 9, 14, 21)", () => {
  const session = (settings: object = {}) => ({
    type: "session",
    login: [
      { id: "open", request: { method: "POST", path: "/login/open", body: { user: "{{ connection.user }}" } } },
      {
        id: "enter",
        request: {
          method: "POST",
          path: "/login/enter",
          headers: { "X-Ticket": "{{ steps.open.body.ticket }}" },
          body: { password: "{{ connection.clientSecret }}" },
        },
      },
    ],
    token: { accessToken: "{{ response.body.session }}", expiresIn: "{{ response.body.minutes }}m" },
    apply: { headers: { "X-Session": "{{ token.accessToken }}" } },
    ...settings,
  });
  const parameters = { user: "ada", clientSecret };

  it("logs in once, with what the first step answered", async () => {
    server.play((request) =>
      request.path === "/login/open"
        ? { body: { ticket: "T-1" } }
        : { body: { session: `S-${request.headers["x-ticket"]}`, minutes: 20 } },
    );
    const { call } = await connect({ method: session(), parameters });
    expect((await call()).body).toMatchObject({ output: { session: "S-T-1" } });
    await call();
    expect(server.requests.map(({ path }) => path)).toEqual(["/login/open", "/login/enter"]);
  });

  it("values of the answer join the connection, and the base URL is there for the login's own paths", async () => {
    server.play((request) =>
      request.path === "/login/open" ? { body: { ticket: "T" } } : { body: { session: "S", minutes: 9, org: "acme" } },
    );
    const token = {
      accessToken: "{{ response.body.session }}",
      expiresIn: "{{ response.body.minutes }}m",
      values: { org: "{{ response.body.org }}" },
    };
    const { call } = await connect({ method: session({ token }), parameters, path: "/api/{{ connection.org }}" });
    expect((await call()).body).toMatchObject({ output: { path: "/api/acme" } });
  });

  it("a refused login is a typed error that does not repeat the password", async () => {
    server.play((request) =>
      request.path === "/login/open"
        ? { body: { ticket: "T" } }
        : { status: 403, body: { message: `no: ${request.body}` } },
    );
    const answer = await (await connect({ method: session(), parameters })).call();
    expect(answer.body).toMatchObject({ code: "AUTHENTICATION_FAILED", upstreamStatus: 403 });
    expect(answer.text).not.toContain(clientSecret);
  });
});

describe("failures: each is a typed, actionable error, and the stored credential is unchanged", () => {
  const rows: readonly [title: string, answer: HostileAnswer, settings: object, expected: object, status: string][] = [
    [
      "invalid_grant",
      { status: 400, body: { error: "invalid_grant", error_description: "revoked" } },
      {},
      { code: "CONNECTION_UNUSABLE", retryable: false },
      "needs-authorization",
    ],
    [
      "invalid_client",
      { status: 401, body: { error: "invalid_client" } },
      {},
      { code: "AUTHENTICATION_FAILED", retryable: false },
      "misconfigured",
    ],
    [
      "invalid_grant inside HTTP 200",
      { body: { error: "invalid_grant" } },
      {},
      { code: "CONNECTION_UNUSABLE" },
      "needs-authorization",
    ],
    [
      "an error of its own inside HTTP 200",
      { body: { ok: false, reason: "token_revoked" } },
      { token: { error: "{{ response.body.reason }}" } },
      { code: "CONNECTION_UNUSABLE" },
      "needs-authorization",
    ],
    [
      "an error number inside HTTP 200",
      { body: { result: "0602", access_token: "never" } },
      { token: { error: "{{ response.body.result if response.body.result != '0000' }}" } },
      { code: "AUTHENTICATION_FAILED" },
      "misconfigured",
    ],
    [
      "an error page with status 200",
      { headers: { "content-type": "text/html" }, body: "<html><h1>Maintenance</h1></html>" },
      {},
      { code: "TOKEN_REQUEST_FAILED", retryable: true },
      "expiring",
    ],
    ["JSON without a token", { body: { hello: "world" } }, {}, { code: "AUTHENTICATION_FAILED" }, "misconfigured"],
    ["an empty answer", { body: "" }, {}, { code: "AUTHENTICATION_FAILED" }, "misconfigured"],
    [
      "status 500",
      { status: 500, body: "boom" },
      {},
      { code: "TOKEN_REQUEST_FAILED", upstreamStatus: 500, retryable: true },
      "expiring",
    ],
    [
      "status 503 with Retry-After",
      { status: 503, headers: { "retry-after": "7" } },
      {},
      { code: "TOKEN_REQUEST_FAILED", retryable: true },
      "expiring",
    ],
    ["status 429", { status: 429, body: {} }, {}, { code: "TOKEN_REQUEST_FAILED", retryable: true }, "expiring"],
    [
      "a redirect",
      { status: 302, headers: { location: "https://elsewhere.example/token" } },
      {},
      { code: "AUTHENTICATION_FAILED", upstreamStatus: 302 },
      "misconfigured",
    ],
    ["a connection that breaks off", "reset", {}, { code: "TOKEN_REQUEST_FAILED", retryable: true }, "expiring"],
    [
      "nobody listens",
      {},
      { tokenUrl: "http://127.0.0.1:1/token" },
      { code: "TOKEN_REQUEST_FAILED", retryable: true },
      "expiring",
    ],
    [
      "a host that the outbound policy refuses",
      {},
      { tokenUrl: "http://169.254.169.254/token" },
      { code: "AUTHENTICATION_FAILED" },
      "misconfigured",
    ],
    ["a megabyte and more", { body: "x".repeat(1_200_000) }, {}, { code: "TOKEN_REQUEST_FAILED" }, "expiring"],
  ];
  it.each(rows)("%s", async (_title, answer, settings, expected, status) => {
    server.play(answer);
    const connection = await connect({ method: person(settings), credential: expired, ...withSecret });
    const before = await connection.stored();
    const refused = await connection.call();
    expect(refused.body).toMatchObject({ ...expected, hint: expect.any(String), detail: expect.any(String) });
    expect(await connection.stored()).toEqual(before);
    expect(await connection.read()).toMatchObject({ status, statusReason: expect.any(String) });
  });

  it("a server that echoes the secrets in its error does not make us repeat them", async () => {
    server.play((request) => ({
      status: 400,
      body: { error: "invalid_request", error_description: `you sent ${request.body}` },
    }));
    const connection = await connect({ method: person(), credential: expired, ...withSecret });
    const refused = await connection.call();
    const { statusReason } = await connection.read();
    for (const secret of secrets) expect(refused.text + statusReason).not.toContain(secret);
    expect(refused.text).toContain("[redacted]");
  });

  it("a refused access token is renewed once, never in a loop (R11)", async () => {
    server.play((_request) => ({ body: { access_token: "refused-again", expires_in: 3_600 } }));
    const credential = {
      ...expired,
      accessToken: "refused-at-first",
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const { call } = await connect({ method: person(), credential, ...withSecret });
    expect((await call()).body).toMatchObject({ code: "AUTHENTICATION_FAILED", upstreamStatus: 401 });
    expect(server.requests).toHaveLength(1);
  });
});
