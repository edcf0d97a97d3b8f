import { describe, expect, it } from "vitest";
import { importDocument } from "./import-document.ts";
import { asObject } from "./json-value.ts";

/** Imports a source of any format. */
function importOf(path: string, source: unknown) {
  const result = importDocument([{ path, bytes: new TextEncoder().encode(JSON.stringify(source)) }]);
  expect(result.lint.filter((finding) => finding.about === "definition" && finding.severity === "error")).toEqual([]);
  const actions = asObject(result.definition?.actions);
  return {
    result,
    action: (name: string) => asObject(actions[name]),
    names: Object.keys(actions),
    losses: result.losses.map((loss) => `${loss.code} ${loss.pointer}`),
    skipped: result.operations.skipped.map((operation) => `${operation.code} ${operation.pointer}`),
  };
}

describe("a recording of a browser", () => {
  const entry = (method: string, url: string, request: object = {}, response: object = {}) => ({
    request: { method, url, headers: [], ...request },
    response: { status: 200, headers: [], content: { mimeType: "application/json", text: '{"a":1}' }, ...response },
  });
  const har = (...entries: readonly unknown[]) => importOf("r.har", { log: { version: "1.2", entries } });
  const url = "https://api.example.com/a";
  it.each([
    ["as a header", { headers: [{ name: "Cookie", value: "sid=canary" }] }],
    ["in a list of their own", { cookies: [{ name: "sid", value: "canary" }] }],
  ])("cookies %s are a loss and are not kept", (_, request) => {
    const found = har(entry("GET", url, request));
    expect(found.losses).toEqual(["har-cookie /log/entries/0"]);
    expect(JSON.stringify(found.result)).not.toContain("canary");
  });
  it("a compressed request is sent as it is", () => {
    const found = har(
      entry("POST", url, {
        headers: [{ name: "Content-Encoding", value: "gzip" }],
        postData: { mimeType: "application/json", text: "\u001f\ufffd" },
      }),
    );
    expect(found.losses).toEqual(["har-encoding /log/entries/0"]);
    expect(asObject(found.action("postA").request).headers).toBeUndefined();
  });
  it("a form has the names of its parts, files among them", () => {
    const part = (line: string): string => `--x\r\nContent-Disposition: form-data; ${line}\r\n\r\ncanary\r\n`;
    const text = `${part('name="note"')}${part('name="file"; filename="a.pdf"')}--x--`;
    const found = har(entry("POST", url, { postData: { mimeType: "multipart/form-data; boundary=x", text } }));
    const body = asObject(asObject(asObject(found.action("postA").input).properties).body);
    expect(body.properties).toEqual({ note: { type: "string" }, file: { type: "string", format: "binary" } });
    expect(JSON.stringify(found.result)).not.toContain("canary");
  });
});

describe("a Postman collection", () => {
  const collection = (...item: readonly unknown[]) =>
    importOf("c.json", {
      info: { name: "C", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
      item,
    });
  const ok = { name: "ok", request: { method: "GET", url: "https://api.example.com/a" } };
  it.each([
    [{ name: "socket", request: { method: "GET", url: "wss://api.example.com/x" } }, "postman-protocol /item/1"],
    [{ name: "purge", request: { method: "PURGE", url: "https://api.example.com/x" } }, "postman-method /item/1"],
    [{ name: "nothing", request: { method: "GET" } }, "postman-url /item/1"],
    [{ name: "neither" }, "postman-item /item/1"],
  ])("%j is skipped, with the reason", (item, skipped) => {
    const found = collection(ok, item);
    expect(found.names).toEqual(["ok"]);
    expect(found.skipped).toEqual([skipped]);
  });
  it("a body of the mode none is no body, and a field that is repeated is one field", () => {
    const post = (name: string, body: object) => ({
      name,
      request: { method: "POST", url: `https://api.example.com/${name}`, body },
    });
    const twice = [
      { key: "a", value: "1" },
      { key: "a", value: "2" },
    ];
    const found = collection(post("none", { mode: "none" }), post("form", { mode: "urlencoded", urlencoded: twice }));
    expect(found.losses).toEqual([]);
    expect(asObject(found.action("none").request).body).toBeUndefined();
    expect(asObject(asObject(found.action("form").input).properties).body).toMatchObject({ required: ["a"] });
  });
  it("a host that nobody names is said to be missing", () => {
    const found = collection(ok, { name: "other", request: { method: "GET", url: "https://{{host}}/b" } });
    expect(found.losses).toEqual(["operation-server-relative /item/1"]);
  });
});

describe("an element template", () => {
  const template = (bindings: Readonly<Record<string, string>>) =>
    importOf("t.json", {
      name: "T",
      id: "t",
      appliesTo: ["bpmn:ServiceTask"],
      properties: [
        { type: "Hidden", value: "io.camunda:http-json:1", binding: { type: "zeebe:taskDefinition:type" } },
        ...Object.entries(bindings).map(([name, value]) => ({
          type: "Hidden",
          value,
          binding: { type: "zeebe:input", name },
        })),
      ],
    });
  it("variables of the process are inputs, those of the path required", () => {
    const found = template({
      url: '="https://api.example.com/" + id + "/x"',
      queryParameters: "={q: search, n: 1 + 2}",
      body: '={"a": name}',
      method: "post",
    });
    expect(found.action("t")).toMatchObject({
      input: { properties: { id: {}, search: {}, name: {} }, required: ["id"] },
      request: {
        method: "POST",
        path: "/{{ input.id }}/x",
        query: { q: "{{ input.search }}", n: "{{ 1 + 2 }}" },
        body: { a: "{{ input.name }}" },
      },
    });
    expect(found.losses).toEqual([]);
  });
  it("what is beyond the FEEL that is read is a loss with its place", () => {
    const url = "https://api.example.com/a";
    expect(template({ url, body: '={a: if x > 1 then "y" else null}' }).losses).toEqual(["feel /properties/2"]);
    expect(template({ url, headers: "={a: for i in items return i}" }).losses).toEqual(["feel /properties/2"]);
    expect(template({ url, readTimeoutInSeconds: "20", storeResponse: "=false" }).losses).toEqual([
      "template-setting /properties/2",
    ]);
  });
  it("without an address whoever connects gives it", () => {
    const found = template({ method: "GET", url: "" });
    expect(found.result.definition).toMatchObject({
      baseUrl: "{{ connection.baseUrl }}",
      connection: { parameters: { required: ["baseUrl"] } },
    });
  });
});
