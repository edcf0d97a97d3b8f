import type { Action, RequestSpec } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import type { Json } from "../ports/records.ts";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const properties = { a: {}, b: {}, list: {}, deep: {} };

/** What a dry run of a request says has no value, as `name pointer`. */
async function unresolvedOf(request: Partial<RequestSpec>, input: Json = {}): Promise<readonly string[]> {
  const action = { input: { type: "object", properties }, request: { path: "/a", ...request } } as Action;
  const { engine, callOf } = createTestEngine({
    definition: {
      baseUrl: "https://api.example",
      connection: {
        parameters: {
          type: "object",
          properties: { site: { type: "string" }, key: { type: "string", writeOnly: true } },
        },
        auth: [{ type: "apiKey", in: "header", name: "X-Key", value: "{{ connection.key }}" }],
      },
      actions: { act: action },
    },
    connection: { parameters: {}, secretParameters: { key: "credential" } },
    http: createCannedHttp(() => ({ body: {} })),
  });
  const { unresolved } = await engine.dryRun(callOf("act", input));
  return unresolved.map(({ name, pointer }) => `${name} ${pointer.replace("/actions/act/request", "")}`);
}

describe("names without a value in a request", () => {
  it.each<[string, Partial<RequestSpec>, Json, readonly string[]]>([
    ["none, where all is given", { query: { a: "{{ input.a }}" } }, { a: 1 }, []],
    ["in the query", { query: { a: "{{ input.a }}" } }, {}, ["input.a /query/a"]],
    ["in the long form of the query", { query: { a: { value: "{{ input.a }}" } } }, {}, ["input.a /query/a/value"]],
    ["in a header", { headers: { "X-A": "{{ input.a }}" } }, {}, ["input.a /headers/X-A"]],
    ["in the whole query", { query: "{{ input.a }}" }, {}, ["input.a /query"]],
    ["in the whole of the headers", { headers: "{{ input.a }}" }, {}, ["input.a /headers"]],
    ["in the address", { url: "{{ input.a }}" }, {}, ["input.a /url"]],
    ["in the body", { method: "POST", body: "{{ input.a }}" }, {}, ["input.a /body"]],
    [
      "within a tree",
      { method: "POST", body: { x: ["{{ input.a }}", { y: "{{ input.b }}" }], z: "fixed" } },
      { b: 1 },
      ["input.a /body/x/0"],
    ],
    [
      "the list of a repetition, not its elements",
      { method: "POST", body: { $each: "{{ input.list }}", value: { id: "{{ item.id }}" } } },
      {},
      ["input.list /body/$each"],
    ],
    [
      "elements of a repetition are known only while it runs",
      { method: "POST", body: { $each: "{{ input.list }}", value: { id: "{{ item.id }}", a: "{{ input.a }}" } } },
      { list: [{}] },
      [],
    ],
    ["null counts as none", { query: { a: "{{ input.a }}" } }, { a: null }, ["input.a /query/a"]],
    [
      "false, nothing and zero are values",
      { query: { a: "{{ [input.a, input.b, input.deep] }}" } },
      { a: false, b: "", deep: 0 },
      [],
    ],
    ["a member below", { query: { a: "{{ input.deep.x.y }}" } }, { deep: { x: {} } }, ["input.deep.x.y /query/a"]],
    ["a member of what is not there", { query: { a: "{{ input.deep.x.y }}" } }, {}, ["input.deep.x.y /query/a"]],
    ["a member of a list", { query: { a: "{{ input.list[1] }}" } }, { list: [1] }, ["input.list.1 /query/a"]],
    [
      "with a default too: the name is missing",
      { query: { a: "{{ input.a | default('x') }}" } },
      {},
      ["input.a /query/a"],
    ],
    ["each of several", { query: { a: "{{ [input.a, input.b] }}" } }, {}, ["input.a /query/a", "input.b /query/a"]],
    ["of the connection", { query: { a: "{{ connection.site }}" } }, {}, ["connection.site /query/a"]],
    ["a secret of the connection is there, though nobody sees it", { query: { a: "{{ connection.key }}" } }, {}, []],
    ["of the workspace and the call", { query: { a: "{{ [workspace.id, call.id] }}" } }, {}, []],
  ])("%s", async (_, request, input, expected) => {
    expect(await unresolvedOf(request, input)).toEqual(expected);
  });
});
