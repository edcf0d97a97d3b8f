import { createHmac } from "node:crypto";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DefinitionRepository, makeDefinitionRepository } from "./harness/definition-repository.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Two replicas on one Postgres and a Git repository: no push is lost, whichever replica is told of it. */
let postgres: TestPostgres;
let origin: DefinitionRepository;
let stack: Stack;
let second: RunningServer;
let hookPath: string;
const secret = "push-events-are-signed-with-this";
const event = JSON.stringify({ ref: "refs/heads/main" });
const soon = { timeout: 10_000, interval: 100 };

const startReplica = () => startServer(resolveConfig({ ...stack.environment, JUNCTOR_LOG_LEVEL: "silent" }));

beforeAll(async () => {
  origin = await makeDefinitionRepository();
  pushNamed("P0");
  postgres = await startTestPostgres();
  stack = await startStack({
    odd: false,
    databaseUrl: await postgres.createDatabase("registry_replicas"),
    environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${origin.server.port}` },
  });
  stack.guard(secret);
  await expectStatus(200, stack.send("PUT", "/v1/secrets/push", { body: { value: secret, hosts: [] } }));
  const body = { url: origin.url, branch: "main", webhookSecret: "push" };
  const { body: shown } = await expectStatus(200, stack.send("PUT", "/v1/repositories/main", { body }));
  hookPath = new URL((shown as { webhookUrl: string }).webhookUrl).pathname;
});
afterAll(async () => {
  await stack.stop();
  await postgres.stop();
  origin.close();
});
beforeEach(async () => {
  second = await startReplica();
});

/** Pushes the one connector `a` under a name. */
function pushNamed(name: string): void {
  const connectors = [{ name, permalink: "a", url: "https://api.example/a" }];
  origin.push({ "connectors_registry.json": { connectors } });
}

const hook = async (server: RunningServer): Promise<void> => {
  const signature = `sha256=${createHmac("sha256", secret).update(event).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  const response = await fetch(server.url + hookPath, { method: "POST", headers, body: event });
  expect([response.status, await response.json()]).toEqual([202, { accepted: true }]);
};
const title = async (): Promise<unknown> => {
  const { body } = await stack.send("GET", "/v1/connectors/a", {});
  return (body as { definition?: { title?: unknown } }).definition?.title;
};
const sync = () => stack.send("POST", "/v1/repositories/main/sync", {});

describe("a push", () => {
  it("that one replica is told of during the synchronisation of another is answered", async () => {
    const pack = origin.server.holdPack();
    pushNamed("P1");
    await hook(stack.server);
    await pack.reached;
    pushNamed("P2");
    await hook(second);
    pack.release();
    await expect.poll(title, soon).toBe("P2");
    await second.close();
  });
  it("is answered by the replica that synchronises when the one that was told stops", async () => {
    await expect.poll(async () => (await sync()).status, soon).toBe(200);
    const pack = origin.server.holdPack();
    const running = sync();
    await pack.reached;
    pushNamed("P3");
    await hook(second);
    await second.close();
    pack.release();
    expect((await running).status).toBe(200);
    await expect.poll(title, soon).toBe("P3");
  });
  it("is answered after a start when every replica that knew of it has ended", async () => {
    pushNamed("P4");
    const workspaceId = hookPath.split("/")[3] ?? "";
    const left = (value: object) => ({ ...value, requested: "left-by-a-replica" });
    await stack.server.context.stores.settings.update(workspaceId, "repository", "main", left);
    await second.close();
    expect(await title()).toBe("P3");
    second = await startReplica();
    await expect.poll(title, soon).toBe("P4");
    await second.close();
  });
});
