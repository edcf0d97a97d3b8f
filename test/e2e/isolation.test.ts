import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Everything a workspace has is made in `default`; a key of another workspace must find none of it. */
let stack: Stack;
let otherKey: string;
let ids: { readonly connection: string; readonly key: string; readonly execution: string };

beforeAll(async () => {
  stack = await startStack();
  const created = await expectStatus(201, stack.send("POST", "/v1/workspaces", { body: { name: "Other" } }));
  otherKey = (created.body as { key: { key: string } }).key.key;
  await expectStatus(200, stack.send("PUT", "/v1/variables/plain", { body: { value: 1 } }));
  const connections = (await stack.send("GET", "/v1/connections")).body as { items: { id: string }[] };
  const keys = (await stack.send("GET", "/v1/keys")).body as { items: { id: string }[] };
  const call = await expectStatus(200, stack.execute("odd", "plain", { connection: "main" }));
  ids = {
    connection: connections.items[0]?.id ?? "",
    key: keys.items[0]?.id ?? "",
    execution: (call.body as { meta: { executionId: string } }).meta.executionId,
  };
  // A record appears within a second of its call.
  await new Promise((resolve) => setTimeout(resolve, 1000));
});
afterAll(() => stack.stop());

describe("a key of another workspace", () => {
  for (const list of ["connectors", "connections", "secrets", "variables", "executions"]) {
    it(`sees no ${list}`, async () => {
      const own = (await stack.send("GET", `/v1/${list}`)).body as { items: unknown[] };
      const theirs = await expectStatus(200, stack.send("GET", `/v1/${list}`, { key: otherKey }));
      expect(own.items.length).toBeGreaterThan(0);
      expect((theirs.body as { items: unknown[] }).items).toEqual([]);
    });
  }

  it("sees only its own keys and its own audit trail", async () => {
    const keys = (await stack.send("GET", "/v1/keys", { key: otherKey })).body as { items: { id: string }[] };
    expect(keys.items).toHaveLength(1);
    expect(keys.items[0]?.id).not.toBe(ids.key);
    const audit = (await stack.send("GET", "/v1/audit", { key: otherKey })).body as { items: { resource: string }[] };
    expect(audit.items.filter(({ resource }) => !resource.startsWith("workspace:"))).toEqual([]);
  });

  const refused: readonly [method: string, path: () => string, body: unknown, code: string][] = [
    ["GET", () => "/v1/connectors/odd", undefined, "CONNECTOR_UNKNOWN"],
    ["GET", () => "/v1/connectors/odd/versions", undefined, "CONNECTOR_UNKNOWN"],
    ["GET", () => "/v1/connectors/odd/versions/1.0.0", undefined, "VERSION_UNKNOWN"],
    ["POST", () => "/v1/connectors/odd/versions/1.0.0/publish", undefined, "VERSION_UNKNOWN"],
    ["DELETE", () => "/v1/connectors/odd", undefined, "CONNECTOR_UNKNOWN"],
    ["GET", () => `/v1/connections/${ids.connection}`, undefined, "CONNECTION_UNKNOWN"],
    ["PATCH", () => `/v1/connections/${ids.connection}`, { name: "mine" }, "CONNECTION_UNKNOWN"],
    ["POST", () => `/v1/connections/${ids.connection}/test`, undefined, "CONNECTION_UNKNOWN"],
    ["DELETE", () => `/v1/connections/${ids.connection}`, undefined, "CONNECTION_UNKNOWN"],
    ["DELETE", () => "/v1/secrets/canary", undefined, "RESOURCE_UNKNOWN"],
    ["DELETE", () => "/v1/variables/plain", undefined, "RESOURCE_UNKNOWN"],
    ["DELETE", () => `/v1/keys/${ids.key}`, undefined, "RESOURCE_UNKNOWN"],
    ["GET", () => `/v1/executions/${ids.execution}`, undefined, "RESOURCE_UNKNOWN"],
    ["POST", () => "/v1/connectors/odd/actions/plain/execute", { connection: "main" }, "CONNECTOR_UNKNOWN"],
    ["POST", () => "/v1/connectors/odd/actions/plain/dry-run", { connection: "main" }, "CONNECTOR_UNKNOWN"],
    ["GET", () => "/v1/workspaces", undefined, "FORBIDDEN"],
    ["GET", () => "/metrics", undefined, "FORBIDDEN"],
  ];
  for (const [method, path, body, code] of refused) {
    it(`${method} ${path.toString().slice(6, -1)} → ${code}`, async () => {
      const answer = await stack.send(method, path(), { key: otherKey, ...(body === undefined ? {} : { body }) });
      expect(answer.body).toMatchObject({ code });
    });
  }

  it("left everything as it was", async () => {
    expect((await stack.send("GET", `/v1/connections/${ids.connection}`)).status).toBe(200);
    expect((await stack.send("GET", "/v1/connectors/odd")).status).toBe(200);
    expect((await stack.execute("odd", "plain", { connection: "main" })).status).toBe(200);
  });
});

describe("a connection's name or id of another workspace is no way in", () => {
  it("even when both workspaces have the connector", async () => {
    const definition = ((await stack.send("GET", "/v1/connectors/odd")).body as { definition: object }).definition;
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition, key: otherKey }));
    for (const connection of ["main", ids.connection]) {
      const answer = await stack.execute("odd", "plain", { connection }, { key: otherKey });
      expect(answer.body).toMatchObject({ code: "CONNECTION_UNKNOWN" });
    }
  });
});

describe("scopes", () => {
  it("a key may do what its scopes say, and nothing else", async () => {
    const made = await expectStatus(201, stack.send("POST", "/v1/keys", { body: { name: "caller" } }));
    const key = (made.body as { key: string }).key;
    expect((await stack.execute("odd", "plain", { connection: "main" }, { key })).status).toBe(200);
    for (const path of ["/v1/connectors", "/v1/secrets", "/v1/keys", "/v1/executions", "/v1/audit"]) {
      expect((await stack.send("GET", path, { key })).body).toMatchObject({
        code: "FORBIDDEN",
        hint: expect.any(String),
      });
    }
  });

  it("a key gives no scope that it lacks", async () => {
    const made = await expectStatus(
      201,
      stack.send("POST", "/v1/keys", { body: { name: "k", scopes: ["keys:write"] } }),
    );
    const key = (made.body as { key: string }).key;
    for (const scopes of [["*"], ["execute"], ["admin"]]) {
      const answer = await stack.send("POST", "/v1/keys", { key, body: { name: "more", scopes } });
      expect(answer.body).toMatchObject({ code: "FORBIDDEN" });
    }
  });
});
