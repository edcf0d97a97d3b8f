import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCanary } from "./harness/canary.ts";
import { oddConnector } from "./harness/odd-connector.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Two replicas on one Postgres. What is changed at the first must hold at the second within five seconds. */
let postgres: TestPostgres;
let stack: Stack;
let second: RunningServer;
const soon = { timeout: 5000, interval: 50 };

beforeAll(async () => {
  postgres = await startTestPostgres();
  stack = await startStack({ databaseUrl: await postgres.createDatabase("replicas") });
  second = await startServer(resolveConfig({ ...stack.environment, JUNCTOR_LOG_LEVEL: "silent" }));
});
afterAll(async () => {
  await second.close();
  await stack.stop();
  await postgres.stop();
});

const callSecond = (action: string, body: object = {}, key?: string) =>
  stack.execute(
    "odd",
    action,
    { connection: "main", ...body },
    { server: second, ...(key === undefined ? {} : { key }) },
  );

describe("a change at one replica holds at the other", () => {
  it("a call is answered by either", async () => {
    expect((await stack.execute("odd", "plain", { connection: "main" })).status).toBe(200);
    expect((await callSecond("plain")).status).toBe(200);
  });

  it("a revoked key", async () => {
    const made = await expectStatus(201, stack.send("POST", "/v1/keys", { body: { name: "to be revoked" } }));
    const { id, key } = made.body as { id: string; key: string };
    expect((await callSecond("plain", {}, key)).status).toBe(200);
    await expectStatus(204, stack.send("DELETE", `/v1/keys/${id}`));
    await expect.poll(async () => (await callSecond("plain", {}, key)).status, soon).toBe(401);
  });

  it("a rotated secret", async () => {
    const ends = ["old-end", "new-end"].map((name) => makeCanary(name));
    // The upstream says how long the secret was, not what it was: lengths differ, values stay unseen.
    const lengthSeen = async () => {
      const { body } = await callSecond("echo", { input: { message: "m" } });
      return JSON.stringify((body as { output?: { headers?: unknown } }).output?.headers ?? body);
    };
    for (const value of ends) stack.guard(value);
    await expectStatus(
      200,
      stack.send("PUT", "/v1/secrets/canary", { body: { value: ends[0], hosts: ["127.0.0.1"] } }),
    );
    await expect.poll(lengthSeen, soon).toContain("[redacted]");
    await expectStatus(
      200,
      stack.send("PUT", "/v1/secrets/canary", { body: { value: ends[1], hosts: ["api.example"] } }),
    );
    await expect
      .poll(async () => (await callSecond("echo", { input: { message: "m" } })).body, soon)
      .toMatchObject({ code: "SECRET_HOST_REFUSED" });
  });

  it("a deleted secret", async () => {
    await expectStatus(204, stack.send("DELETE", "/v1/secrets/canary"));
    await expect
      .poll(async () => (await callSecond("echo", { input: { message: "m" } })).body, soon)
      .toMatchObject({ code: "SECRET_UNKNOWN" });
  });

  it("a published version", async () => {
    const body = { ...oddConnector(stack.odd.url), version: "1.1.0", title: "Odder" };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body }));
    await expect
      .poll(async () => ((await callSecond("plain")).body as { meta: { version: string } }).meta.version, soon)
      .toBe("1.1.0");
  });

  it("a deleted connection", async () => {
    const { items } = (await stack.send("GET", "/v1/connections")).body as { items: { id: string }[] };
    for (const { id } of items) await expectStatus(204, stack.send("DELETE", `/v1/connections/${id}`));
    await expect.poll(async () => (await callSecond("plain")).body, soon).toMatchObject({ code: "CONNECTION_UNKNOWN" });
  });
});
