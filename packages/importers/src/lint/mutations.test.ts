import { describe, expect, it } from "vitest";
import { asObject, type Obj } from "../json-value.ts";
import { lintSource } from "./lint-source.ts";

/** A document without a finding. */
const good = (): Obj => ({
  swagger: "2.0",
  info: { title: "Good", version: "1.0" },
  host: "good.example",
  basePath: "/v1",
  paths: {
    "/lists": {
      get: {
        operationId: "Lists",
        summary: "Lists",
        parameters: [{ name: "team", in: "query", required: true, type: "string" }],
        responses: {
          200: {
            description: "OK",
            schema: { type: "array", items: { type: "object", properties: { id: { type: "string" } } } },
          },
        },
      },
    },
    "/lists/{id}": {
      get: {
        operationId: "GetList",
        summary: "Get a list",
        parameters: [
          {
            name: "id",
            in: "path",
            required: true,
            type: "string",
            "x-ms-url-encoding": "single",
            "x-ms-dynamic-values": { operationId: "Lists", parameters: { team: "a" }, "value-path": "id" },
          },
        ],
        responses: { 200: { description: "OK", schema: { $ref: "#/definitions/List" } } },
      },
      post: {
        operationId: "AddRow",
        summary: "Add a row",
        parameters: [
          { name: "id", in: "path", required: true, type: "string", "x-ms-url-encoding": "single" },
          { name: "body", in: "body", schema: { $ref: "#/definitions/List" } },
        ],
        responses: { 201: { description: "Made" } },
      },
    },
    "/hooks": {
      "x-ms-notification-content": { schema: { type: "object" } },
      post: {
        operationId: "OnRow",
        summary: "When a row is added",
        "x-ms-trigger": "single",
        parameters: [
          {
            name: "body",
            in: "body",
            schema: {
              type: "object",
              required: ["url"],
              properties: { url: { type: "string", "x-ms-notification-url": true, "x-ms-visibility": "internal" } },
            },
          },
        ],
        responses: { 201: { description: "Made" } },
      },
    },
  },
  definitions: {
    List: {
      type: "object",
      required: ["name"],
      properties: {
        name: { type: "string", default: "a" },
        kind: { type: "string", enum: ["x", "y"] },
        version: { type: "string", "x-ms-visibility": "internal", default: "1" },
      },
    },
  },
  securityDefinitions: { key: { type: "apiKey", in: "header", name: "X-Key" } },
  security: [{ key: [] }],
});

const at = (document: Obj, ...path: readonly (string | number)[]): Obj =>
  path.reduce<Obj>((value, name) => asObject((value as Record<string | number, unknown>)[name]), document);
const operation = (document: Obj, path: string, method: string): Obj => at(document, "paths", path, method);
const parameters = (document: Obj, path: string, method: string): Obj[] =>
  operation(document, path, method).parameters as Obj[];

describe("seeded mutations of a good document are found at their place", () => {
  const lint = (document: Obj) =>
    lintSource(document, { isPowerPlatform: true, strictness: "certification" }).map(
      (finding) => `${finding.rule} ${finding.pointer}`,
    );
  it("the document itself has no finding", () => expect(lint(good())).toEqual([]));

  const list = "/paths/~1lists~1{id}/get";
  const table: readonly (readonly [string, (document: Obj) => void, string])[] = [
    [
      "a path parameter is dropped",
      (d) => void parameters(d, "/lists/{id}", "get").splice(0, 1),
      `path-parameter-missing ${list}`,
    ],
    [
      "a path parameter is renamed in the path",
      (d) => {
        const paths = at(d, "paths");
        paths["/lists/{key}"] = paths["/lists/{id}"];
        delete paths["/lists/{id}"];
      },
      "path-parameter-missing /paths/~1lists~1{key}/get",
    ],
    [
      "a path parameter is optional",
      (d) => {
        delete asObject(parameters(d, "/lists/{id}", "get")[0]).required;
      },
      `path-parameter-required ${list}/parameters/0`,
    ],
    [
      "the encoding of a path parameter is dropped",
      (d) => {
        delete asObject(parameters(d, "/lists/{id}", "get")[0])["x-ms-url-encoding"];
      },
      `path-parameter-encoding ${list}/parameters/0`,
    ],
    [
      "an operation id is used twice",
      (d) => {
        operation(d, "/lists/{id}", "get").operationId = "Lists";
      },
      `operation-id-not-unique ${list}/operationId`,
    ],
    [
      "an operation id is dropped",
      (d) => {
        delete operation(d, "/lists", "get").operationId;
      },
      "operation-id-missing /paths/~1lists/get",
    ],
    [
      "an operation id has spaces",
      (d) => {
        operation(d, "/lists", "get").operationId = "the lists";
      },
      "operation-id-sanitized /paths/~1lists/get/operationId",
    ],
    [
      "a dynamic link dangles",
      (d) => {
        at(asObject(parameters(d, "/lists/{id}", "get")[0]), "x-ms-dynamic-values").operationId = "Gone";
      },
      `dynamic-operation-missing ${list}/parameters/0/x-ms-dynamic-values`,
    ],
    [
      "a dynamic link passes an unknown parameter",
      (d) => {
        at(asObject(parameters(d, "/lists/{id}", "get")[0]), "x-ms-dynamic-values").parameters = { team: "a", nope: 1 };
      },
      `dynamic-parameter-missing ${list}/parameters/0/x-ms-dynamic-values/parameters/nope`,
    ],
    [
      "a dynamic link lacks a required parameter",
      (d) => {
        at(asObject(parameters(d, "/lists/{id}", "get")[0]), "x-ms-dynamic-values").parameters = {};
      },
      `dynamic-required-missing ${list}/parameters/0/x-ms-dynamic-values`,
    ],
    [
      "a required hidden property loses its default",
      (d) => {
        const version = at(d, "definitions", "List", "properties", "version");
        delete version.default;
        at(d, "definitions", "List").required = ["version"];
      },
      "internal-without-default /definitions/List/properties/version",
    ],
    [
      "an extension is misspelt",
      (d) => {
        operation(d, "/lists", "get")["x-ms-visibilty"] = "important";
      },
      "extension-misspelt /paths/~1lists/get/x-ms-visibilty",
    ],
    [
      "a reference dangles",
      (d) => {
        operation(d, "/lists/{id}", "get").responses = {
          200: { description: "OK", schema: { $ref: "#/definitions/Gone" } },
        };
      },
      `reference-missing ${list}/responses/200/schema`,
    ],
    [
      "a required name is misspelt",
      (d) => {
        at(d, "definitions", "List").required = ["nmae"];
      },
      "required-undeclared /definitions/List/required",
    ],
    [
      "a default is of another type",
      (d) => {
        at(d, "definitions", "List", "properties", "name").default = 5;
      },
      "default-type /definitions/List/properties/name/default",
    ],
    [
      "an enum is of another type",
      (d) => {
        at(d, "definitions", "List", "properties", "kind").enum = [1, 2];
      },
      "enum-type /definitions/List/properties/kind/enum",
    ],
    [
      "a pattern is no regular expression",
      (d) => {
        at(d, "definitions", "List", "properties", "name").pattern = "(?i)(";
      },
      "pattern-invalid /definitions/List/properties/name/pattern",
    ],
    [
      "a list loses its items",
      (d) => {
        operation(d, "/lists", "get").responses = { 200: { description: "OK", schema: { type: "array" } } };
      },
      "array-without-items /paths/~1lists/get/responses/200/schema",
    ],
    [
      "the responses are emptied",
      (d) => {
        operation(d, "/lists", "get").responses = {};
      },
      "response-missing /paths/~1lists/get/responses",
    ],
    [
      "a parameter is declared twice",
      (d) => void parameters(d, "/lists", "get").push({ name: "team", in: "query", type: "string" }),
      "parameter-duplicate /paths/~1lists/get/parameters/1",
    ],
    [
      "a GET gets a body",
      (d) => void parameters(d, "/lists", "get").push({ name: "body", in: "body", schema: {} }),
      "body-on-fetch /paths/~1lists/get",
    ],
    [
      "the callback field loses its mark",
      (d) => {
        const schema = at(asObject(parameters(d, "/hooks", "post")[0]), "schema", "properties", "url");
        delete schema["x-ms-notification-url"];
        schema.default = "x";
      },
      "webhook-url-missing /paths/~1hooks/post",
    ],
    [
      "the callback field is shown",
      (d) => {
        delete at(asObject(parameters(d, "/hooks", "post")[0]), "schema", "properties", "url")["x-ms-visibility"];
      },
      "notification-url-not-internal /paths/~1hooks/post/parameters/0/schema/properties/url",
    ],
    [
      "the payload is dropped",
      (d) => {
        delete at(d, "paths", "/hooks")["x-ms-notification-content"];
      },
      "notification-content-missing /paths/~1hooks",
    ],
    [
      "a requirement names an unknown scheme",
      (d) => {
        d.security = [{ other: [] }];
      },
      "security-undefined /security/0/other",
    ],
    [
      "a key has no name",
      (d) => {
        delete at(d, "securityDefinitions", "key").name;
      },
      "security-property-missing /securityDefinitions/key",
    ],
    [
      "the host is a sentence",
      (d) => {
        d.host = "The host of the API";
      },
      "host-invalid /host",
    ],
    [
      "the base path has no slash",
      (d) => {
        d.basePath = "v1";
      },
      "base-path-invalid /basePath",
    ],
  ];
  it.each(table)("%s", (_, mutate, finding) => {
    const document = good();
    mutate(document);
    expect(lint(document)).toContain(finding);
  });
});
