import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exportOpenApi, importDocument } from "@junctor/importers";
import { describe, expect, it } from "vitest";
import { compareFacts } from "./compare-facts.ts";
import { MockApi, type MockRequest } from "./mock-api.ts";
import { type Tree, tree } from "./read-source.ts";

/** A document with one of everything that is compared. */
const source = (): Tree => ({
  openapi: "3.0.3",
  info: { title: "Everything", version: "1" },
  servers: [{ url: "https://all.example/v1" }],
  security: [{ key: [] }],
  paths: {
    "/things/{id}": {
      get: {
        operationId: "getThing",
        summary: "Get a thing",
        deprecated: true,
        "x-ms-visibility": "important",
        security: [{ key: [] }, { oauth: ["read"] }],
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          {
            name: "limit",
            in: "query",
            description: "How many",
            "x-ms-summary": "Limit",
            schema: { type: "integer", default: 20 },
          },
          { name: "kind", in: "query", schema: { type: "string", enum: ["a", "b", "c"] } },
          { name: "X-Trace", in: "header", required: true, schema: { type: "string" } },
        ],
        responses: {
          200: {
            description: "OK",
            content: {
              "application/json": {
                schema: { type: "object", properties: { a: { type: "string", "x-ms-summary": "A" } } },
              },
            },
          },
          404: { description: "No" },
        },
      },
    },
    "/forms": {
      post: {
        operationId: "sendForm",
        requestBody: {
          required: true,
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", required: ["a"], properties: { a: { type: "string" }, b: { type: "string" } } },
            },
          },
        },
        responses: { 201: { description: "Made" } },
        callbacks: {
          done: {
            "{$request.body#/url}": {
              post: {
                requestBody: {
                  content: {
                    "application/json": { schema: { type: "object", properties: { id: { type: "string" } } } },
                  },
                },
                responses: { 200: { description: "OK" } },
              },
            },
          },
        },
      },
    },
  },
  components: {
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Key" },
      oauth: {
        type: "oauth2",
        flows: { clientCredentials: { tokenUrl: "https://all.example/token", scopes: { read: "Read" } } },
      },
    },
  },
});

const encode = (document: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(document));
const imported = importDocument([{ path: "openapi.json", bytes: encode(source()) }]);
const exported = (): Tree => JSON.parse(JSON.stringify(exportOpenApi(imported.definition ?? {}).document)) as Tree;
const at = (document: Tree, ...path: readonly string[]): Tree =>
  path.reduce<Tree>((value, name) => tree(value[name]), document);
const get = (document: Tree): Tree => at(document, "paths", "/things/{id}", "get");
const parameter = (document: Tree, name: string): Tree =>
  (get(document).parameters as Tree[]).find((item) => item.name === name) ?? {};

describe("the score notices what is missing", () => {
  it("finds nothing missing in an honest export", () => {
    const comparison = compareFacts(source(), exported(), imported.losses);
    expect(comparison.silent).toEqual([]);
    expect(comparison.kept).toBe(comparison.facts);
  });

  const planted: readonly (readonly [loss: string, fact: string, plant: (document: Tree) => void])[] = [
    ["an operation", "operation | get /things/{id}", (document) => delete at(document, "paths", "/things/{id}").get],
    ["an operation id", "id | get /things/{id} | getThing", (document) => delete get(document).operationId],
    ["a summary", "summary |", (document) => delete get(document).summary],
    ["a deprecation", "deprecated |", (document) => delete get(document).deprecated],
    ["an extension of an operation", "extension |", (document) => delete get(document)["x-ms-visibility"]],
    [
      "a parameter",
      "parameter | get /things/{id} | query:kind",
      (document) => {
        get(document).parameters = (get(document).parameters as Tree[]).filter((item) => item.name !== "kind");
      },
    ],
    [
      "that a parameter is required",
      "parameter | get /things/{id} | header:X-Trace | true",
      (document) => delete parameter(document, "X-Trace").required,
    ],
    [
      "the type of a parameter",
      "parameter type |",
      (document) => delete tree(parameter(document, "limit").schema).type,
    ],
    ["a default", "parameter default |", (document) => delete tree(parameter(document, "limit").schema).default],
    [
      "a choice of an enum",
      "parameter enum |",
      (document) => {
        tree(parameter(document, "kind").schema).enum = ["a", "b"];
      },
    ],
    ["a description", "parameter description |", (document) => delete parameter(document, "limit").description],
    [
      "an extension of a parameter",
      "parameter extension |",
      (document) => delete parameter(document, "limit")["x-ms-summary"],
    ],
    ["a body", "body | post /forms", (document) => delete at(document, "paths", "/forms", "post").requestBody],
    [
      "a field of a form",
      "field | post /forms | b",
      (document) =>
        delete at(
          document,
          "paths",
          "/forms",
          "post",
          "requestBody",
          "content",
          "application/x-www-form-urlencoded",
          "schema",
          "properties",
        ).b,
    ],
    ["a response", "response | get /things/{id} | 404", (document) => delete at(get(document), "responses")["404"]],
    [
      "the schema of a response",
      "response | get /things/{id} | 200 | true",
      (document) => delete at(get(document), "responses", "200").content,
    ],
    [
      "an alternative of the security",
      "security |",
      (document) => {
        get(document).security = [{ key: [] }];
      },
    ],
    ["a security scheme", "scheme | oauth2", (document) => delete at(document, "components", "securitySchemes").oauth],
    [
      "a token URL",
      "scheme | oauth2",
      (document) =>
        delete at(document, "components", "securitySchemes", "oauth", "flows", "clientCredentials").tokenUrl,
    ],
    [
      "a server",
      "server |",
      (document) => {
        document.servers = [];
      },
    ],
    ["a callback", "callback |", (document) => delete at(document, "paths", "/forms", "post").callbacks],
    [
      "the payload of a callback",
      "callback |",
      (document) =>
        delete at(document, "paths", "/forms", "post", "callbacks", "done", "{$request.body#/url}", "post").requestBody,
    ],
    [
      "an extension inside a schema",
      "occurrences | x-ms-summary",
      (document) =>
        delete at(get(document), "responses", "200", "content", "application/json", "schema", "properties", "a")[
          "x-ms-summary"
        ],
    ],
  ];
  it.each(planted)("planted: %s", (_, fact, plant) => {
    const document = exported();
    plant(document);
    const silent = compareFacts(source(), document, imported.losses).silent.map((one) => one.text);
    expect(silent.filter((text) => text.startsWith(fact)).length).toBeGreaterThan(0);
  });

  it("counts a loss that is reported at its place as reported, not as silent", () => {
    const document = exported();
    delete at(document, "paths", "/forms").post;
    const comparison = compareFacts(source(), document, [{ pointer: "/paths/~1forms/post", code: "x" }]);
    expect(comparison.silent).toEqual([]);
    expect(comparison.reported.length).toBeGreaterThan(0);
  });
});

describe("the mock judges a request by the source", () => {
  const api = new MockApi(source());
  const [thing, form] = api.operations;
  const good: MockRequest = {
    method: "GET",
    url: "https://all.example/v1/things/7?limit=3",
    headers: { "x-trace": "t", "x-key": "credential" },
    body: null,
  };
  const judge = (change: Partial<MockRequest>): readonly string[] =>
    thing === undefined ? ["no operation"] : api.check(thing, { ...good, ...change }).reasons;
  const table: readonly (readonly [string, Partial<MockRequest>, RegExp | null])[] = [
    ["a good request", {}, null],
    ["another method", { method: "POST" }, /method/],
    ["another path", { url: "https://all.example/v1/other/7" }, /path matches no/],
    ["a missing header", { headers: { "x-key": "credential" } }, /X-Trace is missing/],
    ["a missing credential", { headers: { "x-trace": "t" } }, /credential/],
    ["a value of another type", { url: "https://all.example/v1/things/7?limit=many" }, /query limit/],
    ["a value outside the enum", { url: "https://all.example/v1/things/7?kind=z" }, /query kind/],
    ["a parameter that is not declared", { url: "https://all.example/v1/things/7?nope=1" }, /not declared/],
    ["a body where none is described", { body: "{}" }, /a body where none/],
  ];
  it.each(table)("%s", (_, change, reason) => {
    const reasons = judge(change).join("; ");
    if (reason === null) expect(reasons).toBe("");
    else expect(reasons).toMatch(reason);
  });
  it("a form without a required field", () => {
    const request: MockRequest = {
      method: "POST",
      url: "https://all.example/v1/forms",
      headers: { "x-key": "credential", "content-type": "application/x-www-form-urlencoded" },
      body: "b=1",
    };
    expect(form === undefined ? [] : api.check(form, request).reasons).toEqual(["field a is missing"]);
  });
});

describe("the judges are independent", () => {
  it.each([
    "read-source.ts",
    "facts.ts",
    "compare-facts.ts",
    "mock-api.ts",
    "sample-value.ts",
    "policies-of-source.ts",
  ])("%s imports nothing from the importer or the engine", (file) => {
    const text = readFileSync(fileURLToPath(new URL(`./${file}`, import.meta.url)), "utf8");
    const imports = [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1]);
    expect(
      imports.filter(
        (name) =>
          !/^\.\/(read-source|facts|mock-api|sample-value)\.ts$|^yaml$|^@cfworker\/json-schema$/.test(name ?? ""),
      ),
    ).toEqual([]);
  });
});
