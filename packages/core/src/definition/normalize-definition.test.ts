import type { ConnectorDefinition, ShortConnector } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { canonicalizeDefinition, digestDefinition } from "./canonicalize-definition.ts";
import { normalizeDefinition, SCHEMA_ADDRESS } from "./normalize-definition.ts";
import type { ShortFormOptions } from "./normalize-short-form.ts";
import { validateDefinition } from "./validate-definition.ts";

const document: ConnectorDefinition = {
  name: "a",
  title: "A",
  version: "1.0.0",
  baseUrl: "https://a.example",
  connection: { auth: [{ type: "bearer", token: "{{ secret('t') }}" }] },
  actions: { go: { request: { path: "/" } } },
};

describe("normalizeDefinition", () => {
  it("writes $schema, the default environment and ids of auth methods", () => {
    expect(normalizeDefinition(document)).toEqual({
      ...document,
      $schema: SCHEMA_ADDRESS,
      baseUrl: { default: { baseUrl: "https://a.example" } },
      connection: { auth: [{ type: "bearer", id: "bearer", token: "{{ secret('t') }}" }] },
    });
  });

  it("leaves environments and given ids", () => {
    const given: ConnectorDefinition = {
      ...document,
      baseUrl: { sandbox: { baseUrl: "https://s.example" } },
      connection: { auth: [{ type: "none", id: "open" }] },
    };
    expect(normalizeDefinition(given)).toEqual({ ...given, $schema: SCHEMA_ADDRESS });
  });
});

describe("the short form", () => {
  const normalized = (short: Partial<ShortConnector>, options?: ShortFormOptions): ConnectorDefinition => {
    const definition = normalizeDefinition({ name: "Weather", url: "https://w.example/v1", ...short }, options);
    expect(validateDefinition(definition)).toEqual([]);
    return definition;
  };
  const execute = (short: Partial<ShortConnector>, options?: ShortFormOptions) =>
    normalized(short, options).actions?.execute;

  it("becomes one action under a derived name", () => {
    expect(normalized({ name: "My Widget's Feed" })).toMatchObject({
      name: "my-widget-s-feed",
      title: "My Widget's Feed",
      version: "0.0.0",
      compat: "gainsight",
      baseUrl: { default: { baseUrl: "https://w.example" } },
    });
    expect(normalized({ permalink: "feed" }).name).toBe("feed");
  });

  it.each([
    ["https://a.example", "https://a.example", "/", {}],
    ["https://a.example/x/y", "https://a.example", "/x/y", {}],
    ["https://a.example?q=1", "https://a.example", "/", { q: "1" }],
    ["https://a.example/x?a=b%20c&d=e+f&g#top", "https://a.example", "/x", { a: "b c", d: "e f", g: "" }],
    ["https://a.example/x?t=1&t=2", "https://a.example", "/x", { t: ["1", "2"] }],
    [
      "https://{{ get_variable('h') | default('a.example/x?y') }}/{{ pathParams['a/b'] }}?m={{ user.id }}",
      "https://{{ var('h') | default('a.example/x?y') }}",
      "/{{ pathParams['a/b'] }}",
      { m: "{{ user.id }}" },
    ],
    ["{{ get_variable('origin') }}/x", "{{ var('origin') }}", "/x", {}],
  ])("takes the URL %s apart outside templates", (url, baseUrl, path, query) => {
    const definition = normalized({ url });
    expect(definition.baseUrl).toEqual({ default: { baseUrl } });
    expect(definition.actions?.execute?.request?.path).toBe(path);
    expect(definition.actions?.execute?.request?.query ?? {}).toEqual(query);
  });

  it("requires path parameters and holds them to the source's rule", () => {
    const input = execute({ url: "https://a.example/{{ pathParams.id }}", path_parameters: [{ key: "id" }] })?.input;
    expect(input).toMatchObject({
      required: ["path"],
      properties: { path: { required: ["id"], additionalProperties: false } },
    });
    const { pattern } = (input as { properties: { path: { properties: { id: { pattern: string } } } } }).properties.path
      .properties.id;
    const allowed = (value: string): boolean => new RegExp(pattern, "u").test(value);
    expect(["a", "A.b_c~d-9", "x".repeat(200)].map(allowed)).toEqual([true, true, true]);
    expect(["", ".", "..", "a..b", "a/b", "a b", "x".repeat(201)].map(allowed)).toEqual(Array(7).fill(false));
  });

  it("declares overridable rows with the configured value as default, and locks the others", () => {
    const action = execute({
      headers: [
        { key: "Accept-Language", value: "en", overridable: true },
        { key: "X-Fixed", value: "{{ tenant_id }}" },
      ],
      query_parameters: [
        { key: "units", value: "metric", overridable: true },
        { key: "user", value: "{{ user.id }}", overridable: true },
        { key: "v", value: "2" },
      ],
    });
    expect(action?.request).toMatchObject({
      headers: { "Accept-Language": "{{ input.headers['Accept-Language'] }}", "X-Fixed": "{{ tenant_id }}" },
      query: {
        units: "{{ input.query['units'] }}",
        user: "{% if input.query['user'] is defined %}{{ input.query['user'] }}{% else %}{{ user.id }}{% endif %}",
        v: "2",
      },
    });
    expect(action?.input).toEqual({
      type: "object",
      properties: {
        query: {
          type: "object",
          default: {},
          properties: { units: { type: "string", default: "metric" }, user: { type: "string" } },
          additionalProperties: false,
        },
        headers: {
          type: "object",
          default: {},
          properties: { "Accept-Language": { type: "string", default: "en" } },
          additionalProperties: false,
        },
      },
    });
  });

  it("forwards undeclared query parameters when it is imported so; declared ones win", () => {
    const action = execute(
      {
        query_parameters: [
          { key: "v", value: "it's" },
          { key: "me", value: "u-{{ user.id }}" },
          { key: "lang", value: "{{ tenant_id }}", overridable: true },
          { key: "units", value: "metric", overridable: true },
        ],
      },
      { undeclaredQuery: "forward" },
    );
    expect(action?.request?.query).toBe(
      "{{ input.query | default({}) | merge({'v': 'it\\'s', 'me': ('u-' ~ (user.id)), 'lang': input.query['lang'] | default((tenant_id))}) }}",
    );
    expect(action?.input).toMatchObject({ properties: { query: { additionalProperties: { type: "string" } } } });
  });

  it("keeps a value with statements out of the expression, and the caller's parameter of that name with it", () => {
    const definition = normalized(
      { query_parameters: [{ key: "n", value: "{% if user.id %}1{% endif %}" }] },
      { undeclaredQuery: "forward" },
    );
    expect(definition.defaults?.request?.query).toEqual({ n: "{% if user.id %}1{% endif %}" });
    expect(definition.actions?.execute?.request?.query).toBe(
      "{{ dict((input.query | default({})).items() | rejectattr(0, 'in', ['n'])) }}",
    );
  });

  it.each([
    ["POST", undefined, { body: "{{ input.body }}" }],
    ["POST", "  ", { body: "{{ input.body }}" }],
    ["PUT", "{{ body_text }}", { text: "{{ body_text }}" }],
    ["GET", "{{ body_text }}", {}],
    ["DELETE", undefined, {}],
  ] as const)("gives %s with the body template %j the body %j", (method, request_body, expected) => {
    const { body, text } = execute({ method, ...(request_body === undefined ? {} : { request_body }) })?.request ?? {};
    expect({ ...(body === undefined ? {} : { body }), ...(text === undefined ? {} : { text }) }).toEqual(expected);
  });

  it.each([
    [{}, { decode: "binary", onError: "pass" }],
    [{ response_body: "{{ response.body }}!" }, { decode: "text", text: "{{ response.body }}!", onError: "pass" }],
    [
      { response_content_type: "text/plain" },
      { decode: "text", text: "{{ response.body }}", contentType: "text/plain", onError: "pass" },
    ],
  ])("reads the answer of %j as %j", (short, response) => {
    expect(execute(short)?.response).toEqual(response);
  });

  it.each([
    [{ type: "none" }, undefined],
    [
      { type: "apikey", config: { key: "X-Key", value: "Bearer {{ get_secret('k') }}", in: "header" } },
      { type: "apiKey", id: "apiKey", name: "X-Key", in: "header", value: "Bearer {{ secret('k') }}" },
    ],
    [
      {
        type: "oauth_client_credentials",
        config: {
          client_id: "{{ get_variable('id') }}",
          client_secret: "{{ get_secret('s') }}",
          token_url: "https://t.example",
          scope: "a  b",
        },
      },
      {
        type: "oauth2",
        id: "oauth2",
        grant: "clientCredentials",
        tokenUrl: "https://t.example",
        clientId: "{{ var('id') }}",
        clientSecret: "{{ secret('s') }}",
        scopes: ["a", "b"],
      },
    ],
    [
      {
        type: "jwt",
        config: {
          private_key: "{{ get_secret('pk') }}",
          algorithm: "ES256",
          claims: { sub: "{{ user.id }}" },
          jwt_headers: { kid: "1" },
        },
      },
      {
        type: "jwt",
        id: "jwt",
        algorithm: "ES256",
        key: "{{ secret('pk') }}",
        claims: { sub: "{{ user.id }}" },
        header: { kid: "1" },
      },
    ],
    [
      {
        type: "oauth_jwt_bearer",
        config: {
          client_id: "me",
          private_key: "{{ get_secret('pk') }}",
          token_url: "https://t.example",
          subject: "{{ user.email }}",
          audience: "https://t.example",
          token_ttl: "900",
          additional_claims: { scope: "x" },
        },
      },
      {
        type: "oauth2",
        id: "oauth2",
        grant: "jwtBearer",
        tokenUrl: "https://t.example",
        clientAuthentication: "none",
        token: { expiresIn: 900 },
        assertion: {
          algorithm: "RS256",
          key: "{{ secret('pk') }}",
          claims: { iss: "me", sub: "{{ user.email }}", aud: "https://t.example", scope: "x" },
          lifetime: "PT180S",
        },
      },
    ],
  ] as const)("turns the authentication %j into a method", (authentication, method) => {
    const definition = normalized({ authentication } as Partial<ShortConnector>);
    expect(definition.connection?.auth).toEqual(method === undefined ? undefined : [method]);
  });

  it("turns a composite into steps, each with a method of its own", () => {
    const definition = normalizeDefinition({
      name: "Both",
      steps: [
        {
          name: "find-user",
          url: "https://a.example/users?q={{ user.email }}",
          authentication: { type: "api_key", config: { key: "k", value: "v", in: "query" } },
        },
        {
          name: "cases",
          url: "https://{{ get_variable('h') }}/cases",
          method: "POST",
          request_body: "{{ steps['find-user'].body }}",
          response_body: "{{ response.body }}",
          response_content_type: "application/json",
        },
      ],
    });
    expect(validateDefinition(definition)).toEqual([]);
    expect(definition).not.toHaveProperty("baseUrl");
    expect(definition.connection?.auth).toMatchObject([{ id: "find-user", name: "k", type: "apiKey" }]);
    expect(definition.actions?.execute).toMatchObject({
      timeout: "PT30S",
      steps: [
        {
          id: "find-user",
          request: { url: "https://a.example/users", query: { q: "{{ user.email }}" }, auth: "find-user" },
        },
        {
          id: "cases",
          request: {
            url: "https://{{ var('h') }}/cases",
            method: "POST",
            text: "{{ steps['find-user'].body }}",
            auth: false,
          },
          response: { decode: "text", text: "{{ response.body }}", contentType: "application/json" },
        },
      ],
    });
  });
});

describe("canonicalizeDefinition", () => {
  it.each([
    [{ b: 1, a: [true, null, "é\n"] }, '{"a":[true,null,"é\\n"],"b":1}'],
    [{ "\u{20ac}": 1, "\r": 2, "1": 3, "\u{1f600}": 4 }, '{"\\r":2,"1":3,"€":1,"😀":4}'],
    [{ n: [1e30, 4.5, 2e-3, 0.000001, 1e21, -0] }, '{"n":[1e+30,4.5,0.002,0.000001,1e+21,0]}'],
    [{ gone: undefined, kept: 1 }, '{"kept":1}'],
  ])("writes %j in the form of RFC 8785", (value, text) => {
    expect(canonicalizeDefinition(value)).toBe(text);
  });

  it("gives equal digests for equal documents whatever their order, and others for others", () => {
    const { name, ...rest } = document;
    expect(digestDefinition({ ...rest, name })).toBe(digestDefinition(document));
    expect(digestDefinition({ ...document, title: "B" })).not.toBe(digestDefinition(document));
    expect(digestDefinition({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });
});
