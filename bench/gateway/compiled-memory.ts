/**
 * Calls many different actions once each in one process and prints what each one that is kept compiled costs, in bytes. The first half
 * warms what all share; the second half is measured. Run with --expose-gc.
 */
import { type ConnectorVersionRecord, createEngine, digestDefinition, type JsonObject } from "@junctor/core";
import { createEgress } from "@junctor/egress";
import { manyOperations } from "./many-operations.ts";

const CONNECTORS = 10;
const ACTIONS = 100;
const upstreamPort = Number(process.env.UPSTREAM_PORT);

const records = new Map<string, ConnectorVersionRecord>();
for (let number = 0; number < CONNECTORS; number++) {
  const definition = manyOperations(number, ACTIONS, upstreamPort) as JsonObject;
  const name = `catalogue-${number}`;
  records.set(name, {
    workspaceId: "default",
    name,
    version: "1.0.0",
    state: "published",
    definition,
    digest: await digestDefinition(definition),
    source: { kind: "api", locked: false },
    createdAt: "2026-01-01T00:00:00Z",
    publishedAt: "2026-01-01T00:00:00Z",
  });
}

const nothing = { peek: () => null, load: async () => null, invalidate: () => undefined };
const egress = createEgress({ allow: [`127.0.0.1:${upstreamPort}`] });
const engine = createEngine({
  http: egress,
  connectors: {
    peek: (_workspace, name) => records.get(name) ?? null,
    load: async (_workspace, name) => records.get(name) ?? null,
    invalidate: () => undefined,
  },
  connections: nothing,
  secrets: nothing,
  variables: nothing,
  executions: { record: () => undefined },
  audit: { record: () => undefined },
  rateLimits: {
    lease: async (_key, _limit, _window, count) => ({ granted: count, resetAt: 0 }),
    observe: async () => undefined,
  },
});

async function callAll(first: number, last: number): Promise<number> {
  for (let number = first; number < last; number++) {
    for (let i = 0; i < ACTIONS; i++) {
      await engine.execute({
        workspace: { id: "default", name: "default" },
        caller: { kind: "service", id: "bench", scopes: ["execute"] },
        requestId: "bench",
        surface: "rest",
        connector: `catalogue-${number}`,
        action: `operation${i}`,
        input: { id: "1", name: "n" },
      });
    }
  }
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().heapUsed;
}

const half = CONNECTORS / 2;
const before = await callAll(0, half);
const after = await callAll(half, CONNECTORS);
console.log(JSON.stringify({ bytesPerAction: (after - before) / (half * ACTIONS) }));
await egress.close();
process.exit(0);
