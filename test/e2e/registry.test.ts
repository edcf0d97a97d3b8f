import { createHmac } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "./harness/api-check.ts";
import { type DefinitionRepository, makeDefinitionRepository } from "./harness/definition-repository.ts";
import type { GitServer } from "./harness/serve-git.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Check 22 of the widget surface: connectors that come from a Git repository, served on loopback by Git itself. */
let origin: DefinitionRepository;
let git: GitServer;
let stack: Stack;
const webhookSecret = "push-events-are-signed-with-this";

const push = (files: Readonly<Record<string, unknown>>): void => origin.push(files);

beforeAll(async () => {
  origin = await makeDefinitionRepository();
  git = origin.server;
  stack = await startStack({
    odd: false,
    environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${git.port},127.0.0.1:1` },
  });
  stack.guard(webhookSecret);
  await expectStatus(200, stack.send("PUT", "/v1/secrets/push", { body: { value: webhookSecret, hosts: [] } }));
});
afterAll(async () => {
  origin.close();
  await stack.stop();
});

const plain = (permalink: string, more: object = {}) => ({
  name: `The ${permalink}`,
  permalink,
  url: "https://api.example/a",
  ...more,
});
const registry = (connectors: readonly object[], composites: readonly object[] = []) => ({
  "connectors_registry.json": { connectors, composite_connectors: composites },
});
const own = (version: string, title = "Books") => ({
  $schema: "https://junctor.dev/schema/connector/v1.json",
  name: "books",
  title,
  version,
  baseUrl: "https://api.example",
  actions: { list: { request: { path: "/books" } } },
});
const repository = { branch: "main", webhookSecret: "push" };
const put = (key?: string) =>
  expectStatus(
    200,
    stack.send("PUT", "/v1/repositories/main", {
      body: { url: origin.url, ...(key === undefined ? repository : {}) },
      ...(key === undefined ? {} : { key }),
    }),
  );
const sync = (key?: string): Promise<Answer> =>
  stack.send("POST", "/v1/repositories/main/sync", key === undefined ? {} : { key });
const plan = (): Promise<Answer> => stack.send("POST", "/v1/repositories/main/plan", {});
type Outcome = {
  readonly applied: boolean;
  readonly create: { name: string; version: string }[];
  readonly update: { name: string; version: string; from?: string }[];
  readonly remove: string[];
  readonly problems: { path: string; pointer: string; message: string; line?: number; column?: number }[];
  readonly warnings: string[];
};
const outcome = (answer: Answer): Outcome => answer.body as Outcome;
const names = async (key?: string): Promise<string[]> => {
  const { body } = await stack.send("GET", "/v1/connectors", key === undefined ? {} : { key });
  return (body as { items: { name: string }[] }).items.map(({ name }) => name).sort();
};
const titleOf = async (name: string): Promise<unknown> => {
  const { body } = await stack.send("GET", `/v1/connectors/${name}`, {});
  return (body as { definition?: { title?: unknown } }).definition?.title;
};

/** Waits, at most ten seconds, until something reads as expected. */
async function eventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  for (let tries = 0; tries < 100 && !isDeepStrictEqual(await read(), expected); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await read()).toEqual(expected);
}

beforeEach(async () => {
  push({ ...registry([]), connectors: undefined, node_modules: undefined, ".cache": undefined });
  await put();
  // A push event of the test before may still be at it.
  await eventually(async () => (await sync()).status, 200);
  expect(await names()).toEqual([]);
});

describe("check 22: a synchronisation", () => {
  it("creates, updates and deletes by permalink", async () => {
    push(
      registry(
        [plain("a"), plain("b")],
        [{ name: "C", permalink: "c", steps: [{ name: "s", url: "https://api.example" }] }],
      ),
    );
    expect(outcome(await sync())).toMatchObject({ applied: true, problems: [] });
    expect(await names()).toEqual(["a", "b", "c"]);
    push(registry([plain("a", { name: "Renamed" }), plain("d")]));
    const second = outcome(await sync());
    expect(second.create.map(({ name }) => name)).toEqual(["d"]);
    expect(second.update).toMatchObject([{ name: "a", from: "0.0.0", version: "0.0.1" }]);
    expect([...second.remove].sort()).toEqual(["b", "c"]);
    expect(await names()).toEqual(["a", "d"]);
    expect(await titleOf("a")).toBe("Renamed");
    expect(outcome(await sync())).toMatchObject({ create: [], update: [], remove: [] });
  });
  it("is shown as a plan before it is applied", async () => {
    push(registry([plain("a")]));
    expect(outcome(await plan())).toMatchObject({ applied: false, create: [{ name: "a" }] });
    expect(await names()).toEqual([]);
  });
  it("takes over all or nothing, and names every connector and field that is wrong", async () => {
    push(registry([plain("a")]));
    await sync();
    const bad = registry([
      plain("a", { name: "Changed" }),
      plain("b", { name: "x".repeat(256) }),
      plain("c", { url: "https://10.0.0.1/a", headers: [{ key: "A" }, { key: "a" }] }),
      { ...plain("d"), url: undefined },
    ]);
    push(bad);
    const failed = outcome(await sync());
    expect(failed.applied).toBe(false);
    const pointers = failed.problems.map(({ pointer }) => pointer);
    expect(pointers.some((pointer) => pointer.startsWith("/connectors/1/name"))).toBe(true);
    expect(pointers.some((pointer) => pointer.startsWith("/connectors/2/headers"))).toBe(true);
    expect(pointers.some((pointer) => pointer.startsWith("/connectors/3"))).toBe(true);
    expect([await names(), await titleOf("a")]).toEqual([["a"], "The a"]);
    const { body } = await stack.send("GET", "/v1/repositories", {});
    expect((body as { items: { state: string }[] }).items[0]?.state).toBe("failed");
  });
  it("fails on text that is no JSON, with line and column", async () => {
    push({ "connectors_registry.json": '{\n  "connectors": [,]\n}' });
    expect(outcome(await sync()).problems).toMatchObject([{ path: "connectors_registry.json", line: 2 }]);
  });
  it("reports unknown keys with line and column", async () => {
    push(registry([plain("a", { paylod: "x" })]));
    const { problems, applied } = outcome(await sync());
    expect(applied).toBe(false);
    expect(problems).toMatchObject([
      { pointer: expect.stringContaining("/connectors/0"), line: expect.any(Number), column: expect.any(Number) },
    ]);
    expect(problems[0]?.message).toContain("paylod");
    expect(problems[0]?.line).toBeGreaterThan(3);
  });
  it("refuses a permalink that occurs twice, and one that somebody made by hand", async () => {
    push(registry([plain("a"), plain("a", { name: "Another" })]));
    expect(outcome(await sync()).problems[0]?.message).toContain('"a"');
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: plain("mine") }));
    push(registry([plain("mine"), plain("other")]));
    const clash = outcome(await sync());
    expect([clash.applied, clash.problems[0]?.message]).toEqual([false, expect.stringContaining('"mine"')]);
    expect(await names()).toEqual(["mine"]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/mine"));
  });
  it("deletes everything of the repository when the file lists nothing, and nothing else", async () => {
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: plain("mine") }));
    push(registry([plain("a"), plain("b")]));
    await sync();
    expect(await names()).toEqual(["a", "b", "mine"]);
    push({ "connectors_registry.json": { connectors: [] } });
    expect([...outcome(await sync()).remove].sort()).toEqual(["a", "b"]);
    expect(await names()).toEqual(["mine"]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/mine"));
  });
  it("deletes nothing because a file is missing, empty, or without a list", async () => {
    push(registry([plain("a")]));
    await sync();
    const missing = "There is no definition file: a connector would be deleted.";
    const table: readonly [content: unknown, message: string, place: object][] = [
      [undefined, missing, { hint: expect.stringContaining('{ "connectors": [] }') }],
      ["", "", { line: 1, column: 1 }],
      ['{ "connectors": [5] }', "", { line: 1, column: 18 }],
      ["\n {}", "A registry has at least one list.", { line: 2, column: 2, hint: expect.stringContaining("[]") }],
      ['{\n "connectors": null }', '"connectors" must be a list.', { line: 2, column: 16 }],
    ];
    for (const [content, message, place] of table) {
      push({ "connectors_registry.json": content });
      for (const answer of [await plan(), await sync()]) {
        const { applied, problems, remove } = outcome(answer);
        expect([applied, problems.length, remove]).toEqual([false, 1, message === missing ? ["a"] : []]);
        expect(problems[0]).toMatchObject({ path: "connectors_registry.json", ...place });
        expect(problems[0]?.message).toContain(message);
      }
      expect(await names()).toEqual(["a"]);
    }
    push({ "connectors_registry.json": undefined, "connectors/books/connector.json": own("1.0.0") });
    expect(outcome(await sync()).problems[0]?.message).toContain("no connectors_registry.json any more");
    expect(await names()).toEqual(["a"]);
    push({ "connectors_registry.json": registry([plain("a")])["connectors_registry.json"] });
    expect(outcome(await sync()).applied).toBe(true);
    push(registry([]));
    expect(outcome(await sync()).remove).toEqual(["a"]);
  });
  it("refuses names that come twice, and says which permalinks meet", async () => {
    const composite = { name: "A", permalink: "x", steps: [{ name: "s", url: "https://api.example" }] };
    push(registry([plain("x", { name: "A" }), plain("y", { name: "A" })], [composite]));
    const { problems } = outcome(await sync());
    expect(problems.map(({ pointer }) => pointer)).toEqual(["/connectors/1/name", "/composite_connectors/0/permalink"]);
    expect(problems[0]).toMatchObject({ line: 9, message: expect.stringContaining("/connectors/0/name in line 4") });
    expect(problems[1]?.message).toContain('A composite and a plain connector share the permalink "x"');
    const nameless = (name: string) => ({ name, url: "https://api.example/a" });
    push(registry([nameless("日本"), nameless("天気")]));
    expect(outcome(await sync()).problems).toMatchObject([
      { pointer: "/connectors/1/name", message: expect.stringContaining('made of the name "天気"'), line: 8 },
    ]);
  });
  it("reads no installed packages and no hidden folders", async () => {
    push({
      ...registry([plain("a")]),
      "node_modules/z/connector.json": { foo: 1 },
      "connectors/.old/connector.json": "{",
      ".cache/connector.json": "{",
    });
    expect(outcome(await sync())).toMatchObject({ applied: true, problems: [], create: [{ name: "a" }] });
    push({ "connectors/z/connector.json": { foo: 1 } });
    expect(outcome(await sync()).applied).toBe(false);
  });
  it("reads our own folder layout too", async () => {
    const definition = own("1.0.0");
    push({ "connectors/books/connector.json": definition });
    expect(outcome(await sync()).create).toMatchObject([{ name: "books", version: "1.0.0" }]);
    push({ "connectors/books/connector.json": { ...definition, title: "Changed" } });
    expect(outcome(await sync()).problems[0]?.message).toContain("1.0.0");
  });
  it("refuses a commit that goes back to an older version, with all that comes with it", async () => {
    const books = (version: string, title: string) => ({ "connectors/books/connector.json": own(version, title) });
    push(books("1.0.0", "one"));
    await sync();
    push(books("1.1.0", "two"));
    expect(outcome(await sync()).applied).toBe(true);
    push({ ...books("1.0.0", "one"), ...registry([plain("a")]) });
    const back = outcome(await sync());
    expect(back).toMatchObject({ applied: false, update: [] });
    expect(back.problems).toMatchObject([
      {
        path: "connectors/books/connector.json",
        pointer: "/version",
        line: 5,
        message: 'The connector "books" goes back to 1.0.0, but 1.1.0 is published and stays live.',
        hint: expect.stringContaining("publish the old content as 1.1.1"),
      },
    ]);
    expect([await names(), await titleOf("books")]).toEqual([["books"], "two"]);
    push(books("1.1.1", "one"));
    expect(outcome(await sync())).toMatchObject({ applied: true, update: [{ from: "1.1.0", version: "1.1.1" }] });
    expect([await names(), await titleOf("books")]).toEqual([["a", "books"], "one"]);
  });
  it("warns of secrets and variables that do not exist", async () => {
    const value = "{{ get_secret('nobody') }}{{ get_variable('nothing') }}{{ get_secret('push') }}";
    push(registry([plain("a", { headers: [{ key: "X-A", value }] })]));
    const { warnings, applied } = outcome(await sync());
    expect([applied, warnings.length, warnings.join(" ")]).toEqual([true, 2, expect.stringMatching(/nobody.*nothing/)]);
  });
});

describe("check 22: what a repository manages", () => {
  it("cannot be changed by hand", async () => {
    push(registry([plain("a")]));
    await sync();
    const attempts: readonly [method: string, path: string, body?: object][] = [
      ["POST", "/v1/connectors", plain("a", { name: "By hand" })],
      ["POST", "/v1/connectors?publish=true", plain("a", { name: "By hand" })],
      ["DELETE", "/v1/connectors/a"],
      ["DELETE", "/v1/connectors/a/versions/0.0.0"],
    ];
    for (const [method, path, body] of attempts) {
      const answer = await stack.send(method, path, body === undefined ? {} : { body });
      expect([path, (answer.body as { code: string }).code]).toEqual([path, "RESOURCE_LOCKED"]);
    }
    expect(await titleOf("a")).toBe("The a");
  });
  it("stays when the repository is removed, and is free then", async () => {
    push(registry([plain("a"), plain("b"), plain("c")]));
    await sync();
    await expectStatus(204, stack.send("DELETE", "/v1/repositories/main", {}));
    expect(await names()).toEqual(["a", "b", "c"]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/a", {}));
    const byHand = own("1.0.0", "By hand");
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: { ...byHand, name: "b" } }));

    // Registered again, it takes back what nobody has changed, and overwrites nothing.
    await put();
    expect(outcome(await sync()).problems).toMatchObject([
      { pointer: "/connectors/1/permalink", message: expect.stringMatching(/"b" that is not from this repository/) },
    ]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/b", {}));
    push(registry([plain("a"), plain("c")]));
    await expectStatus(201, stack.send("POST", "/v1/connectors", { body: { ...own("0.0.9"), name: "c" } }));
    expect(outcome(await sync()).problems).toMatchObject([
      { pointer: "/connectors/1/permalink", message: expect.stringMatching(/"c" was changed by hand/) },
    ]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/c/versions/0.0.9", {}));
    expect(outcome(await sync())).toMatchObject({ applied: true, create: [{ name: "a" }], remove: [] });
    const locked = await stack.send("DELETE", "/v1/connectors/c", {});
    expect((locked.body as { code: string }).code).toBe("RESOURCE_LOCKED");
  });
});

describe("check 22: a push event", () => {
  const event = JSON.stringify({ ref: "refs/heads/main" });
  const hook = async (body: string, headers: Readonly<Record<string, string>>): Promise<Response> => {
    const { body: listed } = await stack.send("GET", "/v1/repositories", {});
    const { webhookUrl } = (listed as { items: { webhookUrl: string }[] }).items[0] as { webhookUrl: string };
    return fetch(stack.url + new URL(webhookUrl).pathname, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  };
  const sign = (body: string, secret = webhookSecret) => ({
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  });
  it("that is signed synchronises", async () => {
    push(registry([plain("pushed")]));
    expect((await hook(event, sign(event))).status).toBe(202);
    await eventually(names, ["pushed"]);
  });
  it("that comes as a form, as GitHub sends it by default, does too", async () => {
    push(registry([plain("formed")]));
    const form = `payload=${encodeURIComponent(event)}`;
    const type = { "content-type": "application/x-www-form-urlencoded" };
    expect((await hook(form, { ...type, ...sign(form, "another-secret") })).status).toBe(401);
    expect(await (await hook(form, { ...type, ...sign(form) })).json()).toEqual({ accepted: true });
    await eventually(names, ["formed"]);
    for (const bad of ["a=b", "payload=%7B"]) {
      const answer = await hook(bad, { ...type, ...sign(bad) });
      expect([bad, answer.status]).toEqual([bad, 400]);
    }
  });
  it("that comes during a synchronisation is answered by a further one", async () => {
    push(registry([plain("a", { name: "P1" })]));
    const pack = git.holdPack();
    expect((await hook(event, sign(event))).status).toBe(202);
    await pack.reached;
    push(registry([plain("a", { name: "P2" })]));
    expect((await hook(event, sign(event))).status).toBe(202);
    push(registry([plain("a", { name: "P3" })]));
    expect((await hook(event, sign(event))).status).toBe(202);
    pack.release();
    await eventually(() => titleOf("a"), "P3");
    const { body } = await stack.send("GET", "/v1/connectors/a/versions", {});
    expect((body as { items: { version: string }[] }).items.map(({ version }) => version)).toEqual(["0.0.1", "0.0.0"]);
  });
  it("that comes during one on demand is answered as well", async () => {
    push(registry([plain("a", { name: "P1" })]));
    const pack = git.holdPack();
    const first = sync();
    await pack.reached;
    push(registry([plain("a", { name: "P2" })]));
    expect((await sync()).status).toBe(409);
    expect((await hook(event, sign(event))).status).toBe(202);
    pack.release();
    expect((await first).status).toBe(200);
    await eventually(() => titleOf("a"), "P2");
  });
  it("that is not, or not with the secret, or about other content, changes nothing", async () => {
    push(registry([plain("pushed")]));
    for (const headers of [{}, sign(event, "another-secret"), sign(`${event} `)]) {
      expect((await hook(event, headers)).status).toBe(401);
    }
    const other = JSON.stringify({ ref: "refs/heads/other" });
    expect(await (await hook(other, sign(other))).json()).toEqual({ accepted: false });
    expect(await names()).toEqual([]);
  });
});

describe("check 22: a repository that is changed during its synchronisation", () => {
  const listed = async () => {
    const { body } = await stack.send("GET", "/v1/repositories", {});
    return (body as { items: object[] }).items;
  };
  const during = async (change: () => Promise<unknown>): Promise<Answer> => {
    const pack = git.holdPack();
    const running = sync();
    await pack.reached;
    await change();
    pack.release();
    return running;
  };
  const write = (more: object) => () =>
    expectStatus(
      200,
      stack.send("PUT", "/v1/repositories/main", {
        body: { url: origin.url, ...repository, ...more },
      }),
    );

  it("keeps the new branch, and gets nothing of the old one", async () => {
    push(registry([plain("a")]));
    const answer = await during(write({ branch: "other" }));
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([409, "CONFLICT"]);
    expect(await listed()).toMatchObject([{ branch: "other", state: "new", commit: null }]);
    expect(await names()).toEqual([]);
  });
  it("keeps what else was written, beside how the synchronisation went", async () => {
    push(registry([plain("a")]));
    expect((await during(write({ webhookSecret: "second" }))).status).toBe(200);
    const [shown] = await listed();
    expect(shown).toMatchObject({ branch: "main", webhookSecret: "second", state: "synchronised", message: null });
    expect(Object.keys(shown ?? {}).filter((key) => ["requested", "hasRegistryFile"].includes(key))).toEqual([]);
    expect(await names()).toEqual(["a"]);
  });
  it("stays removed, and locks nothing", async () => {
    push(registry([plain("a")]));
    await sync();
    push(registry([plain("a", { name: "Later" }), plain("b")]));
    const answer = await during(() => expectStatus(204, stack.send("DELETE", "/v1/repositories/main", {})));
    expect(answer.status).toBe(409);
    expect([await listed(), await names(), await titleOf("a")]).toEqual([[], ["a"], "The a"]);
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/a", {}));
  });
});

describe("check 22: workspaces", () => {
  it("have copies of their own", async () => {
    const { body } = await expectStatus(201, stack.send("POST", "/v1/workspaces", { body: { name: "second" } }));
    const { key } = (body as { key: { key: string } }).key;
    push(registry([plain("a")]));
    await put(key);
    await expectStatus(200, sync(key));
    expect([await names(key), await names()]).toEqual([["a"], []]);
    await expectStatus(200, sync());
    await expectStatus(204, stack.send("DELETE", "/v1/repositories/main", { key }));
    expect(await names()).toEqual(["a"]);
  });
});
