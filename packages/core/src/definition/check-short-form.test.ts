import type { ShortConnector } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { checkShortForm, notOffered, type ShortPlace } from "./check-short-form.ts";
import { parseDefinition } from "./parse-definition.ts";
import { noPositions } from "./positions.ts";

const url = "https://api.example.com";
type Request = Record<string, unknown>;

/** Findings as `rule pointer`. */
const findingsOf = (request: Request): readonly string[] =>
  checkShortForm({ name: "a", url, ...request } as unknown as ShortConnector, noPositions).map(
    ({ rule, pointer }) => `${rule.replace("schema/", "")} ${pointer}`,
  );

describe("repeated rows", () => {
  const rows = (...keys: readonly string[]): readonly Request[] => keys.map((key) => ({ key, value: "1" }));
  it.each<[string, Request, readonly string[]]>([
    ["headers that differ", { headers: rows("a", "b") }, []],
    ["headers, whatever their case", { headers: rows("X-Key", "x-key") }, ["duplicate-row /headers/1/key"]],
    ["query parameters", { query_parameters: rows("a", "b", "a") }, ["duplicate-row /query_parameters/2/key"]],
    ["query parameters keep their case", { query_parameters: rows("a", "A") }, []],
    [
      "path parameters",
      { url: `${url}/{{ pathParams.id }}`, path_parameters: rows("id", "id") },
      ["duplicate-row /path_parameters/1/key"],
    ],
    [
      "each repetition",
      { headers: rows("a", "a", "a") },
      ["duplicate-row /headers/1/key", "duplicate-row /headers/2/key"],
    ],
    ["one key in two lists", { headers: rows("a"), query_parameters: rows("a") }, []],
  ])("%s", (_, request, expected) => expect(findingsOf(request)).toEqual(expected));
  it("of a step have its pointer", () => {
    const steps = [
      { name: "first", url },
      { name: "second", url, headers: rows("a", "A") },
    ];
    expect(findingsOf({ url: undefined, steps })).toEqual(["duplicate-row /steps/1/headers/1/key"]);
  });
});

describe("path parameters that the address does not read", () => {
  const rows = (...keys: readonly string[]): readonly Request[] => keys.map((key) => ({ key }));
  it.each<[string, string, readonly string[], readonly string[]]>([
    ["none", "/a", [], []],
    ["by name", "/{{ pathParams.id }}", ["id"], []],
    ["by text", "/{{ pathParams['user-id'] | upper }}", ["user-id"], []],
    ["in a condition", "/{% if pathParams.id %}a{% endif %}", ["id"], []],
    ["not at all", "/a", ["id"], ["unread-path-key /path_parameters/0/key"]],
    ["only one of two", "/{{ pathParams.a }}", ["a", "b"], ["unread-path-key /path_parameters/1/key"]],
    ["as text", "/{{ 'pathParams.id' }}", ["id"], ["unread-path-key /path_parameters/0/key"]],
    ["of another name", "/{{ user.id }}", ["id"], ["unread-path-key /path_parameters/0/key"]],
    ["computed, which may be any", "/{{ pathParams[user.id] }}", ["id"], []],
    ["by get", "/{{ pathParams.get('id') }}", ["id"], []],
    ["in a loop over all", "/{% for k, v in pathParams.items() %}{{ v }}{% endfor %}", ["id"], []],
    [
      "by get, which is declared too",
      "/{{ pathParams.get }}",
      ["get", "id"],
      ["unread-path-key /path_parameters/1/key"],
    ],
    ["in a template that does not parse", "/{{ pathParams. }}", ["id"], []],
  ])("%s", (_what, path, keys, expected) =>
    expect(findingsOf({ url: url + path, path_parameters: rows(...keys) })).toEqual(expected),
  );
});

/** How a template that names something stands in each place, and where it is found. */
const places: Readonly<Record<ShortPlace, (template: string) => readonly [request: Request, pointer: string]>> = {
  url: (template) => [{ url: `${url}/${template}` }, "/url"],
  headers: (template) => [{ headers: [{ key: "a", value: template }] }, "/headers/0/value"],
  query: (template) => [{ query_parameters: [{ key: "a", value: template }] }, "/query_parameters/0/value"],
  authentication: (template) => [
    { authentication: { config: { token: { "a/b": template } } } },
    "/authentication/config/token/a~1b",
  ],
  request: (template) => [{ request_body: template }, "/request_body"],
  response: (template) => [{ response_body: template }, "/response_body"],
};

/** A template that reads or calls a name. */
const templateOf = (name: string): string =>
  name.startsWith("get_") || name === "jwt_encode" ? `{{ ${name}('x') }}` : `{{ ${name} }}`;

const everyName = [...new Set(Object.values(notOffered).flatMap((kind) => Object.values(kind).flat()))];
const table = (["plain", "step"] as const).flatMap((kind) =>
  (Object.keys(places) as ShortPlace[]).flatMap((place) => everyName.map((name) => [kind, place, name] as const)),
);

describe("names that a place does not offer", () => {
  it.each(table)("in a %s: %s and %s", (kind, place, name) => {
    const [request, pointer] = places[place](templateOf(name));
    const wanted = notOffered[kind][place].includes(name);
    if (kind === "plain") expect(findingsOf(request)).toEqual(wanted ? [`not-offered-here ${pointer}`] : []);
    else
      expect(findingsOf({ url: undefined, steps: [{ name: "s", url, ...request }] })).toEqual(
        wanted ? [`not-offered-here /steps/0${pointer}`] : [],
      );
  });

  it("are told from texts and members of that name, and templates that do not parse are left to lint", () => {
    const value = (text: string): readonly string[] => findingsOf({ headers: [{ key: "a", value: text }] });
    expect(value("response")).toEqual([]);
    expect(value("{{ 'response' }}")).toEqual([]);
    expect(value("{{ pathParams.response }}")).toEqual([]);
    expect(value("{{ response }")).toEqual([]);
    expect(value("{{ response | }}")).toEqual([]);
  });
});

it("findings stand where the text has them, with what to do", () => {
  const text = `{\n  "name": "a",\n  "url": "${url}",\n  "response_body": "{{ get_secret('k') }}"\n}`;
  const { document, positions } = parseDefinition(text);
  expect(checkShortForm(document as unknown as ShortConnector, positions)).toEqual([
    {
      rule: "schema/not-offered-here",
      severity: "error",
      pointer: "/response_body",
      message: '"get_secret" cannot be read in a response body',
      hint: "Put the secret into a header, a query parameter or the authentication",
      line: 4,
      column: 20,
    },
  ]);
});
