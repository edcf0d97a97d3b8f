import { randomBytes } from "node:crypto";
import { createEnvironmentKeyPort, createVault, type DataKeyRecord, type KeyPort } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { checkMasterKey } from "./check-master-key.ts";

const [ours, former, strange] = [0, 1, 2].map(() => randomBytes(32).toString("base64")) as [string, string, string];

/** Data keys as a database holds them: made by a vault, one per workspace. */
async function makeDataKeys(masterKey: string, ...workspaceIds: readonly string[]): Promise<DataKeyRecord[]> {
  const rows: DataKeyRecord[] = [];
  const dataKeys = {
    createCurrent: async (record: DataKeyRecord) => {
      rows.push(record);
      return record;
    },
    current: async () => undefined,
    get: async () => undefined,
    list: async () => rows,
    rewrap: async () => undefined,
    rotate: async () => undefined,
  };
  const vault = createVault({ keyPort: createEnvironmentKeyPort(masterKey), dataKeys, clock: { now: () => 0 } });
  for (const workspaceId of workspaceIds) await vault.sealText(workspaceId, "p", "v");
  return rows;
}

const retire = (record: DataKeyRecord): DataKeyRecord => ({ ...record, retiredAt: record.createdAt });
const damage = (record: DataKeyRecord): DataKeyRecord => ({ ...record, wrapped: `${record.wrapped.slice(0, -4)}AAAA` });
const port = createEnvironmentKeyPort(`${ours},${former}`);

describe("checkMasterKey", () => {
  it.each<[what: string, records: () => Promise<readonly DataKeyRecord[]>]>([
    ["an empty database", async () => []],
    ["data keys of the current master key", () => makeDataKeys(ours, "a", "b")],
    ["data keys of a former one that is known", () => makeDataKeys(former, "a")],
    ["retired data keys of a master key that is gone", async () => (await makeDataKeys(strange, "a")).map(retire)],
    [
      "a damaged data key among good ones",
      async () => [...(await makeDataKeys(ours, "a")).map(damage), ...(await makeDataKeys(ours, "b"))],
    ],
  ])("accepts %s", async (_what, records) => {
    const found = await records();
    await expect(checkMasterKey(port, { list: async () => found })).resolves.toBeUndefined();
  });

  it.each<[what: string, records: () => Promise<readonly DataKeyRecord[]>, keyPort: KeyPort, message: RegExp]>([
    ["a strange master key", () => makeDataKeys(strange, "a", "b"), port, /The secrets of 2 of 2 workspaces/],
    [
      "a former master key that was taken away too early",
      async () => [...(await makeDataKeys(ours, "a")), ...(await makeDataKeys(former, "b"))],
      createEnvironmentKeyPort(ours),
      /The secrets of 1 of 2 workspaces .*local:\w+, which is not among those given \(local:\w+\)/,
    ],
    [
      "a key of the same name that opens nothing",
      async () => (await makeDataKeys(ours, "a", "b", "c", "d")).map(damage),
      port,
      /A wrapped data key does not open/,
    ],
    [
      "a service that gives back something else",
      async () => [],
      { ...port, unwrap: async () => new Uint8Array(32) },
      /did not give back the key that it was given/,
    ],
  ])("refuses %s", async (_what, records, keyPort, message) => {
    const found = await records();
    const checking = checkMasterKey(keyPort, { list: async () => found });
    await expect(checking).rejects.toThrow(message);
    await expect(checking).rejects.toMatchObject({ code: "KEY_UNAVAILABLE", hint: expect.any(String) });
  });
});
