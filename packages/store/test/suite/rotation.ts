import { randomBytes } from "node:crypto";
import {
  createEnvironmentKeyPort,
  createVault,
  type KeyPort,
  rotateDataKey,
  rotateMasterKey,
  secretPurpose,
  type Vault,
} from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { makeConnection, makeWorkspace, makeWorkspaceWithConnector, pause } from "./records.ts";

const clock = { now: () => Date.now(), sleep: pause };
const [oldMaster, newMaster] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
const secretCount = 40;
const connectionCount = 20;
const credentialOf = (id: string) => `connection-credential:${id}`;

async function seed({ stores }: Store, vault: Vault, workspaceId: string): Promise<void> {
  for (let n = 0; n < secretCount; n += 1) {
    const sealed = await vault.sealText(workspaceId, secretPurpose(`s${n}`), `s${n} generation 0`);
    await stores.secrets.put({ workspaceId, name: `s${n}`, sealed, hosts: [] });
  }
  for (let n = 0; n < connectionCount; n += 1) {
    const id = `c${n}`;
    const sealedCredential = await vault.seal(workspaceId, credentialOf(id), { generation: 0 });
    await stores.connections.create(
      makeConnection(workspaceId, { id, name: id, sealedParameters: null, sealedCredential }),
    );
  }
}

/** A replica at work: reads everything all the time, refreshes credentials by compare-and-set, rewrites secrets. */
function startLoad({ stores }: Store, vault: Vault, workspaceId: string) {
  const generations = new Map<string, number>();
  const tally = { reads: 0, refreshes: 0, overtaken: 0 };
  let running = true;
  async function refresh(n: number): Promise<void> {
    const id = `c${n % connectionCount}`;
    const row = await stores.connections.get(workspaceId, id);
    if (row?.sealedCredential == null) throw new Error(`connection ${id} lost its credential`);
    const { generation } = await vault.open(workspaceId, credentialOf(id), row.sealedCredential);
    expect(generation).toBe(generations.get(id) ?? 0);
    const next = Number(generation) + 1;
    const sealedCredential = await vault.seal(workspaceId, credentialOf(id), { generation: next });
    // Only this worker refreshes, so its compare-and-set may never fail: a rotation must not raise versions.
    const written = await stores.connections.update(workspaceId, id, row.version, { sealedCredential });
    if (written === undefined) tally.overtaken += 1;
    else generations.set(id, next);
    tally.refreshes += 1;
  }
  async function readSecret(n: number): Promise<void> {
    const name = `s${n % secretCount}`;
    const row = await stores.secrets.get(workspaceId, name);
    expect(await vault.openText(workspaceId, secretPurpose(name), row?.sealed ?? "")).toBe(`${name} generation 0`);
    tally.reads += 1;
  }
  const work = async (step: (n: number) => Promise<void>): Promise<void> => {
    for (let n = 0; running; n += 1) await step(n);
  };
  const done = Promise.all([work(refresh), work(readSecret), work(readSecret)]);
  return {
    tally,
    generations,
    async stop() {
      running = false;
      await done;
    },
  };
}

/** Rotation of both keys on a real database, with a replica at work. `openReplica` gives a second store where there can be one. */
export function describeRotation(open: () => Store, openReplica: () => Store): void {
  describe("rotation under load", () => {
    it("changes both keys while another replica reads and writes, and loses nothing", { timeout: 60_000 }, async () => {
      const store = open();
      const workspaceId = await makeWorkspaceWithConnector(store);
      const { dataKeys, sealed } = store.stores;
      const keyPort: KeyPort = createEnvironmentKeyPort(`${newMaster},${oldMaster}`);
      const currentMs = 300;
      const first = createVault({ keyPort: createEnvironmentKeyPort(oldMaster), dataKeys, clock });
      await seed(store, first, workspaceId);
      const replica = openReplica();
      // The replica starts with both master keys known, as the guide says, and with a cold cache now and then.
      const vault = createVault({ keyPort, dataKeys: replica.stores.dataKeys, clock, currentMs, keepMs: 100 });
      const load = startLoad(replica, vault, workspaceId);
      try {
        await pause(200);
        const master = await rotateMasterKey({ keyPort, dataKeys });
        expect(master.failed.filter((failure) => failure.workspaceId === workspaceId)).toEqual([]);
        const data = await rotateDataKey({
          workspaceId,
          keyPort,
          dataKeys,
          sealed,
          clock,
          batchSize: 7,
          settleMs: currentMs + 500,
        });
        expect(data.damaged).toEqual([]);
        await load.stop();
        const open = await sealed.listWithoutPrefix(workspaceId, `j1.${data.dataKeyId}.`, { limit: 100 });
        expect(open.items).toEqual([]);
        expect(data.resealed).toBeGreaterThanOrEqual(secretCount);
      } finally {
        await load.stop();
      }
      expect(load.tally.overtaken).toBe(0);
      expect(load.tally.refreshes).toBeGreaterThan(connectionCount);
      expect(load.tally.reads).toBeGreaterThan(secretCount);
      const after = createVault({ keyPort: createEnvironmentKeyPort(newMaster), dataKeys, clock });
      for (const [id, generation] of load.generations) {
        const row = await store.stores.connections.get(workspaceId, id);
        expect(await after.open(workspaceId, credentialOf(id), row?.sealedCredential ?? "")).toEqual({ generation });
      }
      for (let n = 0; n < secretCount; n += 1) {
        const row = await store.stores.secrets.get(workspaceId, `s${n}`);
        expect(await after.openText(workspaceId, secretPurpose(`s${n}`), row?.sealed ?? "")).toBe(`s${n} generation 0`);
      }
    });

    it("refuses ciphertext that was swapped in the database: other name, other workspace, other column", async () => {
      const { stores } = open();
      const vault = createVault({ keyPort: createEnvironmentKeyPort(newMaster), dataKeys: stores.dataKeys, clock });
      const [owner, rival] = [await makeWorkspace(open()), await makeWorkspace(open(), "rival")];
      const put = async (workspaceId: string, name: string) =>
        stores.secrets.put({
          workspaceId,
          name,
          hosts: [],
          sealed: await vault.sealText(workspaceId, secretPurpose(name), "v"),
        });
      const mine = await put(owner, "a");
      const other = await put(owner, "b");
      await put(rival, "a");
      const swap = async (workspaceId: string, name: string, sealed: string) => {
        await stores.secrets.put({ workspaceId, name, hosts: [], sealed });
        const row = await stores.secrets.get(workspaceId, name);
        return vault.openText(workspaceId, secretPurpose(name), row?.sealed ?? "");
      };
      await expect(swap(owner, "a", other.sealed)).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
      await expect(swap(rival, "a", mine.sealed)).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
      await expect(vault.openText(owner, credentialOf("a"), mine.sealed)).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
      });
      expect(await swap(owner, "a", mine.sealed)).toBe("v");
    });
  });
}
