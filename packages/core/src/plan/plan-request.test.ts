import type { RequestSpec, Schema } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import type { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { createCannedHttp, type SentRequest } from "../testkit/canned-http.ts";
import { createTestEngine, type TestWorkspace } from "../testkit/test-engine.ts";

const open: Schema = { type: "object", additionalProperties: true };

interface Setting extends Partial<Omit<TestWorkspace, "http" | "definition">> {
  readonly schema?: Schema;
  readonly definition?: Partial<TestWorkspace["definition"]>;
}

/** Executes one request with an input and gives back what was sent. */
async function send(request: RequestSpec, input: Json = {}, setting: Setting = {}): Promise<SentRequest> {
  const http = createCannedHttp([{ body: {} }]);
  const { schema, definition, ...workspace } = setting;
  const { call } = createTestEngine({
    http,
    definition: {
      baseUrl: "https://api.example/v1",
      actions: { act: { input: schema ?? open, request } },
      ...definition,
    },
    ...workspace,
  });
  await call("act", input);
  return http.sent[0] as SentRequest;
}

const failure = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  try {
    await promise;
  } catch (error) {
    return error as ConnectorError;
  }
  throw new Error("it did not fail");
};

describe("path", () => {
  test.each([
    ["/items", {}, "/v1/items"],
    ["/items/{{ input.id }}", { id: 7 }, "/v1/items/7"],
    ["/items/{{ input.id }}", { id: "a/b ?#é" }, "/v1/items/a%2Fb%20%3F%23%C3%A9"],
    ["/files/{{ input.path.split('/') }}", { path: "a b/c" }, "/v1/files/a%20b/c"],
    ["/odata/Jobs({{ input.key }})", { key: 5 }, "/v1/odata/Jobs(5)"],
    ["/{{ input.a }}-{{ input.b }}", { a: "x", b: true }, "/v1/x-true"],
    ["/me/memberOf/$/a b", {}, "/v1/me/memberOf/$/a%20b"],
    ["/x/{{ input.id | parameter('simple') }}", { id: ["a", "b/c"] }, "/v1/x/a,b%2Fc"],
    ["/x{{ input.id | parameter('matrix', name='id', explode=true) }}", { id: [1, 2] }, "/v1/x;id=1;id=2"],
    ["/x/{{ input.id | parameter('label', explode=true) }}", { id: { a: 1, b: "c d" } }, "/v1/x/.a=1.b=c%20d"],
  ])("%s with %j is %s", async (path, input, expected) => {
    expect((await send({ path }, input)).url).toBe(`https://api.example${expected}`);
  });

  test.each([
    ["..", /cannot stand in a path/],
    [".", /cannot stand in a path/],
    ["", /empty text/i],
    [null, /null/],
    [{}, /object/],
    [["a", ".."], /cannot stand in a path/],
    [[], /empty list/i],
  ])("the value %j is refused", async (value, message) => {
    const error = await failure(send({ path: "/items/{{ input.id }}" }, { id: value }));
    expect(error).toMatchObject({ code: "VALUE_REFUSED", message: expect.stringMatching(message) });
  });

  test.each(["..", [".."], "", []])("a styled parameter cannot become another path: %j", async (id) => {
    const error = await failure(send({ path: "/x/{{ input.id | parameter('simple') }}/y" }, { id }));
    expect(error.code).toBe("TEMPLATE_FAILED");
  });

  test("an undefined value is refused", async () => {
    expect(await failure(send({ path: "/items/{{ input.id }}" }))).toMatchObject({ code: "VALUE_REFUSED" });
  });
});

describe("query", () => {
  test.each([
    [{ q: "{{ input.q }}", page: 2 }, { q: "a b&c" }, "?q=a%20b%26c&page=2"],
    [{ q: "{{ input.none }}" }, {}, ""],
    [{ q: "{{ input.nothing }}" }, { nothing: null }, ""],
    [{ ids: "{{ input.ids }}" }, { ids: [1, 2] }, "?ids=1&ids=2"],
    [{ ids: { value: "{{ input.ids }}", explode: false } }, { ids: [1, 2] }, "?ids=1,2"],
    [{ f: { value: "{{ input.f }}", style: "deepObject" } }, { f: { a: 1 } }, "?f%5Ba%5D=1"],
    [{ on: "{{ input.on }}", text: "on={{ input.on }}" }, { on: true }, "?on=true&text=on%3Dtrue"],
    ["{{ input.q | merge({'v': 2}) }}", { q: { a: 1, v: 1 } }, "?a=1&v=2"],
  ] as const)("%j with %j is %s", async (query, input, expected) => {
    expect((await send({ path: "/", query: query as never }, input as never)).url).toBe(
      `https://api.example/v1/${expected}`,
    );
  });

  test("an object in the short form is refused", async () => {
    expect(await failure(send({ path: "/", query: { q: "{{ input.q }}" } }, { q: { a: 1 } }))).toMatchObject({
      code: "VALUE_REFUSED",
      message: expect.stringContaining('"q"'),
    });
  });

  test("defaults of the connector merge by name, and a literal null removes", async () => {
    const definition = { defaults: { request: { query: { a: "1", b: "2", c: "3" } } } };
    expect((await send({ path: "/", query: { b: null, c: "4" } }, {}, { definition })).url).toContain("?a=1&c=4");
  });
});

describe("headers", () => {
  test.each([
    ["{{ input.x }}", { x: "plain" }, "plain"],
    ["{{ input.x }}", { x: 5 }, "5"],
    ["{{ input.x }}", { x: ["a", "b"] }, "a, b"],
    ["{{ input.x }}", {}, undefined],
    ["{{ input.x }}", { x: null }, undefined],
    ["v={{ input.x }}", { x: true }, "v=true"],
    ["{{ 'yes' if input.x }}", { x: 0 }, undefined],
  ])("%s with %j is %s", async (value, input, expected) => {
    expect((await send({ path: "/", headers: { "X-Test": value } }, input)).headers["x-test"]).toBe(expected);
  });

  test.each(["a\r\nX-Evil: 1", "a\nb", "\u0000", "snow ☃"])("the value %j is refused", async (x) => {
    expect(await failure(send({ path: "/", headers: { "X-Test": "{{ input.x }}" } }, { x }))).toMatchObject({
      code: "VALUE_REFUSED",
    });
  });

  test("nearer headers win whatever their case, and a literal null removes", async () => {
    const definition = { defaults: { request: { headers: { Accept: "text/plain", "X-A": "1", "X-B": "2" } } } };
    const { headers } = await send({ path: "/", headers: { ACCEPT: "text/csv", "x-a": null } }, {}, { definition });
    expect(headers).toMatchObject({ accept: "text/csv", "x-b": "2" });
    expect(headers["x-a"]).toBeUndefined();
  });

  test("headers computed as a whole win over those beside them and cannot set framing", async () => {
    const whole = { path: "/", headers: "{{ input.h }}" } as const;
    expect((await send(whole, { h: { Accept: "x/y" } })).headers.accept).toBe("x/y");
    expect(await failure(send(whole, { h: { Host: "evil.example" } }))).toMatchObject({ code: "VALUE_REFUSED" });
  });
});

describe("body", () => {
  const body = {
    book: "{{ input.isbn }}",
    n: "{{ input.n }}",
    note: "{{ input.note }}",
    list: ["{{ input.note }}", 1],
  };
  test.each([
    ["absent members and items are omitted", { isbn: "9", n: 2 }, '{"book":"9","n":2,"list":[1]}'],
    ["null stays null", { isbn: "9", n: null, note: "" }, '{"book":"9","n":null,"note":"","list":["",1]}'],
    ["a value cannot leave its place", { isbn: '","x":"' }, '{"book":"\\",\\"x\\":\\"","list":[1]}'],
  ])("JSON: %s", async (_title, input, expected) => {
    const sent = await send({ method: "POST", path: "/", body }, input);
    expect(sent.body).toBe(expected);
    expect(sent.headers["content-type"]).toBe("application/json");
  });

  test("a whole body that is undefined is not sent, nor is its content type", async () => {
    const sent = await send({ method: "POST", path: "/", body: "{{ input.b }}" });
    expect([sent.body, sent.headers["content-type"]]).toEqual([null, undefined]);
  });

  test.each([
    [
      { $each: "{{ input.l }}", value: { v: "{{ item }}", i: "{{ index }}" } },
      { l: ["a", "b"] },
      '[{"v":"a","i":0},{"v":"b","i":1}]',
    ],
    [{ $each: "{{ input.l }}", value: "{{ item.n }}", key: "{{ item.k }}" }, { l: [{ k: "x", n: 1 }] }, '{"x":1}'],
    [{ $each: "{{ input.l }}", value: "{{ it }}", when: "{{ it > 1 }}", as: "it" }, { l: [1, 2, 3] }, "[2,3]"],
    [{ $each: "{{ input.l }}", value: "{{ item.key }}={{ item.value }}" }, { l: { a: 1 } }, '["a=1"]'],
    [{ a: { $each: "{{ input.l }}", value: 1 } }, {}, "{}"],
  ])("repetition %#: %j", async (tree, input, expected) => {
    expect((await send({ method: "POST", path: "/", body: tree }, input as never)).body).toBe(expected);
  });

  test.each([
    ["application/x-www-form-urlencoded", { a: "{{ input.a }}", b: ["1", "2"] }, { a: "x y" }, "a=x+y&b=1&b=2"],
    ["text/xml", "<a>{{ input.a }}</a>", { a: "<b>&" }, "<a>&lt;b&gt;&amp;</a>"],
    ["text/xml", "<a>{{ '<b/>' | safe }}{{ input.a }}</a>", { a: "&" }, "<a><b/>&amp;</a>"],
    ["text/plain", "as {{ input.a }}", { a: "<b>" }, "as <b>"],
    ["application/vnd.x+json", { a: "{{ input.a }}" }, { a: 1 }, '{"a":1}'],
  ])("%s", async (contentType, tree, input, expected) => {
    const sent = await send({ method: "POST", path: "/", body: tree, contentType }, input);
    expect(sent.body).toBe(expected);
    expect(sent.headers["content-type"]).toBe(contentType);
  });

  test("a file is streamed with its own media type", async () => {
    const schema: Schema = { properties: { file: { type: "string", format: "binary" } } };
    const request: RequestSpec = {
      method: "PUT",
      path: "/",
      body: "{{ input.file }}",
      contentType: "{{ input.file.mediaType }}",
    };
    const sent = await send(request, { file: { base64: "aGVsbG8=", mediaType: "text/plain" } }, { schema });
    expect([sent.body, sent.headers["content-type"]]).toEqual(["hello", "text/plain"]);
  });

  test("multipart carries fields and files", async () => {
    const schema: Schema = { properties: { file: { type: "string", format: "binary" } } };
    const request: RequestSpec = {
      method: "POST",
      path: "/",
      contentType: "multipart/form-data",
      body: { title: "T", file: "{{ input.file }}" },
    };
    const sent = await send(
      request,
      { file: { base64: "aGVsbG8=", name: "h.txt", mediaType: "text/plain" } },
      { schema },
    );
    const boundary = /boundary=(\S+)/.exec(sent.headers["content-type"] ?? "")?.[1];
    expect(sent.body).toBe(
      [
        `--${boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nT\r\n`,
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="h.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n`,
        `--${boundary}--\r\n`,
      ].join(""),
    );
  });
});

describe("base URL and url", () => {
  test.each([
    ["https://{{ connection.sub }}.example.com", { sub: "acme" }, "https://acme.example.com/x"],
    ["{{ connection.url }}", { url: "https://own.example:8443/base/" }, "https://own.example:8443/base/x"],
    ["{{ connection.url }}/api", { url: "https://own.example" }, "https://own.example/api/x"],
    ["https://cloud.example/{{ connection.org }}", { org: "a b" }, "https://cloud.example/a%20b/x"],
  ])("%s with %j is %s", async (baseUrl, parameters, expected) => {
    const definition = { baseUrl, connection: { parameters: open } };
    expect((await send({ path: "/x" }, {}, { definition, connection: { parameters } })).url).toBe(expected);
  });

  test.each([
    ["https://{{ connection.sub }}.example.com", { sub: "evil.test/" }],
    ["https://{{ connection.sub }}.example.com", { sub: "evil.test#" }],
    ["https://{{ connection.sub }}.example.com", { sub: "user@evil.test" }],
    ["https://{{ connection.sub }}.example.com", { sub: "" }],
    ["{{ connection.url }}", { url: "file:///etc/passwd" }],
    ["{{ connection.url }}", { url: "https://user:password@own.example" }],
  ])("%s with %j is refused", async (baseUrl, parameters) => {
    const definition = { baseUrl, connection: { parameters: open } };
    const error = await failure(send({ path: "/x" }, {}, { definition, connection: { parameters } }));
    expect(error.code).toBe("VALUE_REFUSED");
  });

  test("an environment is chosen on the connection, and its values join it", async () => {
    const definition = {
      baseUrl: {
        production: { baseUrl: "https://api.example", values: { region: "eu" } },
        sandbox: { baseUrl: "https://sandbox.example", values: { region: "test" } },
      },
      connection: {},
    };
    const request = { path: "/{{ connection.region }}" };
    expect((await send(request, {}, { definition, connection: { environment: "sandbox" } })).url).toBe(
      "https://sandbox.example/test",
    );
    expect((await send(request, {}, { definition })).url).toBe("https://api.example/eu");
  });

  test.each([
    [
      "a written host is the author's",
      "https://other.example/{{ input.x }}",
      { x: "a" },
      [],
      "https://other.example/a",
    ],
    [
      "a computed host must be declared",
      "{{ input.x }}",
      { x: "https://other.example/a?b=c" },
      ["other.example"],
      "https://other.example/a?b=c",
    ],
    ["or be that of the base URL", "{{ input.x }}", { x: "https://api.example/next" }, [], "https://api.example/next"],
    ["an undefined url falls back to the path", "{{ input.none }}", {}, [], "https://api.example/v1/x"],
  ])("%s", async (_title, url, input, hosts, expected) => {
    expect((await send({ url, path: "/x" }, input, { definition: { hosts } })).url).toBe(expected);
  });

  test.each([
    ["{{ input.x }}", "https://evil.example/"],
    ["https://api.example{{ input.x }}", ".evil.example"],
    ["https://api.example{{ input.x }}/", "@evil.example"],
  ])("%s with %s is refused", async (url, x) => {
    expect(await failure(send({ url, path: "/x" }, { x }))).toMatchObject({ code: "VALUE_REFUSED" });
  });
});
