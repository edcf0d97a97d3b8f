import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import type { KeyPort } from "../ports/key-port.ts";
import type { SealedEntry, SealedStore } from "../ports/stores.ts";
import { makeDataKey } from "./data-keys.ts";
import { createVault } from "./envelope-vault.ts";
import { createEnvironmentKeyPort } from "./key-ports/environment-key-port.ts";
import { resealWorkspace, rotateDataKey } from "./rotate-data-key.ts";
import { createMemoryDataKeys } from "./testkit/memory-data-keys.ts";

interface Row {
  readonly place: SealedEntry["place"];
  sealed: string;
}

/** The part of a database that a rotation sees; `onReplace` runs just before each compare-and-set. */
function createMemorySealed(rows: Row[], onReplace: (row: Row) => Promise<void> = async () => undefined): SealedStore {
  return {
    async listWithoutPrefix(workspaceId, prefix, { limit, cursor }) {
      // Keyset paging, as in the database: what was replaced meanwhile does not shift the rest.
      const after = Number(cursor ?? -1);
      const open = rows.flatMap(({ place, sealed }, index) =>
        index > after && place.workspaceId === workspaceId && !sealed.startsWith(prefix)
          ? [{ place, sealed, index }]
          : [],
      );
      const page = open.slice(0, limit);
      return {
        items: page.map(({ place, sealed }) => ({ place, sealed })),
        cursor: open.length > limit ? String(page.at(-1)?.index) : null,
      };
    },
    async replace(place, from, to) {
      const row = rows.find((candidate) => candidate.place === place);
      if (row !== undefined) await onReplace(row);
      if (row?.sealed !== from) return false;
      row.sealed = to;
      return true;
    },
  };
}

async function setUp() {
  const clock = { now: () => 1_000_000, sleep: async () => undefined };
  const keyPort: KeyPort = createEnvironmentKeyPort(randomBytes(32).toString("hex"));
  const dataKeys = createMemoryDataKeys();
  const vault = createVault({ keyPort, dataKeys, clock, currentMs: 0 });
  const rows: Row[] = [];
  for (const [kind, key] of [
    ["secret", "token"],
    ["connection-parameters", "c1"],
    ["connection-credential", "c1"],
  ] as const) {
    rows.push({
      place: { kind, key, workspaceId: "acme" },
      sealed: await vault.sealText("acme", `${kind}:${key}`, `value of ${kind}`),
    });
  }
  const readAll = () =>
    Promise.all(rows.map(({ place, sealed }) => vault.openText("acme", `${place.kind}:${place.key}`, sealed)));
  return { vault, dataKeys, rows, readAll, options: { workspaceId: "acme", keyPort, dataKeys, clock, batchSize: 2 } };
}

const values = ["value of secret", "value of connection-parameters", "value of connection-credential"];

describe("rotateDataKey", () => {
  it("seals everything of the workspace under a new key and keeps the former one readable", async () => {
    const { options, rows, readAll, dataKeys } = await setUp();
    const before = rows.map(({ sealed }) => sealed);
    const result = await rotateDataKey({ ...options, sealed: createMemorySealed(rows) });
    expect(result).toMatchObject({ resealed: 3, damaged: [] });
    expect(rows.every(({ sealed }) => sealed.startsWith(`j1.${result.dataKeyId}.`))).toBe(true);
    expect(rows.map(({ sealed }) => sealed)).not.toEqual(before);
    expect(await readAll()).toEqual(values);
    expect(dataKeys.rows.map(({ retiredAt }) => retiredAt === null)).toEqual([false, true]);
  });

  it("leaves a value alone that was written meanwhile, and reseals it in the next pass", async () => {
    const { options, rows, vault, readAll } = await setUp();
    const formerSealed = rows[0]?.sealed ?? "";
    let interfered = false;
    const sealed = createMemorySealed(rows, async (row) => {
      if (interfered || row.place.kind !== "secret") return;
      interfered = true;
      // Another replica that still seals under the former key writes a new value between read and compare-and-set.
      row.sealed = await sealUnderFormer();
    });
    const former = options.dataKeys.rows[0];
    const sealUnderFormer = async () => {
      const only = createMemoryDataKeys();
      if (former) only.rows.push(former);
      const late = createVault({ keyPort: options.keyPort, dataKeys: only, clock: options.clock });
      return late.sealText("acme", "secret:token", "written meanwhile");
    };
    const result = await rotateDataKey({ ...options, sealed });
    expect(interfered).toBe(true);
    expect(await readAll()).toEqual(["written meanwhile", ...values.slice(1)]);
    expect(rows.every(({ sealed: text }) => text.startsWith(`j1.${result.dataKeyId}.`))).toBe(true);
    expect(formerSealed.startsWith(`j1.${former?.id}.`)).toBe(true);
    expect(await vault.openText("acme", "secret:token", rows[0]?.sealed ?? "")).toBe("written meanwhile");
  });

  it("stops when told to, and the same call continues it without another key", async () => {
    const { options, rows, readAll, dataKeys } = await setUp();
    const stop = new AbortController();
    const sealed = createMemorySealed(rows, async () => stop.abort(new Error("stopped")));
    const wish = { ...options, dataKeyId: "of-this-rotation" };
    await expect(rotateDataKey({ ...wish, sealed, signal: stop.signal })).rejects.toThrow("stopped");
    expect(await readAll()).toEqual(values);
    const result = await rotateDataKey({ ...wish, sealed: createMemorySealed(rows) });
    expect(result).toMatchObject({ dataKeyId: "of-this-rotation", resealed: 1 });
    expect(dataKeys.rows).toHaveLength(2);
    expect(rows.every(({ sealed: text }) => text.startsWith(`j1.${result.dataKeyId}.`))).toBe(true);
    expect(await readAll()).toEqual(values);
  });

  it("names values that do not open, leaves them as they are, and goes on", async () => {
    const { options, rows } = await setUp();
    const row = rows[1];
    if (row) row.sealed = `${row.sealed.slice(0, -4)}AAAA`;
    const broken = row?.sealed;
    const result = await rotateDataKey({ ...options, sealed: createMemorySealed(rows) });
    expect(result).toMatchObject({ resealed: 2, damaged: [{ kind: "connection-parameters", key: "c1" }] });
    expect(rows[1]?.sealed).toBe(broken);
  });

  it("fails, instead of calling values damaged, when the key service is away", async () => {
    const { options, rows, readAll } = await setUp();
    await options.dataKeys.rotate(await makeDataKey("acme", options.keyPort, 2_000_000));
    const keyPort: KeyPort = {
      ...options.keyPort,
      unwrap: () => Promise.reject(new ConnectorError("KEY_UNAVAILABLE", "away")),
    };
    await expect(resealWorkspace({ ...options, keyPort, sealed: createMemorySealed(rows) })).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      message: "away",
    });
    expect(await readAll()).toEqual(values);
  });
});
