import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { ConnectorError } from "@junctor/core";
import { Kysely, PGliteDialect } from "kysely";
import { changesChannel, type Engine, type ReportProblem } from "../engine.ts";
import { acquireFolderLock, type FolderLock } from "../folder-lock/folder-lock.ts";
import { migrateSchema } from "../migrations/migrate.ts";
import type { Schema } from "../schema.ts";
import { databaseFolder, makeDataFolder, requireDatabase, setAsideInterrupted, writeMarker } from "./data-folder.ts";

/** A data folder of this process. Holds `postgres/` (the database), `junctor.lock` and `store.json`. */
export interface EmbeddedOptions {
  readonly kind: "embedded";
  readonly folder: string;
  /** Whether a database is made where there is none. Default true; with false such a folder is refused, and left as it is. */
  readonly create?: boolean;
}

/** A database in memory that ends with the process; for tests and for trying things out. */
export interface MemoryOptions {
  readonly kind: "memory";
}

/** The embedded engine: what the queries need, and its raw parts for backups. */
export interface EmbeddedEngine extends Engine {
  readonly kind: "embedded";
  /** The database folder as a gzipped tar archive, taken between two statements. */
  dump(): Promise<Uint8Array>;
}

const bigint = 20;

/** Locks the data folder and opens the database in it, creating both when they are not there. */
export async function openEmbedded(
  options: EmbeddedOptions | MemoryOptions,
  report: ReportProblem,
): Promise<EmbeddedEngine> {
  if (options.kind === "memory") return openDatabase(undefined, undefined);
  const { folder, create = true } = options;
  if (!create) await requireDatabase(folder);
  await makeDataFolder(folder);
  const lock = await acquireFolderLock(folder, { onLost: (error) => report({ what: "folder-lock", error }) });
  try {
    await setAsideInterrupted(folder);
    return await openDatabase(folder, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openDatabase(folder: string | undefined, lock: FolderLock | undefined): Promise<EmbeddedEngine> {
  const pglite = await startPglite(folder);
  let closed = false;
  const kysely = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
  const guard = (): void => {
    lock?.assertHeld();
    if (closed)
      throw new ConnectorError("STORE_UNAVAILABLE", "The store is closed.", { hint: "Start the server again." });
  };
  return {
    kind: "embedded",
    kysely,
    pollMs: 0,
    guard,
    takeTurn: () => new Promise((resolve) => setImmediate(resolve)),
    async migrate() {
      const ran = await migrateSchema(kysely);
      if (folder !== undefined) await writeMarker(folder);
      return ran;
    },
    listen(wake) {
      const listening = pglite.listen(changesChannel, wake);
      return async () => {
        const unlisten = await listening;
        if (!pglite.closed) await unlisten();
      };
    },
    load: () => ({ connections: 1, waiting: 0 }),
    dump: async () => new Uint8Array(await (await pglite.dumpDataDir("gzip")).arrayBuffer()),
    async close() {
      closed = true;
      await kysely.destroy();
      await lock?.release();
    },
  };
}

async function startPglite(folder: string | undefined): Promise<PGlite> {
  try {
    const dataDir = folder === undefined ? {} : { dataDir: join(folder, databaseFolder) };
    return await PGlite.create({ ...dataDir, parsers: { [bigint]: Number } });
  } catch (error) {
    throw new ConnectorError("STORE_UNAVAILABLE", `The database in ${folder ?? "memory"} cannot be opened.`, {
      hint: "If the folder is damaged, move it away and restore a backup; its contents are left as they are.",
      retryable: false,
      cause: error,
    });
  }
}
