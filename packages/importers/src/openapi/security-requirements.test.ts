import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asList, asObject, type Obj } from "../json-value.ts";

const schemes = {
  key: { type: "apiKey", in: "query", name: "key" },
  token: { type: "apiKey", in: "query", name: "token" },
  again: { type: "apiKey", in: "query", name: "key" },
  header: { type: "apiKey", in: "header", name: "X-Key" },
  authorization: { type: "apiKey", in: "header", name: "Authorization" },
  basic: { type: "http", scheme: "basic" },
};
const query = (name: string, required = true): Obj => ({ name, in: "query", required, schema: { type: "string" } });

/** The methods of a document with one operation, and what its action still asks for. */
function importOf(security: readonly Obj[], parameters: readonly Obj[]) {
  const document = {
    openapi: "3.0.3",
    info: { title: "T", version: "1" },
    servers: [{ url: "https://api.example.com" }],
    paths: { "/a": { get: { operationId: "a", parameters, security, responses: { 200: { description: "OK" } } } } },
    components: { securitySchemes: schemes },
  };
  const result = importDocument([{ path: "a.json", bytes: new TextEncoder().encode(JSON.stringify(document)) }]);
  expect(result.ok).toBe(true);
  const methods = asList(asObject(result.definition?.connection).auth).map(asObject);
  const input = asObject(asObject(asObject(asObject(result.definition?.actions).a).input).properties);
  return {
    places: methods.map((method) =>
      [method.name ?? method.type, ...Object.keys(asObject(asObject(method.apply).query))].join("+"),
    ),
    inputs: Object.keys(input),
    notes: result.notes.map((note) => note.code),
  };
}

describe("requirements and parameters that say the same", () => {
  it.each<[string, Obj[], Obj[], string[], string[]]>([
    [
      "a key that the operation declares too is asked for once",
      [{ key: [] }],
      [query("key"), query("q")],
      ["key"],
      ["q"],
    ],
    ["two keys that must hold together", [{ key: [], token: [] }], [query("key"), query("token")], ["key+token"], []],
    [
      "two alternatives that are both required parameters hold together",
      [{ key: [] }, { token: [] }],
      [query("key"), query("token")],
      ["key+token"],
      [],
    ],
    [
      "alternatives that are not stay alternatives",
      [{ key: [] }, { token: [] }],
      [query("key", false), query("token", false)],
      ["key", "token"],
      ["key", "token"],
    ],
    ["two schemes of one place are one key", [{ key: [], again: [] }], [], ["key"], []],
  ])("%s", (_, security, parameters, places, inputs) => {
    const found = importOf(security, parameters);
    expect(found.places).toEqual(places);
    expect(found.inputs).toEqual(inputs);
  });
  it("two schemes that claim one header are alternatives, and that is said", () => {
    const found = importOf([{ basic: [], authorization: [] }], []);
    expect(found.places).toEqual(["basicAuthorization", "Authorization"]);
    expect(found.notes).toContain("security-conflict");
  });
});
