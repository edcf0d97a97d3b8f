import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
// Loaded before the first test, which would otherwise wait for it.
import "@junctor/core";
import { makeFolder, runInTest } from "./testkit/test-terminal.ts";

/** Mistakes of a user end with a sentence about them and exit code 2; never with a stack, a secret, or a plea to report them. */

const shop = (change: object = {}): object => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "shop",
  title: "Shop",
  version: "1.0.0",
  baseUrl: "https://shop.example",
  actions: { item: { title: "Item", request: { path: "/item" } } },
  ...change,
});
const cases = {
  action: "item",
  cases: [{ title: "path", input: {}, request: { url: "https://shop.example/item" } }],
};
const swagger = { openapi: "3.1.0", info: { title: "A", version: "1" }, paths: {} };
const nobody = ["--url", "http://127.0.0.1:2"] as const;

describe("a key that no header can carry", () => {
  it.each([
    ["a line end", "jk\nx-s3cret"],
    ["letters beyond ASCII", "jk_s3cret–ü"],
    ["a space", "jk_s3cret x"],
  ])("with %s is refused, and not shown", async (_what, key) => {
    for (const run of [
      await runInTest(["call", "a.b", "--key", key, ...nobody]),
      await runInTest(["key", "list", "--json", ...nobody], { environment: { JUNCTOR_KEY: key } }),
    ]) {
      expect(run.code).toBe(2);
      expect(run.out + run.error).toContain("The key has characters that a key cannot have");
      expect(run.out + run.error).not.toMatch(/s3cret|No server answers/);
    }
  });
});

describe("an address that is none", () => {
  it.each([
    ["http://a b", "http://a b is no address of a server"],
    ["http://[x", "http://[x is no address of a server"],
    ["http://me:s3cret@host", "The address of a server has no user"],
    ["http://host/?key=s3cret", "The address of a server has no user, no query"],
  ])("%s", async (url, text) => {
    const run = await runInTest(["key", "list", "--url", url]);
    expect([run.code, run.error]).toEqual([2, expect.stringContaining(text)]);
    expect(run.error).not.toContain("s3cret");
  });
});

describe("the value of a secret", () => {
  const set = ["secret", "set", "token", "--hosts", "a.example", ...nobody];
  it.each([
    [
      "bytes that are no text",
      [],
      Buffer.from([0x73, 0xff, 0xfe]),
      /Standard input holds bytes that are no text\n.*base64/,
    ],
    ["more than a secret holds", [], Buffer.alloc(300_000), /Standard input holds more than 262146 bytes/],
    ["bytes in a file", ["--file", "binary"], "", /binary holds bytes that are no text\n.*base64/],
    ["two values", ["--file", "text", "--value", "x"], "", /--value and --file are two values/],
    ["a folder", ["--file", "."], "", /\. cannot be read: it is a folder/],
    ["nothing", [], "\n", /The value is empty/],
  ] as [string, string[], string | Uint8Array, RegExp][])("%s is refused", async (_what, flags, input, text) => {
    const folder = await makeFolder({ text: "x" });
    await writeFile(join(folder, "binary"), Buffer.from([0xc3, 0x28]));
    const run = await runInTest([...set, ...flags], { folder, input });
    expect([run.code, run.error]).toEqual([2, expect.stringMatching(text)]);
  });

  it("that is text goes on its way", async () => {
    expect((await runInTest(set, { input: "gruß €\n" })).code).toBe(3);
  });
});

describe("arguments that are not understood, with --json", () => {
  it.each([
    [["lint", "--json", "--nope"], "unknown option '--nope'"],
    [["nope", "--json"], "unknown command 'nope'"],
    [["init", "--json"], "missing required argument 'name'"],
    [["template", "eval", "--context", "x", "--json"], "unknown option '--json'"],
    [["connection", "--json"], "unknown option '--json'"],
    [["--json"], "unknown option '--json'"],
    [["encryption", "rotate", "all", "--json"], "Allowed choices are master-key, data-keys"],
  ])("%j is one JSON object, and nothing else", async (args, text) => {
    const run = await runInTest(args);
    expect([run.code, run.error]).toEqual([2, ""]);
    expect(run.json()).toEqual({
      ok: false,
      error: { message: expect.stringContaining(text) as string, hint: expect.stringContaining("--help") as string },
    });
  });
});

describe("a path that cannot be written", () => {
  const files = { "file.json": {}, "weather/connector.json": shop(), "api.json": swagger, "b.tgz": "x" };
  it.each([
    [["init", "weather/connector.json/x"], /x\/connector\.json cannot be written: a part of the path is a file/],
    [["init", "a".repeat(300)], /a\/connector\.json cannot be written: the name is too long/],
    [["init", "/proc/x"], /\/proc\/x\/connector\.json cannot be written: there is no such/],
    [["init", "file.json/x"], /cannot be written: a part of the path is a file/],
    [
      ["import", "api.json", "--out", "file.json"],
      /cannot be written: a file is in the way|a part of the path is a file/,
    ],
    [["import", "api.json", "--out", "/proc/x/y"], /\/proc\/x\/y\/connector\.json cannot be written/],
    [["export", "weather", "--out", "file.json"], /file\.json\/openapi\.json cannot be written/],
    [["call", "a.b", "--output", "weather", ...nobody], /^weather cannot be written: it is a folder\n$/],
    [
      ["call", "a.b", "--output", "none/x", ...nobody],
      /^none\/x cannot be written: there is no such file or folder\n$/,
    ],
    [["call", "a.b", "--output", "/proc/x", ...nobody], /^\/proc\/x cannot be written: there is no such/],
    [["backup", "none/b.tgz", ...nobody], /^none\/b\.tgz cannot be written: there is no such file or folder\n$/],
    [["backup", "weather", "--force", ...nobody], /^weather cannot be written: it is a folder\n$/],
    [["backup", "/dev/null", "--force", ...nobody], /^\/dev\/null cannot be written: it is no regular file\n$/],
    [["restore", "b.tgz", "--data", "file.json"], /file\.json cannot be used: a file is in its place/],
    [["lint", "file.json/x"], /cannot be read: a part of the path is a file/],
    [["lint", "a\0b"], /cannot be read: the path holds a zero byte/],
  ] as [string[], RegExp][])("%j", { timeout: 60_000 }, async (args, text) => {
    const run = await runInTest(args, { folder: await makeFolder(files) });
    expect(run.error).toMatch(text);
    expect(run.code).toBe(args[0] === "restore" ? 1 : 2);
    expect(run.error).not.toMatch(/inside junctor|No server answers|\n\s+at /);
  });

  it("in a folder of somebody else says so, of the write", async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o500);
    // Root may write anywhere, so the command runs as somebody who may not.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    const run = await runInTest(["init", "foo"], { folder }).finally(() => {
      if (isRoot) process.seteuid?.(0);
    });
    expect([run.code, run.error]).toEqual([2, "foo/connector.json cannot be written: permission denied\n"]);
  });

  it("leaves no file behind where the call failed, and keeps what a file held", async () => {
    const folder = await makeFolder({ "old.json": "precious" });
    expect((await runInTest(["call", "a.b", "--output", "new.json", ...nobody], { folder })).code).toBe(3);
    expect((await runInTest(["call", "a.b", "--output", "old.json", ...nobody], { folder })).code).toBe(3);
    expect((await runInTest(["backup", "old.json", "--force", ...nobody], { folder })).code).toBe(3);
    expect(await readdir(folder)).toEqual(["old.json"]);
    expect(await readFile(join(folder, "old.json"), "utf8")).toBe("precious");
  });
});

describe("junctor init refuses a base URL that no connector can have", () => {
  it.each(["notaurl", "ftp://x/", "https://x/y?q=1", "https://x/#a", "https://u:p@x", "https:x", "https://"])(
    "%s",
    async (url) => {
      const folder = await makeFolder();
      const run = await runInTest(["init", "foo", "--base-url", url], { folder });
      expect([run.code, run.error]).toEqual([2, expect.stringMatching(/cannot be a base URL\nWrite it like https:/)]);
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe("one bad file among several", () => {
  const files = {
    "bad/connector.json": '{\n  "name" "x"\n}',
    "good/connector.json": shop(),
    "good/cases/item.json": cases,
    "odd/connector.json": shop({ name: "odd" }),
    "odd/cases/item.json": { title: "x", input: {} },
  };

  it("is named by junctor test, and the others are tested", async () => {
    const folder = await makeFolder(files);
    const run = await runInTest(["test", "bad", "odd", "good"], { folder });
    expect(run.error).toMatch(/^bad\/connector\.json: .*\n {2}2:\d+ /);
    expect(run.error).toContain('odd/cases/item.json  The file of cases has no "action"');
    expect(run.error).toContain('A file of cases is { "action"');
    expect(run.out).toContain("good\n  ok   item.json: path\n1 passed, 0 failed\n");
    expect(run.code).toBe(1);
    const object = (await runInTest(["test", "--json"], { folder })).json<{ connectors: object[] }>();
    expect(object).toMatchObject({ ok: false, passed: 1, failed: 0, error: { file: "bad/connector.json" } });
    expect(object.connectors).toMatchObject([
      { path: "bad", results: [], error: { code: "DEFINITION_INVALID" } },
      { path: "good", results: [{ passed: true }] },
      { path: "odd", results: [], error: { message: expect.stringContaining("odd/cases/item.json") as string } },
    ]);
  });

  it.each([["publish"], ["types"], ["export"], ["diff"]])("is named by junctor %s", async (command) => {
    const folder = await makeFolder(files);
    const run = await runInTest([command, "bad", ...(command === "export" ? [] : nobody)], { folder });
    expect([run.code, run.error]).toEqual([1, expect.stringMatching(/^bad\/connector\.json: .*\n {2}2:\d+ /)]);
  });

  it("an action without cases, and one that nobody has, are told apart", async () => {
    const folder = await makeFolder({
      ...files,
      "good/connector.json": shop({
        actions: { item: { title: "Item", request: { path: "/item" } }, b: { title: "B", request: { path: "/b" } } },
      }),
    });
    expect(await runInTest(["test", "good", "--action", "b"], { folder })).toMatchObject({
      code: 1,
      out: expect.stringContaining('There are no cases of the action "b".') as string,
    });
    expect(await runInTest(["test", "good", "--action", "zz"], { folder })).toMatchObject({
      code: 2,
      error: 'There is no action "zz"\nThere are item, b\n',
    });
  });
});
