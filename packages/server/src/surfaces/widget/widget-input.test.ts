import { describe, expect, it } from "vitest";
import { listDeclaredHeaders, readWidgetInput } from "./widget-input.ts";

/** Reads a request of these headers for a connector that declares all of them as overridable. */
function readHeaders(headers: Readonly<Record<string, string>>) {
  const declared = Object.fromEntries(Object.keys(headers).map((name) => [name, { type: "string", default: "own" }]));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const read = readWidgetInput(
    { method: "GET", query: {}, pathParams: undefined, headers: lower, body: undefined },
    {
      input: { type: "object", properties: { headers: { type: "object", properties: declared } } },
      request: { path: "/" },
    },
  );
  return read.ok ? read.input : read;
}

describe("header fields of a widget call", () => {
  it("are taken where the connector declares them", () => {
    expect(readHeaders({ "X-Team": "blue", "If-None-Match": '"a"' })).toEqual({
      headers: { "X-Team": "blue", "If-None-Match": '"a"' },
    });
  });
  it.each([
    "Authorization",
    "authorization",
    "Cookie",
    "Proxy-Authorization",
    "X-Junctor-Key",
    "x-junctor-connection",
    "X-Path-Params",
    "Host",
  ])("%s is meant for this server and reaches no connector", (name) => {
    expect(readHeaders({ [name]: "secret", "X-Team": "blue" })).toEqual({ headers: { "X-Team": "blue" } });
  });
  it("are listed as Vary names them, without those for this server", () => {
    const declared = { "X-Team": {}, Authorization: {}, "Accept-Language": {} };
    const input = { type: "object", properties: { headers: { type: "object", properties: declared } } };
    expect(listDeclaredHeaders({ input, request: { path: "/" } })).toBe("x-team, accept-language");
    expect(listDeclaredHeaders({ request: { path: "/" } })).toBe("");
  });
});
