import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "./harness/api-check.ts";
import { findSecret, prepareSearch } from "./harness/canary.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * The acceptance checks of the widget surface; the numbers are those of the specification that the surface is
 * compatible with. A real server, a real upstream, real sockets.
 */
let stack: Stack;
let upstream: Server;
let base: string;
/** Requests that reached the upstream. */
let seen: {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}[];
let reply: (response: ServerResponse, request: IncomingMessage, body: string) => void;

const page = "https://community.example";
const signingSecret = "a-signing-secret-of-more-than-32-bytes";
const apiSecret = "upstream-credential-sesame";
let publishableKey: string;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

beforeAll(async () => {
  upstream = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    reply(response, request, body);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  stack = await startStack({
    odd: false,
    environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port},127.0.0.1:1` },
  });
  stack.guard(apiSecret);
  await expectStatus(200, stack.send("PUT", "/v1/secrets/api", { body: { value: apiSecret, hosts: ["127.0.0.1"] } }));
  await expectStatus(200, stack.send("PUT", "/v1/secrets/host_app", { body: { value: signingSecret, hosts: [] } }));
  await expectStatus(200, stack.send("PUT", "/v1/variables/tenant", { body: { value: "eu" } }));
  const issuer = {
    issuer: page,
    audience: "junctor",
    algorithms: ["HS256"],
    key: { kind: "secret", secret: "host_app" },
  };
  await expectStatus(200, stack.send("PUT", "/v1/issuers/community", { body: issuer }));
  const policy = { connector: "*", action: "*", allow: { callers: ["service", "user", "anonymous"] } };
  await expectStatus(200, stack.send("PUT", "/v1/policies/everyone", { body: policy }));
  const created = await expectStatus(
    201,
    stack.send("POST", "/v1/keys", {
      body: { name: "page", kind: "publishable", scopes: ["execute"], origins: [page] },
    }),
  );
  publishableKey = (created.body as { key: string }).key;
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await stack.stop();
});
beforeEach(() => {
  seen = [];
  reply = json(200, { ok: true });
});

let count = 0;
/** Publishes a widget connector in its short form and returns its permalink. */
async function define(short: object): Promise<string> {
  count += 1;
  const permalink = `widget-${count}`;
  await expectStatus(
    201,
    stack.send("POST", "/v1/connectors?publish=true", {
      body: { name: `Widget ${count}`, permalink, url: `${base}/a`, ...short },
    }),
  );
  return permalink;
}

/** Calls the widget route; without `user` as a service key. */
async function call(
  permalink: string,
  options: {
    readonly method?: string;
    readonly query?: string;
    readonly path?: string;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
    readonly anonymous?: boolean;
    readonly user?: string;
    readonly composite?: boolean;
  } = {},
): Promise<Answer> {
  const { method = "GET", query = "", path, body, headers = {}, anonymous = false, user } = options;
  const fromPage = anonymous || user !== undefined;
  const response = await fetch(
    `${stack.url}/connectors/${options.composite ? "composite/" : ""}${permalink}/execute${query}`,
    {
      method,
      headers: {
        ...(fromPage ? { origin: page, "x-junctor-key": publishableKey } : { authorization: `Bearer ${stack.key}` }),
        ...(user !== undefined && { authorization: `Bearer ${mint(user)}` }),
        ...(path !== undefined && { "x-path-params": path }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      // A text is the body as it is.
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    },
  );
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}

function mint(user: string, more: object = {}): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: page,
    aud: "junctor",
    sub: user,
    email: `${user}@a.example`,
    iat: now,
    exp: now + 300,
    ...more,
  };
  const content = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", signingSecret).update(content).digest("base64url")}`;
}

const code = ({ body }: Answer): unknown => (body as { errors?: { code?: unknown } }).errors?.code;
const scope = ({ body }: Answer): unknown => (body as { errors?: { scope?: unknown } }).errors?.scope;

describe("check 1: declared query parameters", () => {
  it("one that is not overridable is sent as configured; one that is takes the caller's value or its default", async () => {
    const permalink = await define({
      query_parameters: [
        { key: "fixed", value: "1" },
        { key: "open", value: "d", overridable: true },
      ],
    });
    await expectStatus(200, call(permalink, { query: "?fixed=9&open=x" }));
    await expectStatus(200, call(permalink));
    expect(seen.map(({ url }) => url)).toEqual(["/a?fixed=1&open=x", "/a?fixed=1&open=d"]);
  });
});

describe("check 2: undeclared query parameters", () => {
  it("are not forwarded in an imported connector unless the import asked for it", async () => {
    const permalink = await define({ query_parameters: [{ key: "q", value: "", overridable: true }] });
    await expectStatus(200, call(permalink, { query: "?q=a&other=1" }));
    expect(seen[0]?.url).toBe("/a?q=a");
  });
  it("are refused by a new connector", async () => {
    const permalink = `strict-${count}`;
    const definition = {
      $schema: "https://junctor.dev/schema/connector/v1.json",
      name: permalink,
      title: "Strict",
      version: "1.0.0",
      baseUrl: base,
      actions: {
        execute: {
          input: { type: "object", properties: { q: { type: "string" } } },
          request: { path: "/a", query: { q: "{{ input.q }}" } },
        },
      },
    };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
    await expectStatus(200, call(permalink, { query: "?q=a" }));
    expect(await call(permalink, { query: "?other=1" })).toMatchObject({ status: 400 });
    expect(seen).toHaveLength(1);
  });
});

describe("check 3: duplicate keys", () => {
  it("are refused when a connector is saved, header names without regard to case", async () => {
    const body = {
      name: "Twice",
      permalink: "twice",
      url: `${base}/a`,
      headers: [
        { key: "X-A", value: "1" },
        { key: "x-a", value: "2" },
      ],
    };
    expect((await stack.send("POST", "/v1/connectors?publish=true", { body })).status).toBe(422);
  });
});

describe("check 4: private addresses", () => {
  const refused = [
    "http://api.example/a",
    "https://localhost/a",
    "https://127.0.0.1/a",
    "https://10.1.2.3/a",
    "https://172.16.0.1/a",
    "https://172.31.255.255/a",
    "https://192.168.0.1/a",
    "https://169.254.169.254/a",
    "https://[::1]/a",
    "https://[fc00::1]/a",
    "https://[fd12:3456::1]/a",
    "https://[fe80::1]/a",
    "https://[::ffff:10.0.0.1]/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0177.0.0.1/a",
    "https://127.1/a",
  ];
  it.each(refused)("%s is refused when a connector is saved", async (url) => {
    const body = { name: "Inside", permalink: "inside", url };
    const answer = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([422, "DEFINITION_INVALID"]);
  });
  it("is refused in steps and token addresses too", async () => {
    const url = "https://10.0.0.1/a";
    const steps = { name: "Inside", permalink: "inside", steps: [{ name: "one", url }] };
    const config = { client_id: "a", client_secret: "{{ get_secret('api') }}", token_url: url };
    const token = { name: "Inside", url: base, authentication: { type: "oauth_client_credentials", config } };
    for (const body of [steps, token]) {
      expect((await stack.send("POST", "/v1/connectors?publish=true", { body })).status).toBe(422);
    }
  });
  const atRun = [
    "https://localhost",
    "https://10.1.2.3",
    "https://169.254.169.254",
    "https://[::ffff:7f00:1]",
    "https://2130706433",
  ];
  it.each(atRun)(
    "a host from a variable, %s, is refused when it is called, after its name was resolved",
    async (origin) => {
      await expectStatus(200, stack.send("PUT", "/v1/variables/origin", { body: { value: origin } }));
      const permalink = await define({ url: "{{ get_variable('origin') }}/a" });
      const answer = await call(permalink);
      expect([answer.status, code(answer), scope(answer)]).toEqual([
        502,
        "EGRESS_REFUSED",
        "Downstream (network/external service)",
      ]);
    },
  );
});

describe("check 5: hosts", () => {
  const variable = "{{ get_variable('host') }}";
  const accepted = [
    "https://api.example/a",
    `https://${variable}.example/a`,
    `https://${variable}/a`,
    `${variable}/a`,
    "https://{{ get_variable('host') | default('api.example') }}/a",
    "https://{{ get_variable(\"host\") | default('', true) }}.example/a",
    "{{ get_variable('host') | default('https://api.example') }}/a",
  ];
  const refused = [
    "{{ get_variable('scheme') }}://api.example/a",
    "https://{{ get_variable('host') | lower }}/a",
    "https://{{ get_variable(name) }}/a",
    "https://{{ get_variable('a' ~ 'b') }}/a",
    "https://{{ get_variable('host') if true else 'x' }}/a",
    "https://{{ get_variable('host') | default(other) }}/a",
    "https://{% if true %}a{% endif %}.example/a",
    "https://{{ user.id }}.example/a",
    "https://{{ pathParams.host }}/a",
    "https://{{ get_secret('host') }}/a",
    "{{ get_variable('host') | default('api.example') }}/a",
    "ftp://api.example/a",
    "api.example/a",
    "https://api.example/a b",
    "https://api.example/<a>",
  ];
  const save = (url: string) => {
    const keys = url.includes("pathParams") ? { path_parameters: [{ key: "host" }] } : {};
    return stack.send("POST", "/v1/connectors", { body: { name: "Hosts", permalink: "hosts", url, ...keys } });
  };
  it.each(accepted)("%s is accepted", async (url) => {
    expect((await save(url)).status).toBe(201);
  });
  it.each(refused)("%s is refused", async (url) => {
    expect((await save(url)).status).toBe(422);
  });
  it.each([
    "{{ get_variable('host') | default('http://api.example') }}/a",
    "https://{{ get_variable('host') | default('10.0.0.1', true) }}/a",
    "https://{{ get_variable('host') | default('localhost') }}/a",
  ])("%s, whose default the outbound policy refuses, cannot be published", async (url) => {
    const body = { name: "Default", permalink: "default", url };
    const answer = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect([answer.status, (answer.body as { errors: { pointer: string }[] }).errors[0]?.pointer]).toEqual([
      422,
      "/url",
    ]);
  });
});

describe("check 6: path parameters", () => {
  it("that the URL does not read are refused, with their place", async () => {
    const body = {
      name: "Unread",
      permalink: "unread",
      url: "https://api.example/a",
      path_parameters: [{ key: "id" }],
    };
    const answer = await stack.send("POST", "/v1/connectors", { body });
    expect([answer.status, (answer.body as { errors: { pointer: string }[] }).errors[0]?.pointer]).toEqual([
      422,
      "/path_parameters/0/key",
    ]);
  });
});

describe("check 6: lengths", () => {
  const text = (length: number) => "a".repeat(length);
  const limits: readonly [what: string, limit: number, make: (value: string) => object][] = [
    ["url", 2048, (value) => ({ url: `https://a.example/${value.slice(18)}` })],
    ["name", 255, (name) => ({ name })],
    ["permalink", 255, (permalink) => ({ permalink })],
    ["header name", 255, (key) => ({ headers: [{ key, value: "" }] })],
    ["header value", 1000, (value) => ({ headers: [{ key: "a", value }] })],
    ["query name", 255, (key) => ({ query_parameters: [{ key, value: "" }] })],
    ["query value", 1000, (value) => ({ query_parameters: [{ key: "a", value }] })],
    [
      "path parameter",
      255,
      (key) => ({ url: `https://a.example/{{ pathParams.${key} }}`, path_parameters: [{ key }] }),
    ],
    ["response content type", 255, (response_content_type) => ({ response_content_type })],
  ];
  it.each(limits)("a %s of %i characters passes, one more is refused", async (_what, limit, make) => {
    const save = (length: number) =>
      stack.send("POST", "/v1/connectors", {
        body: { name: "Long", permalink: "long", url: "https://a.example/", ...make(text(length)) },
      });
    expect([(await save(limit)).status, (await save(limit + 1)).status]).toEqual([201, 422]);
  });
});

describe("check 7, 8 and 9: path parameters", () => {
  it("are read from the header, encoded, and checked before anything is sent; missing ones are named first", async () => {
    const permalink = await define({
      url: `${base}/{{ pathParams.a }}/{{ pathParams.b }}`,
      path_parameters: [{ key: "a" }, { key: "b" }],
    });
    await expectStatus(200, call(permalink, { path: "a=user-42&b=a~b" }));
    expect(seen[0]?.url).toBe("/user-42/a~b");
    const invalid = await call(permalink, { path: "a=..&b=x%2Fy" });
    expect([invalid.status, code(invalid), (invalid.body as { errors: { params: string[] } }).errors.params]).toEqual([
      400,
      "INVALID_PATH_PARAMETERS",
      ["a", "b"],
    ]);
    const missing = await call(permalink, { path: "a=.." });
    expect([missing.status, code(missing), (missing.body as { errors: { params: string[] } }).errors.params]).toEqual([
      400,
      "MISSING_PATH_PARAMETERS",
      ["b"],
    ]);
    const long = await call(permalink, { path: `a=1&b=1&c=${"x".repeat(4096)}` });
    expect(code(long)).toBe("MISSING_PATH_PARAMETERS");
    expect(seen).toHaveLength(1);
  });
});

describe("check 7: values of path parameters", () => {
  const accepted = ["42", "user-42", "my.handle", "a~b", "3f2b8c1e-1111-4222-8333-444455556666", "x".repeat(200)];
  const refused = ["", " ", "a b", "a/b", "a?b", "a#b", "%20", ".", "..", "a..b", "x".repeat(201), "a\n"];
  it("are unreserved characters, 1 to 200 of them, and never climb", async () => {
    const permalink = await define({ url: `${base}/{{ pathParams.a }}`, path_parameters: [{ key: "a" }] });
    for (const value of accepted) await expectStatus(200, call(permalink, { path: `a=${encodeURIComponent(value)}` }));
    expect(seen.map(({ url }) => url)).toEqual(accepted.map((value) => `/${value}`));
    for (const value of refused) {
      const answer = await call(permalink, { path: `a=${encodeURIComponent(value)}` });
      expect([value, answer.status, code(answer)]).toEqual([value, 400, "INVALID_PATH_PARAMETERS"]);
    }
    expect(seen).toHaveLength(accepted.length);
  });
  it("that the URL names and nothing declares make the connector misconfigured", async () => {
    const permalink = await define({ url: `${base}/{{ pathParams.b }}`, path_parameters: [] });
    const answer = await call(permalink, { path: "b=1" });
    expect([answer.status, code(answer), seen.length]).toEqual([400, "CONNECTOR_MISCONFIGURED", 0]);
  });
});

describe("check 10: what each place offers", () => {
  const words: Readonly<Record<string, string>> = {
    user: "{{ user.id }}",
    tenant_id: "{{ tenant_id }}",
    now: "{{ now() }}",
    get_secret: "{{ get_secret('api') }}",
    get_variable: "{{ get_variable('tenant') }}",
    jwt_encode: "{{ jwt_encode({'a': 1}, '0123456789abcdef0123456789abcdef', 'HS256') }}",
    body_text: "{{ body_text }}",
    body_raw: "{{ body_raw }}",
    response: "{{ response.status_code }}",
    steps: "{{ steps.first.status_code }}",
    request: "{{ request.body_text }}",
  };
  const places = {
    url: (text: string) => ({ url: `${base}/a/${text}` }),
    header: (value: string) => ({ headers: [{ key: "X-A", value }] }),
    query: (value: string) => ({ query_parameters: [{ key: "a", value }] }),
    auth: (value: string) => ({ authentication: { type: "api_key", config: { key: "X-B", value, in: "header" } } }),
    request: (request_body: string) => ({ method: "POST", request_body }),
    response: (response_body: string) => ({ response_body, response_content_type: "text/plain" }),
  };
  const columns = Object.keys(places) as (keyof typeof places)[];
  // One column per place, in the order above: y offered, n refused when saved.
  const plain = {
    user: "yyyyyy",
    tenant_id: "yyyyyy",
    now: "yyyyyy",
    get_secret: "nyyynn",
    get_variable: "yyyynn",
    jwt_encode: "yyyyyn",
    body_text: "nnnnyn",
    body_raw: "nnnnyn",
    response: "nnnnny",
  };
  const composite = {
    user: "yyyyyy",
    tenant_id: "yyyyyy",
    now: "yyyyyy",
    get_secret: "nyyynn",
    get_variable: "yyyyyy",
    jwt_encode: "yyyyyn",
    steps: "yyyyyy",
    request: "yyyyyy",
  };
  const cells = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).flatMap(([name, row]) =>
      columns.map((place, index) => [name, place, row[index] === "y"] as const),
    );
  const outcome = async (permalink: string, composite: boolean) => {
    const answer = await call(permalink, {
      method: composite || permalink.endsWith("-post") ? "POST" : "GET",
      user: "u1",
      composite,
      body: composite || permalink.endsWith("-post") ? { a: 1 } : undefined,
    });
    return answer.status === 200 ? 200 : answer.text;
  };
  it.each(cells(plain))("plain: %s in %s: %s", async (name, place, offered) => {
    const text = words[name] ?? "";
    const permalink =
      place === "request" ? `cell-${name.replaceAll("_", "-")}-post` : `cell-${name.replaceAll("_", "-")}`;
    const body = {
      name: `Cell ${name} ${place}`,
      permalink: `${place}-${permalink}`,
      url: `${base}/a`,
      ...places[place](text),
    };
    const saved = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect(saved.status).toBe(offered ? 201 : 422);
    if (offered) expect(await outcome(body.permalink, false)).toBe(200);
  });
  it.each(cells(composite))("composite: %s in %s: %s", async (name, place, offered) => {
    const body = {
      name: `Step ${name} ${place}`,
      permalink: `step-${place}-${name.replaceAll("_", "-")}`,
      steps: [
        { name: "first", url: `${base}/first` },
        { name: "second", url: `${base}/a`, ...places[place](words[name] ?? "") },
      ],
    };
    const saved = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect(saved.status).toBe(offered ? 201 : 422);
    if (offered) expect(await outcome(body.permalink, true)).toBe(200);
  });
});

describe("check 11: api_key", () => {
  it("goes into header or query; apikey is the same", async () => {
    const header = await define({
      authentication: {
        type: "api_key",
        config: { key: "X-Key", value: "Token {{ get_secret('api') }}", in: "header" },
      },
    });
    const query = await define({
      authentication: { type: "apikey", config: { key: "k", value: "{{ get_secret('api') }}", in: "query" } },
    });
    await expectStatus(200, call(header));
    await expectStatus(200, call(query));
    expect(seen[0]?.headers["x-key"]).toBe(`Token ${apiSecret}`);
    expect(seen[1]?.url).toBe(`/a?k=${apiSecret}`);
  });
});

describe("check 12: client credentials", () => {
  it("asks for one token, however many call at once", async () => {
    const permalink = await define({
      authentication: {
        type: "oauth_client_credentials",
        config: { client_id: "me", client_secret: "{{ get_secret('api') }}", token_url: `${base}/token`, scope: "a b" },
      },
    });
    reply = (response, request) =>
      request.url === "/token"
        ? json(200, { access_token: "tok-for-widgets", expires_in: 3600 })(response)
        : json(200, { ok: true })(response);
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(permalink)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const tokens = seen.filter(({ url }) => url === "/token");
    expect(tokens).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(tokens[0]?.body))).toMatchObject({
      grant_type: "client_credentials",
      client_id: "me",
      client_secret: apiSecret,
      scope: "a b",
    });
    expect(seen.find(({ url }) => url === "/a")?.headers.authorization).toBe("Bearer tok-for-widgets");
  });
});

describe("check 12: how long a token is kept", () => {
  it.each([
    ["its life less 60 s", 61, [1, 1, 2]],
    ["not beyond the calls that waited for it, where it lives no longer", 60, [1, 2, 3]],
  ])("%s", async (_what, expires_in, expected) => {
    const token_url = `${base}/short-${expires_in}`;
    const config = { client_id: "me", client_secret: "{{ get_secret('api') }}", token_url };
    const permalink = await define({ authentication: { type: "oauth_client_credentials", config } });
    reply = json(200, { access_token: "tok-of-a-minute", expires_in });
    const tokens = () => seen.filter(({ url }) => url.startsWith("/short-")).length;
    const counts: number[] = [];
    for (const waitMs of [0, 0, 1_500]) {
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      await expectStatus(200, call(permalink));
      counts.push(tokens());
    }
    expect(counts).toEqual(expected);
  });
});

describe("check 13: jwt", () => {
  it("is signed for each call, with times as numbers", async () => {
    const permalink = await define({
      authentication: {
        type: "jwt",
        config: {
          private_key: "{{ get_secret('api') }}{{ get_secret('api') }}",
          algorithm: "HS256",
          claims: { sub: "{{ user.id }}", exp: "{{ now() + 60 }}" },
        },
      },
    });
    await expectStatus(200, call(permalink, { user: "u1" }));
    const [, payload = ""] = String(seen[0]?.headers.authorization).replace("Bearer ", "").split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    expect(claims).toMatchObject({ sub: "u1", exp: expect.any(Number) });
  });
});

describe("check 13: jwt algorithms", () => {
  it("are the thirteen of the source; times are numbers, and every call is signed anew", async () => {
    const pair = (type: string, options: object) =>
      (generateKeyPairSync as (type: string, options: object) => { privateKey: KeyObject })(type, options).privateKey;
    const rsa = pair("rsa", { modulusLength: 2048 });
    const ec = (namedCurve: string) => pair("ec", { namedCurve });
    const keys: readonly [algorithm: string, key: KeyObject | undefined][] = [
      ...["HS256", "HS384", "HS512"].map((algorithm) => [algorithm, undefined] as [string, undefined]),
      ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map(
        (algorithm) => [algorithm, rsa] as [string, KeyObject],
      ),
      ["ES256", ec("prime256v1")],
      ["ES384", ec("secp384r1")],
      ["ES512", ec("secp521r1")],
      ["EdDSA", pair("ed25519", {})],
    ];
    for (const [algorithm, key] of keys) {
      const name = `key_${algorithm.toLowerCase()}`;
      const value = key?.export({ type: "pkcs8", format: "pem" }) ?? `${apiSecret}${apiSecret}${apiSecret}`;
      await expectStatus(200, stack.send("PUT", `/v1/secrets/${name}`, { body: { value, hosts: ["127.0.0.1"] } }));
      const permalink = await define({
        authentication: {
          type: "jwt",
          config: {
            private_key: `{{ get_secret('${name}') }}`,
            algorithm,
            claims: {
              sub: "a",
              iat: "{{ now() }}",
              nbf: "{{ now() }}",
              exp: "{{ now(60) }}",
              jti: "{{ uuid() if uuid is defined else now() }}",
            },
            jwt_headers: { kid: "k1" },
          },
        },
      });
      seen = [];
      await expectStatus(200, call(permalink));
      const [head = "", payload = ""] = String(seen[0]?.headers.authorization).replace("Bearer ", "").split(".");
      const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
      expect(read(head)).toMatchObject({ alg: algorithm, kid: "k1" });
      expect(read(payload)).toMatchObject({
        iat: expect.any(Number),
        nbf: expect.any(Number),
        exp: expect.any(Number),
      });
    }
  });
});

describe("check 14: jwt bearer", () => {
  it("sends an assertion of 180 s, keeps the token for token_ttl less a minute, and never shares it between subjects", async () => {
    const permalink = await define({
      authentication: {
        type: "oauth_jwt_bearer",
        config: {
          client_id: "me",
          private_key: "{{ get_secret('api') }}{{ get_secret('api') }}",
          algorithm: "HS256",
          token_url: `${base}/token3`,
          subject: "{{ user.email }}",
          audience: "https://login.example",
          token_ttl: 120,
          additional_claims: { scope: "a b" },
        },
      },
    });
    reply = (response, request, body) =>
      request.url === "/token3"
        ? json(200, { access_token: `tok-${subjectOf(body)}`, expires_in: 1 })(response)
        : json(200, { ok: true })(response);
    for (const user of ["u1", "u2", "u1", "u2"]) await expectStatus(200, call(permalink, { user }));
    const asked = seen.filter(({ url }) => url === "/token3");
    const calls = seen.filter(({ url }) => url === "/a");
    expect(asked.map(({ body }) => subjectOf(body))).toEqual(["u1@a.example", "u2@a.example"]);
    expect(calls.map(({ headers }) => headers.authorization)).toEqual(
      ["u1", "u2", "u1", "u2"].map((user) => `Bearer tok-${user}@a.example`),
    );
    const form = new URLSearchParams(asked[0]?.body);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const claims = claimsOf(form.get("assertion"));
    expect(claims).toMatchObject({ iss: "me", sub: "u1@a.example", aud: "https://login.example", scope: "a b" });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(180);
  });
  const claimsOf = (assertion: string | null) =>
    JSON.parse(Buffer.from(assertion?.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
  const subjectOf = (body: string) => claimsOf(new URLSearchParams(body).get("assertion")).sub;
});

describe("check 15: no answer in time", () => {
  it("is the documented envelope, told apart by code and timing header", async () => {
    const permalink = await define({ url: "http://127.0.0.1:1/a" });
    const refused = await call(permalink);
    expect([refused.status, code(refused), scope(refused)]).toEqual([
      502,
      "UPSTREAM_UNREACHABLE",
      "Downstream (network/external service)",
    ]);
    expect(JSON.parse(refused.headers.get("x-connector-timing") ?? "")).not.toHaveProperty("timeout");
  });
});

describe("check 15: an upstream that is silent", () => {
  it("is given up after 15 s, with the documented envelope and timing fields", { timeout: 30_000 }, async () => {
    const permalink = await define({});
    reply = () => {};
    const startedAt = Date.now();
    const answer = await call(permalink);
    const waited = Date.now() - startedAt;
    expect([answer.status, scope(answer)]).toEqual([502, "Downstream (network/external service)"]);
    expect(["UPSTREAM_TIMEOUT", "ACTION_TIMEOUT"]).toContain(code(answer));
    expect(waited).toBeGreaterThan(14_000);
    expect(waited).toBeLessThan(20_000);
    const timing = JSON.parse(answer.headers.get("x-connector-timing") ?? "{}") as Record<string, unknown>;
    expect(timing).toMatchObject({ timeout: true, request_id: expect.any(String), external_ms: expect.any(Number) });
    expect(answer.headers.get("server-timing")).toContain("Timeout");
  });
});

describe("check 16 and 17: responses", () => {
  it("a template runs for every status, which is passed on; text that is no JSON is a 422 with its scope", async () => {
    const permalink = await define({
      response_body: '{"n": {{ (response.body | from_json).n }}, "s": {{ response.status_code }}}',
      response_content_type: "application/json",
    });
    for (const status of [200, 404, 500]) {
      reply = json(status, { n: status });
      expect(await call(permalink)).toMatchObject({ status, body: { n: status, s: status } });
    }
    reply = (response) => response.writeHead(503, { "content-type": "text/html" }).end("<h1>down</h1>");
    const broken = await call(permalink);
    expect([broken.status, scope(broken)]).toEqual([422, "Configuration (response template rendering)"]);
  });
  it("without a template the answer goes through as it is, with its type", async () => {
    const permalink = await define({});
    reply = (response) => response.writeHead(404, { "content-type": "text/html" }).end("<h1>none</h1>");
    const answer = await call(permalink);
    expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
      404,
      "<h1>none</h1>",
      "text/html",
    ]);
  });
  it("a request template that fails is a 422 with its scope, and nothing is sent", async () => {
    const permalink = await define({ method: "POST", request_body: "{{ body_text | from_json }}" });
    const answer = await call(permalink, { method: "POST" });
    expect([answer.status, scope(answer)]).toEqual([422, "Configuration (template rendering)"]);
    expect(seen).toEqual([]);
  });
});

describe("check 16: response.body", () => {
  const notText = Buffer.from([0xe9, 0x41, 0x00, 0xff]);
  it.each([
    ["text/plain", notText, "True"],
    ["text/plain; charset=iso-8859-1", notText, "True"],
    ["application/octet-stream", notText, "True"],
    ["image/png", notText, "True"],
    ["image/png", Buffer.from("é \ufffd"), "False"],
    ["application/json", Buffer.from("{ no JSON"), "False"],
  ])("of %s (%o) is None: %s", async (type, bytes, expected) => {
    const permalink = await define({
      response_body: "{{ response.body is none }}",
      response_content_type: "text/plain",
    });
    for (const status of [200, 500]) {
      reply = (response) => response.writeHead(status, { "content-type": type }).end(bytes);
      expect(await call(permalink)).toMatchObject({ status, text: expected });
    }
  });
  it("is not read where the content type alone is overridden: the bytes stay", async () => {
    const permalink = await define({ response_content_type: "image/webp" });
    reply = (response) => response.writeHead(200, { "content-type": "image/png" }).end(notText);
    const headers = { authorization: `Bearer ${stack.key}` };
    const response = await fetch(`${stack.url}/connectors/${permalink}/execute`, { headers });
    expect(response.headers.get("content-type")).toBe("image/webp");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(notText);
  });
});

describe("a caller's body", () => {
  const body = '{"id":9007199254740993,"price":1.10, "z":1E2}';
  it("goes out as it came where no template shapes it, in a step too", async () => {
    const plain = await define({ method: "POST" });
    const steps = [{ name: "one", method: "PUT", url: `${base}/one` }];
    const composite = await define({ url: undefined, steps });
    await expectStatus(200, call(plain, { method: "POST", body }));
    await expectStatus(200, call(composite, { method: "POST", composite: true, body }));
    expect(seen.map((request) => request.body)).toEqual([body, body]);
  });
  it("is refused by a new connector where an integer in it would go out as another", async () => {
    const input = { type: "object", properties: { id: { type: "integer" } } };
    const definition = {
      $schema: "https://junctor.dev/schema/connector/v1.json",
      name: "exact",
      title: "Exact",
      version: "1.0.0",
      baseUrl: base,
      actions: { execute: { input, request: { method: "POST", path: "/a", body: { id: "{{ input.id }}" } } } },
    };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
    const refused = [
      await call("exact", { method: "POST", body: '{"id":12345678901234567890}' }),
      await call("exact", { method: "POST", query: "?id=12345678901234567890" }),
    ];
    expect(refused.map((answer) => [answer.status, code(answer)])).toEqual(Array(2).fill([400, "INPUT_INVALID"]));
    for (const what of ["execute", "dry-run"]) {
      const response = await fetch(`${stack.url}/v1/connectors/exact/actions/execute/${what}`, {
        method: "POST",
        headers: { authorization: `Bearer ${stack.key}`, "content-type": "application/json" },
        body: '{"input":{"id":12345678901234567890}}',
      });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { code: "INPUT_INVALID", errors: [{ pointer: "/id", hint: expect.stringContaining("text") }] },
      ]);
    }
    expect(seen).toEqual([]);
    await expectStatus(200, call("exact", { method: "POST", body: '{"id":9007199254740992}' }));
    expect(seen[0]?.body).toBe('{"id":9007199254740992}');
  });
});

describe("check 18: cache", () => {
  const dated = { date: new Date().toUTCString() };
  const directives: readonly [headers: Record<string, string>, upstreamCalls: number][] = [
    [{ "cache-control": "max-age=60" }, 1],
    [{ "cache-control": "no-store, max-age=60" }, 2],
    [{ "cache-control": "no-cache" }, 2],
    [{ "cache-control": "private, max-age=60" }, 2],
    [{}, 2],
  ];
  it.each(directives)("%j", async (headers, upstreamCalls) => {
    const permalink = await define({});
    reply = json(200, { n: 1 }, { ...dated, ...headers });
    const first = await call(permalink);
    const second = await call(permalink);
    expect([first.body, second.body, seen.length]).toEqual([{ n: 1 }, { n: 1 }, upstreamCalls]);
    expect(second.headers.get("x-junctor-cache")).toBe(upstreamCalls === 1 ? "hit" : "miss");
  });
  it("asks with the entity tag, and a 304 is answered with what is kept", async () => {
    const permalink = await define({});
    reply = (response, request) =>
      request.headers["if-none-match"] === '"v1"'
        ? void response.writeHead(304).end()
        : json(200, { n: 1 }, { etag: '"v1"', "cache-control": "max-age=0" })(response);
    await call(permalink);
    const second = await call(permalink);
    expect([second.status, second.body, second.headers.get("x-junctor-cache"), seen.length]).toEqual([
      200,
      { n: 1 },
      "revalidated",
      2,
    ]);
  });
  it("runs the template on each hit, and two users never share a user-dependent answer, over 1,000 interleaved calls", async () => {
    const permalink = await define({
      response_body: '{"for": "{{ user.id }}", "n": {{ (response.body | from_json).n }}}',
      response_content_type: "application/json",
    });
    reply = json(200, { n: 7 }, { "cache-control": "public, max-age=60" });
    const users = Array.from({ length: 1_000 }, (_, index) => `u${index % 7}`);
    for (let start = 0; start < users.length; start += 50) {
      const answers = await Promise.all(
        users.slice(start, start + 50).map(async (user) => [user, await call(permalink, { user })] as const),
      );
      for (const [user, { body }] of answers) expect(body).toEqual({ for: user, n: 7 });
    }
    expect(seen.length).toBeLessThanOrEqual(7);
  });
  it("50 identical calls that miss together cause one upstream call", async () => {
    const permalink = await define({});
    reply = (response) => void setTimeout(() => json(200, { n: 1 }, { "cache-control": "max-age=60" })(response), 100);
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(permalink)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(seen).toHaveLength(1);
  });
  it("is emptied by a purge", async () => {
    const permalink = await define({});
    reply = json(200, { n: 1 }, { "cache-control": "max-age=60" });
    await call(permalink);
    await expectStatus(200, stack.send("POST", "/v1/cache/purge", { body: { connector: permalink } }));
    await call(permalink);
    expect(seen).toHaveLength(2);
  });
});

describe("check 19: anonymous callers", () => {
  it("are refused wherever a template reads the user, before anything is sent", async () => {
    const places = [
      { headers: [{ key: "X-U", value: "{{ user.email }}" }] },
      { query_parameters: [{ key: "u", value: "{{ user.id }}" }] },
      { url: `${base}/{{ user.id }}` },
      { response_body: "{{ user.id }}" },
      { response_body: "{% if user %}{{ user['id'] }}{% endif %}" },
    ];
    for (const place of places) {
      const permalink = await define(place);
      const answer = await call(permalink, { anonymous: true });
      expect([answer.status, code(answer)]).toEqual([401, "USER_REQUIRED"]);
    }
    expect(seen).toEqual([]);
  });
  it("may call what does not", async () => {
    await expectStatus(200, call(await define({}), { anonymous: true }));
  });
});

describe("check 20: missing names", () => {
  it("a missing secret or variable fails before anything is sent", async () => {
    const secret = await call(await define({ headers: [{ key: "X", value: "{{ get_secret('nothing') }}" }] }));
    const variable = await call(await define({ headers: [{ key: "X", value: "{{ get_variable('nothing') }}" }] }));
    expect([secret.status, code(secret), variable.status, code(variable)]).toEqual([
      422,
      "SECRET_UNKNOWN",
      422,
      "VARIABLE_UNKNOWN",
    ]);
    expect(seen).toEqual([]);
  });
});

describe("check 21: what a dry run shows", () => {
  it("is never a secret, also not inside a longer text, base64 or a signed token", async () => {
    const permalink = await define({
      method: "POST",
      headers: [
        { key: "X-Long", value: "Token {{ get_secret('api') }}!" },
        { key: "X-Basic", value: "Basic {{ ('me:' ~ get_secret('api')) | base64_encode }}" },
        { key: "X-Signed", value: "{{ jwt_encode({'s': get_secret('api')}, get_secret('host_app'), 'HS256') }}" },
      ],
      query_parameters: [{ key: "k", value: "{{ get_secret('api') | urlencode }}" }],
      authentication: {
        type: "jwt",
        config: {
          private_key: "{{ get_secret('host_app') }}",
          algorithm: "HS256",
          claims: { s: "{{ get_secret('api') }}" },
        },
      },
    });
    const dry = await expectStatus(
      200,
      stack.send("POST", `/v1/connectors/${permalink}/actions/execute/dry-run`, { body: { input: { body: {} } } }),
    );
    const { plan } = dry.body as { plan: { request: { url: string; headers: { name: string; value: string }[] } } };
    const shown = plan.request.headers.filter(({ name }) => /^x-/i.test(name)).map(({ value }) => value);
    expect(shown).toHaveLength(3);
    for (const secret of [apiSecret, signingSecret]) {
      expect(findSecret(prepareSearch(dry.text), secret)).toBeUndefined();
    }
    expect(dry.text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    expect(seen).toEqual([]);
    reply = (response, request) => json(200, { echoed: request.headers, url: request.url })(response);
    const executed = await stack.send("POST", `/v1/connectors/${permalink}/actions/execute/execute`, {
      body: { input: { body: {} } },
    });
    expect(findSecret(prepareSearch(executed.text), apiSecret)).toBeUndefined();
  });
});

describe("check 21: a trace, and a dry run as somebody else", () => {
  it("tell what was sent and how long each stage took, secrets masked; names without a value are flagged", async () => {
    const permalink = await define({
      headers: [
        { key: "X-Key", value: "Token {{ get_secret('api') }}" },
        { key: "X-User", value: "{{ user.nickname }}" },
      ],
    });
    const path = `/v1/connectors/${permalink}/actions/execute`;
    const as = { kind: "user", user: { id: "u7", roles: ["agent"] } };
    const dry = await expectStatus(200, stack.send("POST", `${path}/dry-run`, { body: { as } }));
    const { plan } = dry.body as { plan: { unresolved: { name: string; pointer: string }[] } };
    expect(plan.unresolved).toMatchObject([{ name: "user.nickname", pointer: expect.stringContaining("X-User") }]);
    const anonymous = await stack.send("POST", `${path}/dry-run`, { body: { as: { kind: "anonymous" } } });
    expect([anonymous.status, (anonymous.body as { code: string }).code]).toEqual([401, "USER_REQUIRED"]);

    const plain = await define({ headers: [{ key: "X-Key", value: "Token {{ get_secret('api') }}" }] });
    const traced = await expectStatus(200, stack.execute(plain, "execute", { trace: true }));
    const { trace } = (traced.body as { meta: { trace: { stages: { stage: string }[]; request: { url: string } } } })
      .meta;
    expect(trace.stages.map(({ stage }) => stage)).toEqual(["admit", "render", "attempts", "transform", "filter"]);
    expect(trace.request.url).toBe(`${base}/a`);
    expect(findSecret(prepareSearch(traced.text), apiSecret)).toBeUndefined();
  });
  it("are for keys that may write connectors alone", async () => {
    const permalink = await define({});
    const created = await expectStatus(
      201,
      stack.send("POST", "/v1/keys", { body: { name: "caller", kind: "service", scopes: ["execute"] } }),
    );
    const { key } = created.body as { key: string };
    const path = `/v1/connectors/${permalink}/actions/execute`;
    const dry = await stack.send("POST", `${path}/dry-run`, { body: { as: { kind: "anonymous" } }, key });
    const traced = await stack.send("POST", `${path}/execute`, { body: { trace: true }, key });
    expect([dry.status, traced.status, seen.length]).toEqual([403, 403, 0]);
  });
});

describe("check 23: composites", () => {
  it("pass values on, share a token, and answer with the last step", async () => {
    const auth = {
      type: "oauth_client_credentials",
      config: { client_id: "me", client_secret: "{{ get_secret('api') }}", token_url: `${base}/token2` },
    };
    const permalink = await define({
      url: undefined,
      steps: [
        { name: "find", url: `${base}/find`, authentication: auth },
        {
          name: "get-it",
          url: `${base}/items/{{ (steps.find.body | from_json).id }}`,
          authentication: auth,
          response_body: '{"got": {{ (response.body | from_json).n }}, "by": "{{ steps.find.status_code }}"}',
          response_content_type: "application/json",
        },
      ],
    });
    reply = (response, request) =>
      request.url === "/token2"
        ? json(200, { access_token: "tok-for-steps", expires_in: 3600 })(response)
        : json(200, { id: 5, n: 6 })(response);
    const answer = await call(permalink, { method: "POST", composite: true, body: {} });
    expect(answer).toMatchObject({ status: 200, body: { got: 6, by: "200" } });
    expect(seen.filter(({ url }) => url === "/token2")).toHaveLength(1);
    expect(seen.at(-1)?.url).toBe("/items/5");
    expect(answer.headers.get("server-timing")).toMatch(/step\.find;dur=[\d.]+, step\.get-it;dur=[\d.]+, total;dur=/);
    const { steps } = JSON.parse(answer.headers.get("x-connector-timing") ?? "{}") as { steps?: readonly object[] };
    const times = { total_ms: expect.any(Number), internal_ms: expect.any(Number), external_ms: expect.any(Number) };
    expect(steps).toEqual([
      { name: "find", ...times },
      { name: "get-it", ...times },
    ]);
  });
  it("name the step that failed, and return no partial data", async () => {
    const permalink = await define({
      url: undefined,
      steps: [
        { name: "one", url: `${base}/one` },
        { name: "two", url: `${base}/two` },
      ],
    });
    reply = (response, request) =>
      request.url === "/two" ? json(500, { secret: "partial" })(response) : json(200, {})(response);
    const answer = await call(permalink, { method: "POST", composite: true, body: {} });
    expect([answer.status, scope(answer)]).toEqual([502, "Composite step 'two' (index 1): Downstream (HTTP error)"]);
    expect(answer.text).not.toContain("partial");
  });
});

describe("every answer", () => {
  it("has a request id and both timing headers; the upstream's host is shown to service keys only", async () => {
    const permalink = await define({ response_body: "{}" });
    const trusted = await call(permalink);
    const anonymous = await call(permalink, { anonymous: true });
    for (const { headers } of [trusted, anonymous]) {
      expect(headers.get("x-request-id")).toBeTruthy();
      expect(headers.get("server-timing")).toMatch(/^setup;dur=.*total;dur=/);
    }
    expect(trusted.headers.get("x-connector-timing")).toContain("127.0.0.1");
    expect(anonymous.headers.get("x-connector-timing")).not.toContain("127.0.0.1");
  });
});

describe("who may call", () => {
  it("another origin is refused without an answer that a page could read", async () => {
    const permalink = await define({});
    const answer = await call(permalink, { anonymous: true, headers: { origin: "https://evil.example" } });
    expect([answer.status, code(answer), answer.headers.get("access-control-allow-origin")]).toEqual([
      403,
      "ORIGIN_REFUSED",
      null,
    ]);
    const allowed = await call(permalink, { anonymous: true });
    expect(allowed.headers.get("access-control-allow-origin")).toBe(page);
    expect(seen).toHaveLength(1);
  });
  it("a policy that is nearer wins, with its roles and its rate", async () => {
    const permalink = await define({});
    const policy = {
      connector: permalink,
      action: "*",
      allow: { callers: ["user"], roles: ["agent"] },
      rateLimit: { limit: 2, windowMs: 60_000 },
    };
    await expectStatus(200, stack.send("PUT", "/v1/policies/agents", { body: policy }));
    const asAgent = () =>
      call(permalink, {
        anonymous: true,
        headers: { authorization: `Bearer ${mint("agent-1", { roles: ["agent"] })}` },
      });
    expect(code(await call(permalink, { anonymous: true }))).toBe("FORBIDDEN");
    expect(code(await call(permalink, { user: "u1" }))).toBe("FORBIDDEN");
    expect([(await asAgent()).status, (await asAgent()).status, (await asAgent()).status]).toEqual([200, 200, 429]);
    await expectStatus(204, stack.send("DELETE", "/v1/policies/agents"));
  });
  it("an ended or forged user token is refused with a code that the client renews on", async () => {
    const permalink = await define({});
    const now = Math.floor(Date.now() / 1000);
    const ended = await call(permalink, {
      anonymous: true,
      headers: { authorization: `Bearer ${mint("u1", { iat: now - 900, exp: now - 600 })}` },
    });
    const forged = await call(permalink, {
      anonymous: true,
      headers: { authorization: `Bearer ${mint("u1").slice(0, -4)}AAAA` },
    });
    expect([ended.status, code(ended), forged.status, code(forged)]).toEqual([
      401,
      "USER_TOKEN_INVALID",
      401,
      "USER_TOKEN_INVALID",
    ]);
  });
  it("an unknown permalink is 404, another method 405", async () => {
    const permalink = await define({});
    expect((await call("nobody-has-this")).status).toBe(404);
    expect((await call(permalink, { method: "DELETE" })).status).toBe(405);
  });
});
