import { createCannedHttp, createTestEngine, type Json, type SentRequest } from "@junctor/core";
import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";

/** One operation with a path, two query parameters, a header and a body; its answer echoes an object. */
const swagger = {
  swagger: "2.0",
  info: { title: "Golden", version: "1.0" },
  host: "api.golden.example",
  basePath: "/v1",
  schemes: ["https"],
  paths: {
    "/virtual/{id}": {
      put: {
        operationId: "Save",
        parameters: [
          { name: "id", in: "path", required: true, type: "string" },
          { name: "table", in: "query", type: "string" },
          { name: "lang", in: "query", type: "string" },
          { name: "X-Tenant", in: "header", type: "string" },
          {
            name: "body",
            in: "body",
            schema: {
              type: "object",
              properties: {
                name: { type: "string" },
                tags: { type: "string" },
                owner: { type: "object", properties: { mail: { type: "string" } } },
                map: { type: "object" },
                rows: {
                  type: "array",
                  items: { type: "object", properties: { id: { type: "string" }, text: { type: "string" } } },
                },
              },
            },
          },
        ],
        responses: {
          200: {
            description: "OK",
            schema: {
              type: "object",
              properties: {
                map: { type: "object" },
                rows: {
                  type: "array",
                  items: { type: "object", properties: { id: { type: "string" }, text: { type: "string" } } },
                },
              },
            },
          },
        },
      },
    },
    "/token": { get: { operationId: "Token", responses: { 200: { description: "OK" } } } },
  },
};
const input = {
  id: "7",
  table: "users",
  body: { name: "Ann", tags: "a;b", owner: { mail: "a@x.example" }, map: { k: 1 }, rows: [{ id: "1", text: "p%q" }] },
};
const base = "https://api.golden.example/v1";

const template = (name: string, parameters: Record<string, unknown>, section = "Request") => ({
  templateId: name,
  title: name,
  parameters: {
    ...Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [`x-ms-apimTemplateParameter.${key}`, value]),
    ),
    "x-ms-apimTemplate-policySection": section,
    "x-ms-apimTemplate-operationName": ["Save"],
  },
});

function imported(policies: readonly object[]) {
  const properties = {
    properties: {
      iconBrandColor: "#112233",
      connectionParameters: { site: { type: "string" }, api_key: { type: "securestring" } },
      policyTemplateInstances: policies,
    },
  };
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return importDocument([
    { path: "apiDefinition.swagger.json", bytes: encode(swagger) },
    { path: "apiProperties.json", bytes: encode(properties) },
  ]);
}

async function run(policies: readonly object[], given: Json = input, reply: unknown = {}) {
  const result = imported(policies);
  expect(result.losses).toEqual([]);
  expect(result.lint.filter((finding) => finding.about === "definition")).toEqual([]);
  const http = createCannedHttp((request: SentRequest) => ({
    body: request.url.endsWith("/token") ? { value: { t: "t-1" } } : reply,
  }));
  const engine = createTestEngine({
    definition: result.definition as unknown as ConnectorDefinition,
    http,
    connection: { parameters: { site: "eu" }, secretParameters: { api_key: "key-12345" } },
  });
  const { output } = await engine.call("Save", given);
  const sent = http.sent.at(-1);
  return {
    url: sent?.url,
    method: sent?.method,
    headers: sent?.headers,
    body: sent?.body === null ? null : JSON.parse(sent?.body ?? "null"),
    output: output.kind === "json" ? output.value : undefined,
  };
}

describe("each policy template does to a request or an answer what it does where it comes from", () => {
  const requests: readonly (readonly [string, object, object])[] = [
    [
      "setheader override",
      template("setheader", { name: "X-Mode", value: "fast", existsAction: "override" }),
      { headers: { "x-mode": "fast" } },
    ],
    [
      "setheader from a connection parameter",
      template("SetHeader", { name: "X-Site", value: "s-@{connectionParameters('site')}" }),
      { headers: { "x-site": "s-eu" } },
    ],
    [
      "setheader skip, absent",
      template("setheader", { name: "X-Tenant", value: "main", existsAction: "skip" }),
      { headers: { "x-tenant": "main" } },
    ],
    [
      "setqueryparameter",
      template("setqueryparameter", { name: "format", value: "json" }),
      { url: `${base}/virtual/7?table=users&format=json` },
    ],
    [
      "routerequesttoendpoint",
      template("routerequesttoendpoint", {
        newPath: "/tables/@queryParameters('table')/rows/{id}",
        httpMethod: "@Request.OriginalHTTPMethod",
      }),
      { url: `${base}/tables/users/rows/7?table=users`, method: "PUT" },
    ],
    [
      "routerequesttoendpoint with another method",
      template("routerequesttoendpoint", { newPath: "/x?y=1", httpMethod: "POST" }),
      { url: `${base}/x?table=users&y=1`, method: "POST" },
    ],
    [
      "setproperty with a text",
      template("setproperty", {
        newPropertyParentPathTemplate: "@body()",
        newPropertySubPathTemplate: "source",
        propertyValuePathTemplate: "junctor",
      }),
      { body: { ...input.body, source: "junctor" } },
    ],
    [
      "setproperty with a nested value",
      template("setproperty", {
        newPropertyParentPathTemplate: "@body().owner",
        newPropertySubPathTemplate: "name",
        propertyValuePathTemplate: "@body().name",
      }),
      { body: { ...input.body, owner: { mail: "a@x.example", name: "Ann" } } },
    ],
    [
      "stringreplace on a text",
      template("stringreplace", {
        propertyParentPath: "@body().owner",
        propertySubPath: "mail",
        sourceString: "@",
        replacementString: "%40",
        newPropertyPath: "@body().owner.mail",
      }),
      { body: { ...input.body, owner: { mail: "a%40x.example" } } },
    ],
    [
      "stringreplace in a list",
      template("stringreplace", {
        propertyParentPath: "@body().rows",
        propertySubPath: "text",
        sourceString: "%",
        replacementString: "%25",
        newPropertyPath: "@item().text",
      }),
      { body: { ...input.body, rows: [{ id: "1", text: "p%25q" }] } },
    ],
    [
      "encodepropertyvalue",
      template("encodepropertyvalue", {
        propertyParentPath: "@body().owner",
        propertySubPath: "mail",
        newPropertyPath: "@body().owner.mail",
      }),
      { body: { ...input.body, owner: { mail: "a%40x.example" } } },
    ],
    [
      "stringtoarray",
      template("stringtoarray", {
        propertyParentPath: "@body()",
        propertySubPath: "tags",
        delimiterList: ";",
        childPropertyName: "tag",
        newPropertyPath: "@body().tags",
      }),
      { body: { ...input.body, tags: [{ tag: "a" }, { tag: "b" }] } },
    ],
    [
      "convertobjecttoarray",
      template("convertobjecttoarray", {
        propertyParentPath: "@body()",
        propertySubPath: "map",
        newPropertyPath: "@body().map",
        keyName: "key",
        valueName: "value",
      }),
      { body: { ...input.body, map: [{ key: "k", value: 1 }] } },
    ],
    [
      "convertarraytoobject",
      template("convertarraytoobject", {
        propertyParentPath: "@body()",
        propertySubPath: "rows",
        keyWithinCollectionPath: "id",
        newPropertyPath: "@body().rows",
        retainKey: "false",
      }),
      { body: { ...input.body, rows: { 1: { text: "p%q" } } } },
    ],
    [
      "moveproperties",
      template("moveproperties", {
        srcParentPath: "@body()",
        srcSubPath: "name",
        dstParentPath: "@body().owner",
        dstSubPath: "name",
      }),
      { body: { ...input.body, owner: { mail: "a@x.example", name: "Ann" } } },
    ],
    [
      "setvaluefromurl",
      template("setvaluefromurl", {
        parameterTemplate: "@headers('X-Tenant')",
        parameterValueUrl: "/token",
        parameterValuePathTemplate: "@body().value.t",
        httpMethod: "GET",
      }),
      { headers: { "x-tenant": "t-1" } },
    ],
  ];
  it.each(requests)("%s", async (_, policy, expected) => {
    expect(await run([policy])).toMatchObject(expected);
  });

  const answers: readonly (readonly [string, object, unknown, unknown])[] = [
    [
      "setproperty in a list",
      template(
        "setproperty",
        {
          newPropertyParentPathTemplate: "@body().rows",
          newPropertySubPathTemplate: "label",
          propertyValuePathTemplate: "'{@item()['id']}-{@item()['text']}'",
        },
        "Response",
      ),
      { map: { a: 1 }, rows: [{ id: "1", text: "x" }] },
      { map: { a: 1 }, rows: [{ id: "1", text: "x", label: "1-x" }] },
    ],
    [
      "convertobjecttoarray",
      template(
        "convertobjecttoarray",
        {
          propertyParentPath: "@body()",
          propertySubPath: "map",
          newPropertyPath: "@body().list",
          keyName: "name",
          valueName: "value",
        },
        "Response",
      ),
      { map: { a: 1, b: 2 }, rows: [] },
      {
        map: { a: 1, b: 2 },
        rows: [],
        list: [
          { name: "a", value: 1 },
          { name: "b", value: 2 },
        ],
      },
    ],
    [
      "updatenextlink changes nothing",
      template("updatenextlink", { nextLinkPropertyName: "@odata.nextLink" }, "Response"),
      { rows: [] },
      { rows: [] },
    ],
  ];
  it.each(answers)("answer: %s", async (_, policy, reply, expected) => {
    expect((await run([policy], input, reply)).output).toEqual(expected);
  });

  it("dynamichosturl for one operation replaces host and base path", async () => {
    const { url } = await run([template("dynamichosturl", { urlTemplate: "https://api.golden.example/v2" })]);
    expect(url).toBe("https://api.golden.example/v2/virtual/7?table=users");
  });
  it("dynamichosturl for all operations is the base URL", () => {
    const { definition } = imported([
      {
        templateId: "dynamichosturl",
        parameters: {
          "x-ms-apimTemplateParameter.urlTemplate": "https://@connectionParameters('site').golden.example/v2/",
        },
      },
    ]);
    expect(definition?.baseUrl).toBe("https://{{ connection.site }}.golden.example/v2");
  });
  it("a header that carries a secret for all operations is the auth method", () => {
    const { definition } = imported([
      {
        templateId: "setheader",
        parameters: {
          "x-ms-apimTemplateParameter.name": "Authorization",
          "x-ms-apimTemplateParameter.value": "DeepL-Auth-Key @connectionParameters('api_key')",
        },
      },
    ]);
    expect(definition?.connection).toMatchObject({
      auth: [{ type: "apiKey", in: "header", name: "Authorization", value: "DeepL-Auth-Key {{ connection.api_key }}" }],
    });
  });
  it("setconnectionstatustounauthenticated renews the credential", () => {
    const { definition } = imported([
      template("setconnectionstatustounauthenticated", { statusCode: 440 }, "Response"),
    ]);
    expect(definition?.actions).toMatchObject({
      Save: { errors: [{ when: "{{ response.status == 440 }}", then: "reauthenticate" }] },
    });
  });
  it("pollingtrigger is counted and belongs to the triggers", () => {
    expect(imported([template("pollingtrigger", {})]).stats.policies).toEqual({ found: 1, applied: 1 });
  });
  it("a template that nobody knows is a loss at its place", () => {
    expect(imported([template("teleport", {})]).losses).toMatchObject([
      { pointer: "apiProperties.json#/properties/policyTemplateInstances/0", code: "policy-teleport" },
    ]);
  });
});
