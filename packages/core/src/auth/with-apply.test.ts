import { describe, expect, it } from "vitest";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const apply = { headers: { "X-Tenant": "{{ connection.tenant }}" }, query: { app: "{{ connection.app }}" } };

describe("a fixed credential with apply sends both", () => {
  const table = [
    [
      "apiKey",
      { type: "apiKey", in: "header", name: "X-Key", value: "{{ connection.key }}" },
      { "x-key": "key-value" },
    ],
    ["bearer", { type: "bearer", token: "{{ connection.key }}" }, { authorization: "Bearer key-value" }],
    [
      "basic",
      { type: "basic", username: "u", password: "{{ connection.key }}" },
      { authorization: "Basic dTprZXktdmFsdWU=" },
    ],
    ["none", { type: "none" }, {}],
  ] as const;
  it.each(table)("%s", async (_, method, credential) => {
    const http = createCannedHttp([{ body: {} }]);
    const { call } = createTestEngine({
      http,
      definition: {
        baseUrl: "https://api.example.com",
        connection: {
          parameters: {
            type: "object",
            properties: {
              key: { type: "string", writeOnly: true },
              tenant: { type: "string" },
              app: { type: "string" },
            },
          },
          auth: [{ ...method, apply }],
        },
        actions: { ping: { request: { path: "/ping" } } },
      },
      connection: {
        parameters: { tenant: "t-1", app: "a-1" },
        secretParameters: { key: "key-value" },
        authMethod: method.type,
      },
    });
    await call("ping");
    expect(http.sent[0]?.url).toBe("https://api.example.com/ping?app=a-1");
    expect(http.sent[0]?.headers).toMatchObject({ "x-tenant": "t-1", ...credential });
  });
});
