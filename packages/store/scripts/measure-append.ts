import { randomUUID } from "node:crypto";
import type { ExecutionRecord } from "@junctor/core";
import { openStore, type StoreOptions } from "@junctor/store";
import { startTestPostgres } from "@junctor/store/testkit";

// Measures what recording a call costs this process, one row per statement and in batches, on both engines.
//   node --conditions=source packages/store/scripts/measure-append.ts
// Figures stand in docs/adr/0141-group-commit.md.

const rows = 4_000;

async function measure(title: string, options: StoreOptions): Promise<void> {
  const store = await openStore(options);
  await store.migrate();
  for (const size of [1, 20, 200]) {
    await append(makeBatches(size, 400), size);
    const batches = makeBatches(size, rows);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await append(batches, size);
    const wall = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(cpu);
    const each = ((user + system) / rows).toFixed(1).padStart(7);
    console.log(
      `${title.padEnd(9)} batch ${String(size).padStart(3)}: ${each} µs CPU per row, ${Math.round((rows / wall) * 1000)} rows/s`,
    );
  }
  await store.close();

  /** Small batches ten at a time, as of ten callers; large ones one after the other, as of one writer. */
  async function append(waiting: ExecutionRecord[][], size: number): Promise<void> {
    const work = async (): Promise<void> => {
      for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
        await store.stores.executions.append(batch);
      }
    };
    await Promise.all(Array.from({ length: size === 200 ? 1 : 10 }, work));
  }
}

const makeBatches = (size: number, count: number): ExecutionRecord[][] =>
  Array.from({ length: count / size }, () => Array.from({ length: size }, makeRow));

const makeRow = (): ExecutionRecord => ({
  id: randomUUID(),
  workspaceId: "w",
  requestId: randomUUID(),
  connector: "bookshop",
  connectorVersion: "1.2.0",
  action: "createOrder",
  connectionId: randomUUID(),
  surface: "rest",
  callerKind: "service",
  callerId: randomUUID(),
  startedAt: new Date().toISOString(),
  durationMs: 12.3,
  outcome: "succeeded",
  errorCode: null,
  errorStage: null,
  upstreamStatus: 200,
  attempts: 1,
  cache: null,
});

const postgres = await startTestPostgres();
try {
  await measure("Postgres", { kind: "postgres", url: postgres.url });
  await measure("PGlite", { kind: "memory" });
} finally {
  await postgres.stop();
}
