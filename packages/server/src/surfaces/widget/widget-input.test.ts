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

describe("numbers of a widget call", () => {
  const flat = {
    input: { type: "object", properties: { id: { type: "integer" }, share: { type: "number" } } },
    request: { path: "/" },
  } as const;
  const grouped = { input: { type: "object", properties: { body: {} } }, request: { path: "/" } } as const;
  const read = (given: { query?: Record<string, string>; path?: string; body?: string }, definition: object = flat) =>
    readWidgetInput(
      {
        method: "POST",
        query: given.query ?? {},
        pathParams: given.path,
        headers: {},
        body: given.body === undefined ? undefined : JSON.parse(given.body),
        ...(given.body !== undefined && { bodyText: given.body }),
      },
      definition as never,
    );

  it.each([
    ["in the query", { query: { id: "12345678901234567890" } }, flat, "/id"],
    ["in the query, signed", { query: { id: "+9007199254740993" } }, flat, "/id"],
    ["in the path", { path: "id=12345678901234567890" }, flat, "/id"],
    ["in the body", { body: '{"id":12345678901234567890}' }, flat, "/id"],
    ["in a body that is one input", { body: '{"id":12345678901234567890}' }, grouped, "/body/id"],
  ])("an integer that no double holds is refused %s", (_where, given, definition, pointer) => {
    expect(() => read(given, definition)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", details: [expect.objectContaining({ pointer })] }),
    );
  });

  it.each([
    ["42", 42],
    ["-1e3", -1000],
    ["9007199254740992", 9007199254740992],
    ["0x10", "0x10"],
    ["Infinity", "Infinity"],
    ["", ""],
  ])("%j in the query is read as %j", (text, expected) => {
    expect(read({ query: { id: text } })).toEqual({ ok: true, input: { id: expected } });
  });
});

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

describe("path parameters that the URL reads and nothing declares", () => {
  const read = (path: string, ...declared: readonly string[]) => {
    const properties = Object.fromEntries(declared.map((name) => [name, { type: "string" }]));
    const input = { type: "object", properties: { path: { type: "object", properties } } };
    const request = { method: "GET", query: {}, pathParams: "id=7", headers: {}, body: undefined };
    return readWidgetInput(request, { input, request: { path } } as never);
  };
  const undeclared = (names: string) => ({
    ok: false,
    problem: {
      code: "CONNECTOR_MISCONFIGURED",
      detail: `The URL names path parameters that nothing declares: ${names}.`,
    },
  });
  const declared = { ok: true, input: { path: { id: "7" } } };

  it.each<[string, string, readonly string[], unknown]>([
    ["by name", "/{{ pathParams.other }}", ["id"], undeclared("other")],
    ["by text", "/{{ pathParams['other'] }}", ["id"], undeclared("other")],
    ["none: by name", "/{{ pathParams.id }}", ["id"], declared],
    ["none: by get", "/{{ pathParams.get('id') }}", ["id"], declared],
    ["none: in a loop", "/{% for k, v in pathParams.items() %}{{ v }}{% endfor %}", ["id"], declared],
    ["a name that is also that of a method", "/{{ pathParams.get }}/{{ pathParams.id }}", ["id"], undeclared("get")],
    ["a text that is also the name of a method", "/{{ pathParams['items'] }}", ["id"], undeclared("items")],
  ])("%s", (_what, path, names, expected) => {
    expect(read(path, ...names)).toEqual(expected);
  });
});
