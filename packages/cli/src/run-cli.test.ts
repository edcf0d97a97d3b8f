import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
// Loaded before the first test, which would otherwise wait for it.
import "@junctor/core";
import { makeFolder, runInTest } from "./testkit/test-terminal.ts";

const definition = {
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "shop",
  title: "Shop",
  description: "A shop.",
  version: "1.0.0",
  baseUrl: "https://shop.example",
  actions: {
    item: {
      title: "Item",
      description: "Gets an item.",
      input: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
      request: { path: "/items/{{ input.id }}" },
      output: { type: "object" },
    },
  },
};
const broken = { ...definition, actions: { item: { ...definition.actions.item, reqest: {} } } };
const insecure = { ...definition, baseUrl: "http://shop.example" };

describe("exit codes", () => {
  it.each([
    ["help", ["--help"], 0, /Usage: junctor/],
    ["no command", [], 2, /Usage: junctor/],
    ["an unknown command", ["lnit"], 2, /Did you mean/],
    ["an unknown flag", ["lint", "--strict"], 2, /unknown option '--strict'/],
    ["a missing argument", ["init"], 2, /missing required argument 'name'/],
    ["a missing required flag", ["template", "eval"], 2, /required option '--context/],
    ["a file that is not there", ["lint", "nowhere.json"], 2, /There is no file .*nowhere\.json/],
    ["an action without a connector", ["call", "getBook"], 2, /does not name an action/],
    ["a dry run into a file", ["call", "a.b", "--dry-run", "--output", "x"], 2, /A dry run has no output/],
    ["input that is not JSON", ["call", "a.b", "--input", "{"], 2, /--input is not JSON/],
    ["an address that is none", ["key", "list", "--url", "localhost"], 2, /is no address of a server/],
    [
      "a port that no HTTP client uses",
      ["key", "list", "--url", "http://127.0.0.1:9"],
      2,
      /has a port that HTTP clients/,
    ],
    ["nobody at the address", ["key", "list", "--url", "http://127.0.0.1:2"], 3, /No server answers at/],
  ])("%s", async (_what, args, code, text) => {
    const run = await runInTest(args);
    expect(run.code).toBe(code);
    expect(run.out + run.error).toMatch(text);
  });

  it("tells which setting keeps a server from starting", async () => {
    const run = await runInTest(["serve"], { environment: { JUNCTOR_MASTER_KEY: "a", JUNCTOR_MASTER_KEY_FILE: "b" } });
    expect([run.code, run.error]).toEqual([1, expect.stringMatching(/^Setting JUNCTOR_MASTER_KEY: .*Keep one\./)]);
  });

  it("tells failures as JSON on standard output when asked for", async () => {
    const run = await runInTest(["key", "list", "--json", "--url", "http://127.0.0.1:2"]);
    expect(run.code).toBe(3);
    expect(run.json()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("No server answers") as string },
    });
  });
});

describe("junctor lint", () => {
  it("says ok with 0, and names file, line, column, rule and hint of what is not", async () => {
    const folder = await makeFolder({ "good/connector.json": definition, "bad.json": broken });
    expect(await runInTest(["lint", "good"], { folder })).toMatchObject({
      code: 0,
      out: "1 definition: 0 errors, 0 warnings, 0 suggestions\n",
    });
    const run = await runInTest(["lint", "good", "bad.json"], { folder });
    expect(run.code).toBe(1);
    expect(run.out).toBe(
      'bad.json:29:7 error There is no "reqest" here (schema/unknown-key)\n' +
        "    Known keys: request, title, description, hidden, deprecated, input, output, response, errors, retry, rateLimits, cache, pagination, timeout, idempotencyKey, annotations, cases. Your own data goes under a name that begins with x-\n" +
        "2 definitions: 1 errors, 0 warnings, 0 suggestions\n",
    );
  });

  it("prints one object with --json, reads standard input, and leaves advice out with --gate", async () => {
    const run = await runInTest(["lint", "-", "--json"], { input: JSON.stringify(insecure) });
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({
      ok: true,
      files: [
        {
          path: "-",
          passed: true,
          findings: [{ rule: "plain-http", severity: "warning", pointer: "/baseUrl", line: 1 }],
        },
      ],
    });
    const gate = await runInTest(["lint", "-", "--json", "--gate"], { input: JSON.stringify(insecure) });
    expect(gate.json<{ files: { findings: unknown[] }[] }>().files[0]?.findings).toEqual([]);
  });

  it("applies fixes with --fix", async () => {
    const folder = await makeFolder({ "connector.json": insecure });
    expect(await runInTest(["lint", "--fix"], { folder })).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 fixed") as string,
    });
    expect(JSON.parse(await readFile(join(folder, "connector.json"), "utf8"))).toEqual({
      ...insecure,
      baseUrl: "https://shop.example",
    });
  });
});

describe("junctor test", () => {
  const cases = {
    action: "item",
    cases: [{ title: "path", input: { id: "1" }, request: { url: "https://shop.example/items/1" } }],
  };
  const wrong = {
    action: "item",
    cases: [{ title: "path", input: { id: "1" }, request: { url: "https://shop.example/items/2" } }],
  };

  it("runs all cases of a folder of connectors", async () => {
    const folder = await makeFolder({ "a/connector.json": definition, "a/cases/item.json": cases });
    expect(await runInTest(["test"], { folder })).toMatchObject({
      code: 0,
      out: "a\n  ok   item.json: path\n1 passed, 0 failed\n",
    });
  });

  it("shows what was expected and what came", async () => {
    const folder = await makeFolder({ "connector.json": definition, "cases/item.json": wrong });
    const run = await runInTest(["test", "."], { folder });
    expect(run.code).toBe(1);
    expect(run.out).toContain("  FAIL item.json: path\n         request/url\n");
    expect(run.out).toContain('actual   "https://shop.example/items/1"');
    expect((await runInTest(["test", "--json"], { folder })).json()).toMatchObject({ ok: false, passed: 0, failed: 1 });
  });

  it("fails without cases, and says so", async () => {
    const folder = await makeFolder({ "connector.json": definition });
    expect(await runInTest(["test"], { folder })).toMatchObject({
      code: 1,
      out: expect.stringContaining("There are no cases") as string,
    });
  });

  it("refuses a file of cases with an unknown key", async () => {
    const folder = await makeFolder({ "connector.json": definition, "cases/x.json": { action: "item", cass: [] } });
    expect(await runInTest(["test"], { folder })).toMatchObject({
      code: 2,
      error: expect.stringContaining('"cass"') as string,
    });
  });
});

describe("junctor init", () => {
  it.each(["bearer", "apiKey", "basic", "oauth2", "none"])(
    "makes a connector with %s that passes lint and its cases",
    async (auth) => {
      const folder = await makeFolder();
      expect((await runInTest(["init", "my-api", "--auth", auth], { folder })).code).toBe(0);
      expect((await runInTest(["lint", "my-api", "--json"], { folder })).json()).toMatchObject({
        ok: true,
        files: [{ findings: [] }],
      });
      expect((await runInTest(["test", "my-api"], { folder })).code).toBe(0);
      expect((await runInTest(["init", "my-api"], { folder })).code).toBe(2);
    },
  );

  it.each([
    ["npx junctor", { npm_command: "exec" }],
    ["junctor", {}],
  ])("says what to do next by the name that it was called by: %s", async (name, environment) => {
    const folder = await makeFolder();
    const run = await runInTest(["init", "my-api"], { folder, environment });
    expect(run.out).toContain(`\n  ${name} test my-api `);
    expect(await readFile(join(folder, "my-api/README.md"), "utf8")).toContain(`\n${name} lint .\n`);
  });

  it("refuses a name that no connector can have", async () => {
    expect(await runInTest(["init", "My_API"])).toMatchObject({
      code: 2,
      error: expect.stringContaining("lower-case letters") as string,
    });
  });
});

describe("junctor diff", () => {
  it.each([
    ["1.0.1", { title: "Store" }, 0, "1.0.0 → 1.0.1: 1 change needs a patch step, which this is"],
    ["1.0.1", { actions: { other: definition.actions.item } }, 1, "needs a major step, which this is not"].slice(0, 4),
    ["2.0.0", { actions: { other: definition.actions.item } }, 0, "need a major step, which this is"],
    ["1.0.0", {}, 0, "nothing changed"],
  ] as [string, object, number, string][])("to %s with %j gives %i", async (version, change, code, text) => {
    const folder = await makeFolder({ "old.json": definition, "new.json": { ...definition, ...change, version } });
    const run = await runInTest(["diff", "old.json", "new.json"], { folder });
    expect(run.code).toBe(code);
    expect(run.out.replace("changes need", "changes needs")).toContain(text.replace(/^need /, "needs "));
  });
});

describe("junctor export", () => {
  it.each([
    ["openapi", { openapi: "3.1.0", info: { title: "Shop" } }],
    ["camunda", { name: "Shop" }],
    ["json-schema", { item: { input: { required: ["id"] } } }],
    ["power-platform", { "apiDefinition.swagger.json": { swagger: "2.0" }, "apiProperties.json": {} }],
  ])("as %s", async (format, expected) => {
    const run = await runInTest(["export", "-", "--format", format], { input: JSON.stringify(definition) });
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject(expected);
  });

  it("writes files, and names the formats it knows", async () => {
    const folder = await makeFolder({ "connector.json": definition });
    const run = await runInTest(["export", "--out", "out", "--json"], { folder });
    expect(run.json()).toMatchObject({ ok: true, files: ["openapi.json"] });
    expect(JSON.parse(await readFile(join(folder, "out/openapi.json"), "utf8"))).toHaveProperty("paths");
    expect(await runInTest(["export", "--format", "raml"], { folder })).toMatchObject({ code: 2 });
  });
});

describe("junctor template eval", () => {
  const evaluate = async (lines: readonly unknown[], context: unknown = { user: { name: "Ada" }, price: 1 }) => {
    const folder = await makeFolder({ "context.json": context });
    const input = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
    const run = await runInTest(["template", "eval", "--context", "context.json"], { folder, input });
    expect(run.code).toBe(0);
    return run.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  };

  it("gives a line for each line, always as text", async () => {
    expect(
      await evaluate([
        { template: "Hello {{ user.name }}" },
        { template: "{{ 1 + 1 }}" },
        { template: "{{ none }} {{ true }} {{ missing }}" },
        { template: "{{ [1, 'a'] }}" },
      ]),
    ).toEqual([{ output: "Hello Ada" }, { output: "2" }, { output: "None True " }, { output: "[1, 'a']" }]);
  });

  it("reports errors by Python's names, with places where they are known", async () => {
    const [undefinedError, syntax, division] = await evaluate([
      { template: "{{ missing }}", undefined: "strict" },
      { template: "a\n  {{ user. }}" },
      { template: "{{ 1 // 0 }}" },
    ]);
    expect(undefinedError).toMatchObject({ error: { type: "UndefinedError", line: 1 } });
    expect(syntax).toMatchObject({ error: { type: "TemplateSyntaxError", line: 2 } });
    expect(division).toMatchObject({ error: { type: "ZeroDivisionError" } });
  });

  it("takes settings per line", async () => {
    expect(
      await evaluate([
        { template: "{{ '<' }}", autoescape: true },
        { template: "{{ '<' }}" },
        { template: "{% if true %}\nx\n{% endif %}\n", trimBlocks: true },
        { template: "  {% if true %}x{% endif %}", lstripBlocks: true },
        { template: "{{ a.b.c }}", undefined: "chainable" },
      ]),
    ).toEqual([{ output: "&lt;" }, { output: "<" }, { output: "x\n" }, { output: "x" }, { output: "" }]);
  });

  it("makes a bad line an error of that line", async () => {
    expect(await evaluate(["not json", {}, { template: "x", undefined: "no" }, { template: "ok" }])).toMatchObject([
      { error: { type: "InputError" } },
      { error: { type: "InputError" } },
      { error: { type: "InputError" } },
      { output: "ok" },
    ]);
  });

  it("keeps whole floats and large integers of the context", async () => {
    const folder = await makeFolder({ "context.json": '{"f": 1.0, "n": 123456789012345678901234567890}' });
    const run = await runInTest(["template", "eval", "--context", "context.json"], {
      folder,
      input: '{"template": "{{ f }} {{ n + 1 }}"}\n',
    });
    expect(run.json()).toEqual({ output: "1.0 123456789012345678901234567891" });
  });
});
