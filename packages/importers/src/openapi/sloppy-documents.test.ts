import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asObject, type Obj } from "../json-value.ts";

const info = { title: "T", version: "1" };
const ok = { 200: { description: "OK" } };
const text = { type: "string" };

/** Imports a document; the result with its only action, and losses and repairs as `code pointer`. */
function importOf(document: unknown) {
  const result = importDocument([{ path: "api.json", bytes: new TextEncoder().encode(JSON.stringify(document)) }]);
  const action = asObject(Object.values(asObject(result.definition?.actions))[0]);
  return {
    ok: result.ok,
    format: result.format,
    baseUrl: result.definition?.baseUrl,
    input: asObject(action.input),
    request: asObject(action.request),
    output: action.output,
    losses: result.losses.map((loss) => `${loss.code} ${loss.pointer}`),
    notes: result.notes.map((note) => note.code),
    repairs: result.repairs.map((repair) => `${repair.code} ${repair.pointer}`),
  };
}

const get = (parameters: readonly Obj[], path = "/a"): Obj => ({
  openapi: "3.0.3",
  info,
  servers: [{ url: "https://api.example.com" }],
  paths: { [path]: { get: { operationId: "a", parameters, responses: ok } } },
});

describe("parameters with odd names and places", () => {
  it("a query parameter that the path writes out is one input", () => {
    const found = importOf(get([{ name: "q", in: "query", required: true, schema: text }], "/search?q={q}"));
    expect(found.ok).toBe(true);
    expect(found.input.required).toEqual(["q"]);
    expect(found.request).toMatchObject({ path: "/search", query: { q: "{{ input.q }}" } });
  });
  it("a path variable that is declared as a query parameter fills both", () => {
    const found = importOf(get([{ name: "id", in: "query", schema: { type: "integer" } }], "/a/{id}"));
    expect(found.ok).toBe(true);
    expect(found.input).toMatchObject({ required: ["id"], properties: { id: { type: "integer" } } });
    expect(found.request).toMatchObject({ path: "/a/{{ input.id }}", query: { id: "{{ input.id }}" } });
  });
  it.each([
    ["header", ""],
    ["header", "X Key"],
    ["header", "ключ"],
    ["query", ""],
    ["cookie", "a;b"],
  ])("a %s named %j has no place, and that is said", (location, name) => {
    const found = importOf(get([{ name, in: location, schema: text }]));
    expect(found.ok).toBe(true);
    expect(found.input).toEqual({});
    expect(found.losses).toEqual(["parameter-name /paths/~1a/get/parameters/0"]);
  });
  it.each([
    [" X-Key ", "X-Key"],
    ["X-Key:", "X-Key"],
  ])("the header %j is sent as %s", (name, sent) => {
    expect(importOf(get([{ name, in: "header", schema: text }])).request.headers).toHaveProperty([sent]);
  });
  it.each(["Query", "QUERY", " query"])("the place %j is read whatever its case", (location) => {
    const found = importOf(get([{ name: "q", in: location, schema: text }]));
    expect(found.request.query).toEqual({ q: "{{ input.q }}" });
    expect(found.repairs).toEqual(["parameter-place /paths/~1a/get/parameters/0/in"]);
  });
  it("an empty parameter is a loss", () => {
    expect(importOf(get([{}])).losses).toEqual(["parameter-malformed /paths/~1a/get/parameters/0"]);
  });
});

describe("documents that mix the versions", () => {
  const operation = (more: Obj): Obj => ({ a: { post: { operationId: "a", responses: ok, ...more } } });
  const paths = (more: Obj): Obj => ({ "/a": operation(more).a });
  const body = { name: "b", in: "body", required: true, schema: { type: "object", properties: { x: text } } };
  it("a body parameter in OpenAPI 3", () => {
    const found = importOf({ openapi: "3.0.0", info, paths: paths({ parameters: [body] }) });
    expect(found.request.body).toBe("{{ input.body }}");
    expect(found.losses).toEqual([]);
  });
  it("form fields in OpenAPI 3", () => {
    const found = importOf({
      openapi: "3.0.0",
      info,
      paths: paths({ parameters: [{ name: "f", in: "formData", type: "string" }] }),
    });
    expect(found.request.contentType).toBe("application/x-www-form-urlencoded");
  });
  it("a request body in Swagger 2.0", () => {
    const content = { "application/json": { schema: body.schema } };
    const found = importOf({ swagger: "2.0", info, host: "h.example", paths: paths({ requestBody: { content } }) });
    expect(found.request.body).toBe("{{ input.body }}");
  });
  it("a response with content in Swagger 2.0, and one with a schema in OpenAPI 3", () => {
    const schema = { type: "object", properties: { id: text } };
    const newer = { 200: { description: "OK", content: { "application/json": { schema } } } };
    const older = { 200: { description: "OK", schema } };
    expect(importOf({ swagger: "2.0", info, paths: paths({ responses: newer }) }).output).toEqual(schema);
    expect(importOf({ openapi: "3.0.0", info, paths: paths({ responses: older }) }).output).toEqual(schema);
  });
  it.each([
    [{ host: "h.example", schemes: ["https"] }, "swagger", "https://h.example"],
    [{ servers: [{ url: "https://h.example" }] }, "openapi", "https://h.example"],
    [{ components: {} }, "openapi", "{{ connection.baseUrl }}"],
  ])("a missing version line is told by %j", (more, format, baseUrl) => {
    expect(importOf({ info, ...more, paths: paths({}) })).toMatchObject({ ok: true, format, baseUrl });
  });
});

describe("servers that no client could call", () => {
  it.each([
    ["http://", "server-host"],
    ["https://...", "server-host"],
    ["https://my_host/v1", "server-host"],
    ["https://{a", "server-host"],
    ["\ud83d\ude00", "server-relative"],
    ["/\ud83d", "server-relative"],
  ])("%j asks whoever connects", (url, code) => {
    const found = importOf({ ...get([]), servers: [{ url }] });
    expect(found.ok).toBe(true);
    expect(found.baseUrl).toMatch(/^\{\{ connection\.baseUrl \}\}/);
    expect(found.notes).toContain(code);
  });
  it("variables in two braces are variables", () => {
    const found = importOf({ ...get([]), servers: [{ url: "https://{{ tenant }}.example.com" }] });
    expect(found).toMatchObject({ ok: true, baseUrl: "https://{{ connection.tenant }}.example.com" });
  });
});

describe("bodies", () => {
  const post = (schema: Obj): Obj => ({
    ...get([]),
    paths: {
      "/a": {
        post: { requestBody: { content: { "application/x-www-form-urlencoded": { schema } } }, responses: ok },
      },
    },
  });
  it("a form that is described as a text comes encoded", () => {
    expect(importOf(post(text)).request).toMatchObject({
      text: "{{ input.body }}",
      contentType: "application/x-www-form-urlencoded",
    });
  });
  it("a file in a plain form is its base64 text", () => {
    const found = importOf(post({ type: "object", properties: { file: { type: "string", format: "binary" } } }));
    expect(found.input.properties).toMatchObject({ body: { properties: { file: { format: "byte" } } } });
  });
});

describe("schemas", () => {
  const schema = (odd: unknown): Obj => ({ ...get([]), components: { schemas: { Odd: odd } } });
  it.each([
    [{ type: "__proto__" }, "schema-type /components/schemas/Odd"],
    [{ type: "constructor" }, "schema-type /components/schemas/Odd"],
    [{ $ref: ["a"] }, "reference-malformed /components/schemas/Odd/$ref"],
    [{ $ref: { type: "string" } }, "reference-malformed /components/schemas/Odd/$ref"],
  ])("%j is accepted as anything, and that is said", (odd, loss) => {
    expect(importOf(schema(odd))).toMatchObject({ ok: true, losses: [loss] });
  });
});

it.each([
  ["host", {}],
  ["basePath", ["/v1"]],
  ["schemes", "https"],
  ["produces", [{}]],
  ["definitions", []],
])("a %s of another type is a loss", (name, value) => {
  const found = importOf({ swagger: "2.0", info, paths: { "/a": { get: { responses: ok } } }, [name]: value });
  expect(found).toMatchObject({ ok: true, losses: [`member-malformed /${name}`] });
});

it("an operation that traces is a loss as well as skipped", () => {
  const result = importOf({ ...get([]), paths: { "/a": { trace: { responses: ok }, get: { responses: ok } } } });
  expect(result.losses).toEqual(["method-unsupported /paths/~1a/trace"]);
});
