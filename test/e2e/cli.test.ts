import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadOrCreateKeyFile } from "@junctor/core";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bookshop, startBookshop } from "../../examples/bookshop-api/start-bookshop.ts";

/** The command as people run it, against a real server, with the bookshop as upstream. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "packages/cli/bin/junctor.mjs");
const key = `jk_${randomBytes(30).toString("base64url")}`;
let folder: string;
let shop: Bookshop;
let server: RunningServer;

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

const start = (args: readonly string[]) =>
  spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, JUNCTOR_URL: server.url, JUNCTOR_KEY: key },
  });

const junctor = (args: readonly string[], input = ""): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = start(args);
    const out: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => error.push(chunk));
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), error: Buffer.concat(error).toString() }),
    );
    child.stdin.end(input);
  });

const json = async <Value = Record<string, unknown>>(args: readonly string[], input?: string): Promise<Value> =>
  JSON.parse((await junctor([...args, "--json"], input)).out) as Value;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "junctor-e2e-cli-"));
  shop = await startBookshop({ port: 0, token: "shop-token-1234" });
  const { keyPort } = await loadOrCreateKeyFile(join(folder, "master-key"));
  const config = resolveConfig({
    JUNCTOR_PORT: "0",
    JUNCTOR_DATA_DIR: join(folder, "data"),
    JUNCTOR_LOG_LEVEL: "silent",
    JUNCTOR_FIRST_KEY: key,
    JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${shop.port}`,
  });
  server = await startServer(config, { keyPort });
});

afterAll(async () => {
  await server?.close();
  await shop?.close();
});

const pets = (parameters: readonly object[]) => ({
  openapi: "3.1.0",
  info: { title: "Pets", version: "1.0.0" },
  servers: [{ url: "https://pets.example" }],
  paths: {
    "/pets": {
      get: { operationId: "listPets", summary: "List", parameters, responses: { "200": { description: "ok" } } },
    },
  },
});

describe("junctor import", () => {
  it("takes a changed source over and keeps what was edited by hand", async () => {
    const limit = { name: "limit", in: "query", schema: { type: "integer" } };
    const tag = { name: "tag", in: "query", schema: { type: "string" } };
    await writeFile(join(folder, "old.json"), JSON.stringify(pets([limit])));
    await writeFile(join(folder, "new.json"), JSON.stringify(pets([limit, tag])));
    expect((await junctor(["import", "old.json", "--out", "zoo"])).code).toBe(0);
    const file = join(folder, "zoo", "connector.json");
    const imported = JSON.parse(await readFile(file, "utf8")) as { description?: string };
    await writeFile(file, JSON.stringify({ ...imported, description: "By hand." }));
    const update = await json(["import", "new.json", "--update", "zoo", "--previous", "old.json"]);
    expect(update).toMatchObject({ ok: true, step: "minor" });
    const updated = JSON.parse(await readFile(file, "utf8")) as { description?: string };
    expect(updated.description).toBe("By hand.");
    expect(JSON.stringify(updated)).toContain('"tag"');
  });

  it("has a model draft from documentation, and lists what to check", async () => {
    const asked: string[] = [];
    const model = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => asked.push(chunk.toString()));
      request.on("end", () => {
        const content = JSON.stringify(pets([]));
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ choices: [{ message: { content }, finish_reason: "stop" }] }));
      });
    });
    await new Promise<void>((listening) => model.listen(0, "127.0.0.1", listening));
    try {
      const { port } = model.address() as AddressInfo;
      const flags = ["--from-docs", "--dry-run", "--model", "local", "--model-url", `http://127.0.0.1:${port}/v1`];
      const drafted = await json<{ checklist: unknown[] }>(["import", "-", ...flags], "GET /pets lists pets.");
      expect(drafted).toMatchObject({ connector: { name: "pets" }, operations: { imported: 1 } });
      expect(drafted.checklist.length).toBeGreaterThan(0);
      expect(asked.join("")).toContain("GET /pets lists pets.");
    } finally {
      model.close();
    }
    expect((await junctor(["import", "-", "--from-docs"], "x")).code).toBe(2);
  });
});

describe("junctor against a server", () => {
  it("publishes a folder once, connects it and calls it", async () => {
    const published = await junctor(["publish", join(root, "connectors/bookshop")]);
    expect(published).toMatchObject({ code: 0, out: expect.stringContaining("bookshop 1.0.0 is published") as string });
    const parameters = JSON.stringify({ token: "shop-token-1234", port: shop.port });
    const created = await json(
      ["connection", "create", "shop", "--connector", "bookshop", "--environment", "demo", "--parameters", "-"],
      parameters,
    );
    expect(created).toMatchObject({
      ok: true,
      connection: { name: "shop", status: "active", secretParameters: ["token"] },
    });
    expect(await junctor(["connection", "test", "shop"])).toMatchObject({
      code: 0,
      out: "It works: Corner Bookshop\n",
    });
    const call = ["call", "bookshop.getBook", "--connection", "shop", "--input", '{"isbn":"9780141439518"}'];
    expect(JSON.parse((await junctor(call)).out)).toMatchObject({ title: "Pride and Prejudice" });
    expect(await json(call)).toMatchObject({
      output: { isbn: "9780141439518" },
      meta: { version: "1.0.0", action: "getBook" },
    });
  });

  it("masks secrets in a dry run and sends nothing", async () => {
    const run = await junctor([
      "call",
      "bookshop.createOrder",
      "--connection",
      "shop",
      "--input",
      '{"isbn":"9780141439518"}',
      "--dry-run",
    ]);
    expect(run.code).toBe(0);
    expect(run.out).toContain(`POST http://127.0.0.1:${shop.port}/v1/orders`);
    expect(run.out).not.toContain("shop-token-1234");
    expect(await json(["call", "bookshop.listOrders", "--connection", "shop"])).toMatchObject({ output: [] });
  });

  it.each([
    ["the connector's own code", "createOrder", '{"isbn":"9780140449136"}', 1, "OUT_OF_STOCK"],
    ["an invalid input", "createOrder", '{"isbn":"1"}', 1, "INPUT_INVALID"],
    ["an unknown action", "nothing", "{}", 1, "ACTION_UNKNOWN"],
  ])("tells %s", async (_what, action, input, code, text) => {
    const run = await junctor(["call", `bookshop.${action}`, "--connection", "shop", "--input", input]);
    expect(run.code).toBe(code);
    expect(run.error).toContain(text);
  });

  it("writes a file's bytes as they are", async () => {
    const run = await junctor([
      "call",
      "bookshop.getCover",
      "--connection",
      "shop",
      "--input",
      '{"isbn":"9780141439518"}',
      "--output",
      "cover.png",
    ]);
    expect(run.code).toBe(0);
    expect((await readFile(join(folder, "cover.png"))).subarray(1, 4).toString()).toBe("PNG");
  });

  it("refuses a breaking change in a minor version, and names the version to use", async () => {
    const text = await readFile(join(root, "connectors/bookshop/connector.json"), "utf8");
    const definition = JSON.parse(text) as { version: string; actions: Record<string, unknown> };
    delete definition.actions.cancelOrder;
    definition.version = "1.1.0";
    await writeFile(join(folder, "next.json"), JSON.stringify(definition));
    expect(await junctor(["diff", "next.json"])).toMatchObject({
      code: 1,
      out: expect.stringContaining("major") as string,
    });
    expect(await junctor(["publish", "next.json"])).toMatchObject({
      code: 1,
      error: expect.stringContaining("VERSION_STEP_TOO_SMALL") as string,
    });
  });

  it("sets a secret from standard input and never shows it", async () => {
    expect(await junctor(["secret", "set", "token", "--hosts", "api.example.com"], "s3cret-value-9\n")).toMatchObject({
      code: 0,
    });
    const list = await junctor(["secret", "list", "--json"]);
    expect(JSON.parse(list.out)).toMatchObject({ secrets: [{ name: "token", hosts: ["api.example.com"] }] });
    expect(list.out).not.toContain("s3cret");
  });

  it("creates a key that may do what it says, and no more", async () => {
    const created = await junctor(["key", "create", "--name", "reader", "--scopes", "connectors:read"]);
    const other = created.out.trim();
    expect(other).toMatch(/^jk_/);
    expect((await junctor(["diff", join(root, "connectors/bookshop"), "--key", other])).code).toBe(0);
    expect((await junctor(["key", "list", "--key", other])).code).toBe(4);
    expect((await junctor(["key", "list", "--key", "jk_nobody"])).code).toBe(4);
  });

  it("prints types of the server's connectors", async () => {
    const { code, out } = await junctor(["types"]);
    expect(code).toBe(0);
    expect(out).toContain("export interface Connectors");
    expect(out).toMatch(/getBook/);
  });

  it("takes a backup", async () => {
    expect(await junctor(["backup", "copy.tar.gz"])).toMatchObject({ code: 0 });
    expect((await readFile(join(folder, "copy.tar.gz"))).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect((await junctor(["backup", "copy.tar.gz"])).code).toBe(2);
  });

  it("reloads a connector when its file changes, and goes on after a mistake", async () => {
    await junctor(["init", "live", "--auth", "none", "--base-url", shop.url]);
    const file = join(folder, "live", "connector.json");
    const text = await readFile(file, "utf8");
    const child = start(["dev", "live", "--json"]);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    const until = async (pattern: RegExp): Promise<void> => {
      for (let tries = 0; tries < 300 && !pattern.test(out); tries += 1) await sleep(100);
      expect(out).toMatch(pattern);
      out = "";
    };
    try {
      await until(/"kind":"tested","passed":3/);
      await writeFile(file, text.replace('"path"', '"pth"'));
      await until(/"kind":"refused".*did you mean \\"path\\"/);
      await writeFile(file, text.replace("Calls Live.", "Calls it live."));
      await until(/"kind":"uploaded".*"version":"0\.1\.0"/);
    } finally {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      // It runs until it is interrupted, so that is no failure.
      expect((await ended)[0]).toBe(0);
    }
  });

  it("imports a description in a process of its own, and stops one that takes too much", async () => {
    const document = {
      openapi: "3.1.0",
      info: { title: "Pets", version: "1.0.0" },
      servers: [{ url: "https://pets.example" }],
      paths: { "/pets": { get: { operationId: "listPets", responses: { "200": { description: "ok" } } } } },
    };
    expect(await json(["import", "-", "--out", "pets"], JSON.stringify(document))).toMatchObject({
      ok: true,
      connector: { name: "pets", version: "1.0.0" },
      operations: { source: 1, imported: 1, skipped: [] },
    });
    expect((await junctor(["lint", "pets", "--gate"])).code).toBe(0);
    expect(await junctor(["import", "-", "--dry-run", "--max-time", "0.001"], JSON.stringify(document))).toMatchObject({
      code: 1,
      error: expect.stringContaining("took longer than") as string,
    });
  });
});
