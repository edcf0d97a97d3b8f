import { describe, expect, it } from "vitest";
import { readFeel } from "./camunda/read-feel.ts";
import { splitCommand } from "./curl/split-command.ts";
import { actionName, connectorName, identifier, semanticVersion, titleOf } from "./openapi/names.ts";
import { readExpression, toTemplate } from "./power-platform/expressions.ts";
import { meantExtension } from "./power-platform/repair-extensions.ts";
import { mergeThreeWays } from "./reimport/merge-three-ways.ts";
import { difference, withDifference } from "./residue/difference.ts";
import { inferSchema } from "./samples/infer-schema.ts";
import { templatePath } from "./samples/template-path.ts";
import { repairPattern } from "./schemas/repair-pattern.ts";
import { closeObjects, findRepeatedMembers } from "./source/scan-json.ts";
import { parseSelection } from "./summarise-import.ts";

describe("names", () => {
  it.each([
    ["Acme CRM", "acme-crm"],
    ["Ünïcode & Co.", "unicode-co"],
    ["MyAPI v2", "my-api-v2"],
    ["日本", "api"],
  ])("the connector of %s is %s", (title, name) => expect(connectorName(title)).toBe(name));
  it.each([
    ["1.2.3", "1.2.3"],
    ["v2", "2.0.0"],
    ["2015-02-03", "2015.2.3"],
    ["1.0-oas3", "1.0.3"],
    ["1.2.3-beta.1", "1.2.3-beta.1"],
    ["first", "1.0.0"],
    [undefined, "1.0.0"],
  ])("the version %s is %s", (text, version) => expect(semanticVersion(text)).toBe(version));
  it.each([
    ["listPets", "get", "/pets", "listPets"],
    ["list pets/all", "get", "/pets", "listPetsAll"],
    ["404page", "get", "/x", "op404page"],
    [undefined, "get", "/pets/{petId}/toys", "getPetsByPetIdToys"],
    [undefined, "get", "/", "getRoot"],
    ["取得", "get", "/項目/{id}", "getById"],
  ])("the action of %s %s %s is %s", (id, method, path, name) => expect(actionName(id, method, path)).toBe(name));
  it("identifiers and titles", () => {
    expect(identifier("X-API Key")).toBe("xAPIKey");
    expect(titleOf("listOpenHTTPOrders")).toBe("List open HTTP orders");
  });
});

describe("patterns of other dialects", () => {
  it.each([
    ["^[\\w-.]+$", "^[\\w\\-.]+$"],
    ["\\A\\d+\\z", "^\\d+$"],
    ["^\\-a\\:b$", "^-a:b$"],
    ["^[[:alpha:]]$", "^[A-Za-z]$"],
    ["^{a}$", "^\\{a\\}$"],
    ["(?i)^a$", undefined],
  ])("%s is read as %s", (source, expected) => expect(repairPattern(source)).toBe(expected));
});

describe("policy expressions", () => {
  const scope = {
    connection: (name: string) => (name === "gone" ? undefined : `connection.${name}`),
    query: (name: string) => `input.${name}`,
    body: "input.body",
    item: "item",
  };
  it.each([
    ["plain", "plain"],
    ["@connectionParameters('site')", "{{ connection.site }}"],
    [
      "https://@connectionParameters('a').x.@connectionParameters('b').example",
      "https://{{ connection.a }}.x.{{ connection.b }}.example",
    ],
    ["a @{queryParameters('q')} b", "a {{ input.q }} b"],
    ["@queryParamters('q')", "{{ input.q }}"],
    ["@ConnectionParameters('site','eu')", "{{ (connection.site | default('eu', true)) }}"],
    ["@{triggerBody()?['value'][0].id}", "{{ input.body.value[0].id }}"],
    ["'{@item()['a-b']}'", "{{ item['a-b'] }}"],
    ['@environmentVariables("host")', "{{ var('host') }}"],
    ["me@example.com", "me@example.com"],
    ["{{ not a template }}", "{% raw %}{{ not a template }}{% endraw %}"],
  ])("%s is %s", (text, expected) => expect(toTemplate(readExpression(text, scope).pieces)).toBe(expected));
  it("names what it cannot carry over", () => {
    expect(readExpression("@connectionParameters('gone')", scope).unknown).toEqual(["@connectionParameters('gone')"]);
  });
});

describe("misspelt extensions", () => {
  it.each([
    ["x-ms-visibilty", "x-ms-visibility"],
    ["x-ms-summmary", "x-ms-summary"],
    ["x-ms-sumamry", "x-ms-summary"],
    ["x-ms-summary title", "x-ms-summary"],
    ["x-ms-dynamic-value", "x-ms-dynamic-values"],
    ["x-ms-visibility", undefined],
    ["x-ms-something-else-entirely", undefined],
    ["x-vendor", undefined],
  ])("%s means %s", (name, expected) => expect(meantExtension(name)).toBe(expected));
});

describe("FEEL", () => {
  const names = (name: string): string | undefined => (name === "gone" ? undefined : `input.${name}`);
  it.each([
    ['"/a/"+string(id)', "'/a/' ~ (input.id | string)"],
    ['{a: x, "b-c": "1"}', "{'a': input.x, 'b-c': '1'}"],
    ["[1, x, true, null]", "[1, input.x, true, none]"],
    ["gone", undefined],
    ["if a then b else c", undefined],
  ])("%s is %s", (source, expected) => expect(readFeel(source, names)).toBe(expected));
});

describe("shell words", () => {
  it.each([
    ["curl 'a b' \"c $d\" e\\ f", ["curl", "a b", "c $d", "e f"]],
    ["curl \\\n  -H 'X: 1' \\\n  u", ["curl", "-H", "X: 1", "u"]],
    ["curl $'a\\nb\\u0041'", ["curl", "a\nbA"]],
    ['curl "a\\"b" \'\'', ["curl", 'a"b', ""]],
  ])("%j", (text, words) => expect(splitCommand(text)).toEqual(words));
});

describe("schemas of samples", () => {
  it.each([
    ["numbers", [1, 2.5], { type: "number" }],
    ["a date that is always there", ["2026-01-01", "2026-02-02"], { type: "string", format: "date" }],
    ["mixed", [1, "a", null], { type: ["integer", "null", "string"] }],
    [
      "objects",
      [{ a: 1, b: 2 }, { a: 2 }],
      { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } }, required: ["a"] },
    ],
    ["lists", [[{ a: 1 }, {}]], { type: "array", items: { type: "object", properties: { a: { type: "integer" } } } }],
  ])("%s", (_, samples, expected) => expect(inferSchema(samples)).toEqual(expected));
  it.each([
    ["/users/42", "/users/{userId}"],
    ["/companies/acme/orders/3f2504e0-4f89-41d3-9a0c-0305e82c3301", "/companies/acme/orders/{orderId}"],
    ["/v1/tokens/abc123def456ghi", "/v1/tokens/{tokenId}"],
    ["/v2/status", "/v2/status"],
  ])("%s is the path %s", (path, expected) => expect(templatePath(path).path).toBe(expected));
});

describe("differences of JSON", () => {
  it.each([
    [
      { a: 1, b: { c: 2 }, d: 3 },
      { a: 1, b: { c: 5 } },
      { b: { c: 5 }, $remove: ["d"] },
    ],
    [{ a: [1] }, { a: [1, 2] }, { a: [1, 2] }],
    [{ a: 1 }, { a: 1 }, undefined],
    [{}, { $remove: 1, x: { $remove: [2] } }, { $$remove: 1, x: { $$remove: [2] } }],
    [{ a: { b: 1 } }, { a: null }, { a: null }],
  ])("%j → %j is %j, and leads back", (base, target, patch) => {
    expect(difference(base, target)).toEqual(patch);
    expect(withDifference(base, patch)).toEqual(target);
  });
});

describe("three-way merge", () => {
  it("takes what the source changed, keeps what was edited, and tells conflicts", () => {
    const base = { title: "A", description: "old", path: "/a", gone: 1 };
    const mine = { title: "Mine", description: "old", path: "/mine", gone: 1, extra: true };
    const theirs = { title: "A", description: "new", path: "/theirs" };
    const { value, changes } = mergeThreeWays(base, mine, theirs);
    expect(value).toEqual({ title: "Mine", description: "new", path: "/mine", extra: true });
    expect(changes.map(({ pointer, kind }) => `${kind} ${pointer}`).sort()).toEqual([
      "conflict /path",
      "kept /extra",
      "kept /title",
      "source /description",
      "source /gone",
    ]);
  });
});

describe("texts that are nearly JSON", () => {
  it("finds members that occur twice", () => {
    expect(findRepeatedMembers('{"a":1,"b":[{"c":1,"c":2}],\n"a":{}}')).toEqual([
      { pointer: "/b/0/c", line: 1 },
      { pointer: "/a", line: 2 },
    ]);
  });
  it("closes an object that swallows its neighbour", () => {
    const { text, lines } = closeObjects('[{"a":1, {"b":2}]');
    expect(JSON.parse(text)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(lines).toEqual([1]);
  });
});

describe("selections of the command line", () => {
  it("reads tags, words, methods and operations", () => {
    expect(parseSelection("tag:orders, search:open invoice, method:get, getPet, GET /pets")).toEqual({
      tags: ["orders"],
      search: "open invoice",
      methods: ["get"],
      operations: ["getPet", "GET /pets"],
    });
  });
});
