import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asList, asObject, type Obj } from "../json-value.ts";

const file = (path: string, value: unknown) => ({ path, bytes: new TextEncoder().encode(JSON.stringify(value)) });

/** The connection of a connector with these properties, and what its import says. */
function importOf(properties: Obj, definition: Obj = {}) {
  const result = importDocument([
    file("apiDefinition.swagger.json", {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      host: "api.example.com",
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      ...definition,
    }),
    file("apiProperties.json", { properties: { iconBrandColor: "#123456", ...properties } }),
  ]);
  expect(result.lint.filter((finding) => finding.about === "definition" && finding.severity === "error")).toEqual([]);
  const connection = asObject(result.definition?.connection);
  return {
    methods: asList(connection.auth).map(asObject),
    parameters: asObject(asObject(connection.parameters).properties),
    required: asObject(connection.parameters).required,
    codes: [...result.losses, ...result.notes, ...result.repairs].map(({ code }) => code),
  };
}

const oauth = (oAuthSettings: Obj, more: Obj = {}): Obj => ({
  connectionParameters: { token: { type: "oauthSetting", oAuthSettings }, ...more },
});
const custom = (values: Record<string, string>): Obj =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

describe("identity providers", () => {
  it.each<[string, string, string]>([
    ["googleContacts", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"],
    ["Google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"],
    ["DocuSign", "https://account.docusign.com/oauth/auth", "https://account.docusign.com/oauth/token"],
    ["linkedInV2", "https://www.linkedin.com/oauth/v2/authorization", "https://www.linkedin.com/oauth/v2/accessToken"],
    [
      "AAD",
      "https://login.microsoftonline.com/common/oauth2/authorize",
      "https://login.microsoftonline.com/common/oauth2/token",
    ],
  ])("%s", (identityProvider, authorizationUrl, tokenUrl) => {
    const [method] = importOf(oauth({ identityProvider, clientId: "id", scopes: ["read"] })).methods;
    expect(method).toMatchObject({ type: "oauth2", authorizationUrl, tokenUrl, scopes: ["read"] });
  });
  it("one that nobody knows is a loss, and a token is asked for", () => {
    const found = importOf(oauth({ identityProvider: "acmeId" }));
    expect(found.methods).toMatchObject([{ type: "bearer" }]);
    expect(found.codes).toContain("oauth-provider");
  });
  it("keys of settings are read whatever their case", () => {
    const customParameters = custom({
      AuthorizationUrl: "https://id.example/authorize",
      TOKENURL: "https://id.example/token",
    });
    expect(importOf(oauth({ identityProvider: "oauth2", customParameters })).methods).toMatchObject([
      { authorizationUrl: "https://id.example/authorize", tokenUrl: "https://id.example/token" },
    ]);
  });
  it("templates read settings of any name, and parameters of the connection", () => {
    const customParameters = custom({
      AuthorizationUrlTemplate: "https://{Region}.id.example/{tenant}/authorize",
      TokenUrlTemplate: "https://{Region}.id.example/{tenant}/token",
      Region: "eu",
    });
    const found = importOf(
      oauth({ identityProvider: "oauth2generic", customParameters }, { "token:tenant": { type: "string" } }),
    );
    expect(found.methods).toMatchObject([
      {
        authorizationUrl: "https://eu.id.example/{{ connection.tokenTenant }}/authorize",
        tokenUrl: "https://eu.id.example/{{ connection.tokenTenant }}/token",
      },
    ]);
    expect(found.codes).toEqual([]);
  });
  it.each<[Obj, string]>([
    [{ identityProvider: "aadcertificate" }, "oauth-certificate"],
    [{ identityProvider: "aad", customParameters: custom({ enableOnbehalfOfLogin: "true" }) }, "oauth-on-behalf-of"],
    [{ identityProvider: "aad", additionalParameters: { region: { type: "string" } } }, "oauth-additional-parameters"],
  ])("%j is said to be %s", (settings, code) => expect(importOf(oauth(settings)).codes).toContain(code));
});

describe("sets of parameters", () => {
  it("an application signs in with an id and a secret of its own", () => {
    const customParameters = custom({ resourceUri: "https://graph.example" });
    const found = importOf({
      connectionParameterSets: {
        values: [
          {
            name: "people",
            parameters: {
              token: { type: "oauthSetting", oAuthSettings: { identityProvider: "aad", customParameters } },
            },
          },
          {
            name: "application",
            parameters: {
              "token:clientId": { type: "string" },
              "token:clientSecret": { type: "securestring" },
              "token:TenantId": { type: "string" },
            },
          },
        ],
      },
    });
    expect(found.methods[1]).toMatchObject({
      name: "application",
      grant: "clientCredentials",
      tokenUrl: "https://login.microsoftonline.com/{{ connection.tokenTenantId }}/oauth2/token",
      clientId: "{{ connection.tokenClientId }}",
      clientSecret: "{{ connection.tokenClientSecret }}",
      tokenRequest: { body: { resource: "https://graph.example" } },
    });
  });
});

describe("connection parameters", () => {
  const parameter = (more: Obj, constraints: Obj = {}): Obj => ({
    connectionParameters: { site: { ...more, uiDefinition: { constraints } } },
  });
  it.each([
    ["true", ["site"]],
    ["True", ["site"]],
    [true, ["site"]],
    ["false", undefined],
  ])("required %j", (required, expected) =>
    expect(importOf(parameter({ type: "string" }, { required })).required).toEqual(expected),
  );
  it.each([
    ["String", "string"],
    ["secureString", "string"],
    ["INT", "integer"],
    [" bool ", "boolean"],
    ["constructor", "string"],
  ])("type %j", (type, expected) => {
    const found = importOf(parameter({ type }));
    expect(found.parameters.site).toMatchObject({ type: expected });
    expect(found.codes.includes("connection-parameter-type")).toBe(type === "constructor");
  });
});
