import { setTimeout as sleep } from "node:timers/promises";
import { createEnvironmentKeyPort, type KeyPort, loadKeyFile, rotateDataKey, rotateMasterKey } from "@junctor/core";
import { openStore, type Store, type StoreOptions } from "@junctor/store";

// Rotates keys in a database, next to the servers that use it (Postgres) or while the server is stopped (data folder).
//
//   node --conditions=source packages/store/scripts/rotate-keys.ts master            wraps all data keys anew
//   node --conditions=source packages/store/scripts/rotate-keys.ts data [workspace]  new data keys, everything sealed anew
//
// Reads DATABASE_URL or JUNCTOR_DATA_DIR, and JUNCTOR_MASTER_KEY or JUNCTOR_MASTER_KEY_FILE with the new key first.
// Exits with 0 when all is done, 1 when something stayed as it was; running it again continues.

const usage = "Usage: rotate-keys.ts master | data [workspace id …]";

async function run([what, ...names]: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  if (what !== "master" && what !== "data") throw new Error(usage);
  const keyPort = await readKeyPort(environment);
  const store = await openStore(readStoreOptions(environment));
  try {
    await store.migrate();
    return what === "master" ? await rotateMaster(store, keyPort) : await rotateData(store, keyPort, names);
  } finally {
    await store.close();
  }
}

async function readKeyPort({
  JUNCTOR_MASTER_KEY: keys,
  JUNCTOR_MASTER_KEY_FILE: file,
}: NodeJS.ProcessEnv): Promise<KeyPort> {
  if (keys) return createEnvironmentKeyPort(keys);
  if (file) return loadKeyFile(file);
  throw new Error("Set JUNCTOR_MASTER_KEY or JUNCTOR_MASTER_KEY_FILE: the new key first, then the former one.");
}

function readStoreOptions({ DATABASE_URL: url, JUNCTOR_DATA_DIR: folder }: NodeJS.ProcessEnv): StoreOptions {
  if (url) return { kind: "postgres", url, pool: 2 };
  if (folder) return { kind: "embedded", folder };
  throw new Error("Set DATABASE_URL or JUNCTOR_DATA_DIR.");
}

async function rotateMaster({ stores }: Store, keyPort: KeyPort): Promise<number> {
  const { rewrapped, unchanged, failed } = await rotateMasterKey({ keyPort, dataKeys: stores.dataKeys });
  console.log(`Master key ${keyPort.currentKeyId}: ${rewrapped} data keys wrapped anew, ${unchanged} were already.`);
  for (const { workspaceId, dataKeyId, reason } of failed) {
    console.error(
      `Workspace ${workspaceId}, data key ${dataKeyId}: ${reason instanceof Error ? reason.message : reason}`,
    );
  }
  return failed.length === 0 ? 0 : 1;
}

async function rotateData({ stores }: Store, keyPort: KeyPort, names: readonly string[]): Promise<number> {
  const clock = { now: () => Date.now(), sleep: (ms: number) => sleep(ms) };
  const workspaces = names.length > 0 ? names : (await stores.workspaces.list()).map(({ id }) => id);
  let damaged = 0;
  for (const workspaceId of workspaces) {
    const result = await rotateDataKey({
      workspaceId,
      keyPort,
      dataKeys: stores.dataKeys,
      sealed: stores.sealed,
      clock,
    });
    console.log(`Workspace ${workspaceId}: data key ${result.dataKeyId}, ${result.resealed} values sealed anew.`);
    for (const { kind, key } of result.damaged)
      console.error(`Workspace ${workspaceId}: ${kind} ${key} does not open.`);
    damaged += result.damaged.length;
  }
  return damaged === 0 ? 0 : 1;
}

run(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
