import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * Two replicas on one Postgres, two connectors that read a URL and one that writes it. What one replica keeps serves the
 * other, and what is dropped at one is dropped at both.
 */
let postgres: TestPostgres;
let stack: Stack;
let second: RunningServer;
let upstream: Server;
let asked: string[];
const soon = { timeout: 5000, interval: 50 };

beforeAll(async () => {
  upstream = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "text/plain", "cache-control": "max-age=600" });
    response.end(`answer ${asked.length}`);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  postgres = await startTestPostgres();
  stack = await startStack({
    odd: false,
    databaseUrl: await postgres.createDatabase("replicas_cache"),
    environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${port}` },
  });
  second = await startServer(resolveConfig({ ...stack.environment, JUNCTOR_LOG_LEVEL: "silent" }));
  for (const [permalink, method] of [
    ["read", "GET"],
    ["read-too", "GET"],
    ["write", "POST"],
  ] as const) {
    const body = {
      name: permalink,
      permalink,
      method,
      url: `http://127.0.0.1:${port}/{{ pathParams.case }}`,
      path_parameters: [{ key: "case" }],
    };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body }));
  }
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await second.close();
  await stack.stop();
  await postgres.stop();
});

/** Calls a connector at a replica and says what its cache did. */
async function ask(at: "first" | "second", permalink: string, name: string): Promise<string | null> {
  const response = await fetch(`${at === "first" ? stack.url : second.url}/connectors/${permalink}/execute`, {
    method: permalink === "write" ? "POST" : "GET",
    headers: { authorization: `Bearer ${stack.key}`, "x-path-params": `case=${name}` },
  });
  expect([response.status, (await response.text()).startsWith("answer ")]).toEqual([200, true]);
  return response.headers.get("x-junctor-cache");
}

/** Has both replicas keep what both connectors read, in memory and in the store. */
async function warm(name: string): Promise<void> {
  asked = [];
  for (const permalink of ["read", "read-too"]) {
    expect(await ask("first", permalink, name)).toBe("miss");
    await expect.poll(() => ask("second", permalink, name), soon).toBe("hit");
  }
  expect(asked.length).toBeLessThanOrEqual(4);
}

describe("a cache of two replicas", () => {
  it("answers at one from what the other fetched, and keeps connectors apart", async () => {
    await warm("shared");
    expect(await ask("first", "read", "shared")).toBe("hit");
  });
  it("drops at both what a write through another connector changed, for every connector, and nothing else", async () => {
    await warm("changed");
    await warm("left");
    expect(await ask("second", "write", "changed")).toBeNull();
    for (const permalink of ["read", "read-too"]) {
      await expect.poll(async () => isGone("first", permalink, "changed"), soon).toBe(true);
    }
    expect([await ask("first", "read", "left"), await ask("second", "read", "left")]).toEqual(["hit", "hit"]);
  });
  it("drops at both what a purge of one connector names", async () => {
    await warm("purged");
    await expectStatus(200, stack.send("POST", "/v1/cache/purge", { body: { connector: "read" }, server: second }));
    await expect.poll(async () => isGone("first", "read", "purged"), soon).toBe(true);
    expect([await ask("first", "read-too", "purged"), await ask("second", "read-too", "purged")]).toEqual([
      "hit",
      "hit",
    ]);
  });
  it("drops at both what a purge of everything names", async () => {
    await warm("emptied");
    await expectStatus(200, stack.send("POST", "/v1/cache/purge", { server: second }));
    for (const permalink of ["read", "read-too"]) {
      await expect.poll(async () => isGone("first", permalink, "emptied"), soon).toBe(true);
    }
  });
});

/** Whether an answer is gone at a replica: it had to be fetched again. */
async function isGone(at: "first" | "second", permalink: string, name: string): Promise<boolean> {
  const before = asked.length;
  await ask(at, permalink, name);
  return asked.length > before;
}
