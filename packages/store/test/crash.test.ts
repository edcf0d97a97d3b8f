import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openStore, type Store, type StoreOptions } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
let postgres: TestPostgres;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "junctor-crash-"));
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

const workspaceId = "w";

/** Starts a writer, kills it with SIGKILL while it writes, and returns what it had acknowledged by then. */
async function writeAndKill(options: StoreOptions, rows: number): Promise<readonly string[]> {
  const script = new URL("acknowledging-writer.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=source", script, JSON.stringify(options), workspaceId], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === rows) child.kill("SIGKILL");
  }
  const [code, signal] = await ended;
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  return acknowledged;
}

async function findMissing({ stores }: Store, rows: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const row of rows) {
    const [kind = "", id = ""] = row.split(" ");
    const found =
      kind === "execution"
        ? await stores.executions.get(workspaceId, id)
        : kind === "secret"
          ? (await stores.secrets.get(workspaceId, id))?.sealed === id
          : (await stores.variables.get(workspaceId, id))?.value === id;
    if (!found) missing.push(row);
  }
  return missing;
}

describe("kill -9 during writes loses no acknowledged row", () => {
  it("on the embedded store, three times on the same folder", { timeout: 180_000 }, async () => {
    const options: StoreOptions = { kind: "embedded", folder: join(folder, "data") };
    const acknowledged: string[] = [];
    // The count differs so that the kill lands on different points of the write path.
    for (const rows of [200, 333, 417]) acknowledged.push(...(await writeAndKill(options, rows)));
    const store = await openStore(options);
    await store.migrate();
    expect(await findMissing(store, acknowledged)).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(950);
    await store.close();
  });

  it("on Postgres, when the writer is killed and when the database is", { timeout: 180_000 }, async () => {
    const options: StoreOptions = { kind: "postgres", url: await postgres.createDatabase("crash") };
    const acknowledged = [...(await writeAndKill(options, 300))];
    const store = await openStore(options);
    expect(await findMissing(store, acknowledged)).toEqual([]);

    const written: string[] = [];
    const writing = (async () => {
      for (let n = 0; ; n += 1) {
        await store.stores.variables.put(workspaceId, `after-${n}`, `after-${n}`);
        written.push(`variable after-${n}`);
        if (n === 50) await postgres.halt("crash");
      }
    })();
    await expect(writing).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    await postgres.resume();
    await waitForDatabase(store);
    expect(await findMissing(store, [...acknowledged, ...written])).toEqual([]);
    await store.close();
  });
});

async function waitForDatabase(store: Store): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await store.health()).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The database did not come back within 10 s.");
}
