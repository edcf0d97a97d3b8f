import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ConnectorError } from "@junctor/core";
import { databaseFolder, exists, makeDataFolder, markerFile, writeMarker } from "../embedded/data-folder.ts";
import { acquireFolderLock } from "../folder-lock/folder-lock.ts";
import { listTarEntries } from "./list-tar-entries.ts";

const unzip = promisify(gunzip);

/** Writes an archive to a new file, whole or not at all; an existing file is not overwritten. */
export async function writeBackup(path: string, archive: Uint8Array): Promise<void> {
  if (await exists(path)) {
    throw new ConnectorError("CONFLICT", `There is a file at ${path} already.`, { hint: "Choose a new file name." });
  }
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(unfinished, "wx", 0o600);
    try {
      await file.writeFile(archive);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    throw new ConnectorError("CONFLICT", `The backup cannot be written to ${path}.`, {
      hint: "Check that the folder exists, is writable and has space.",
      cause: error,
    });
  }
}

/** Where a backup is and which data folder it shall become. */
export interface RestoreOptions {
  /** A file that `Store.backup` wrote. */
  readonly path: string;
  /** A data folder without a database; created when it is not there. */
  readonly folder: string;
}

/**
 * Makes a data folder out of a backup. The folder must hold no database; one that is interrupted leaves none. The key
 * that protects secrets is not part of a backup: bring it separately.
 */
export async function restoreBackup({ path, folder }: RestoreOptions): Promise<void> {
  const archive = await readFile(path).catch((error: unknown) => {
    throw new ConnectorError("RESOURCE_UNKNOWN", `The backup ${path} cannot be read.`, {
      hint: "Check the path and its permissions.",
      cause: error,
    });
  });
  await makeDataFolder(folder);
  const lock = await acquireFolderLock(folder);
  try {
    const target = join(folder, databaseFolder);
    if (await holdsFiles(target)) {
      throw new ConnectorError("CONFLICT", `The data folder ${folder} holds a database already.`, {
        hint: `Move ${target} and ${join(folder, markerFile)} away, or restore into another folder.`,
      });
    }
    const unfinished = `${target}.restoring-${randomUUID()}`;
    try {
      await unpack(archive, unfinished, path);
      await rm(target, { recursive: true, force: true });
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    await writeMarker(folder);
  } finally {
    await lock.release();
  }
}

async function unpack(archive: Uint8Array, folder: string, path: string): Promise<void> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    // Unpacked and checked here: PGlite's own unpacking of a damaged archive fails where nobody can catch it.
    const tar = await unzip(archive);
    if (!listTarEntries(tar)?.includes("PG_VERSION"))
      throw new Error("There is no Postgres data folder in the archive.");
    const { PGlite } = await import("@electric-sql/pglite");
    const pglite = await PGlite.create({
      dataDir: folder,
      loadDataDir: new Blob([Uint8Array.from(tar)], { type: "application/x-tar" }),
    });
    try {
      // Reads a table of ours: an archive of something else, or half of one, is noticed before it is put in place.
      await pglite.query("select count(*) from workspaces");
    } finally {
      await pglite.close();
    }
  } catch (error) {
    throw new ConnectorError("REQUEST_INVALID", `The file ${path} is not a complete backup of a Junctor store.`, {
      hint: "Use a file that was written by a backup; the data folder was left as it was.",
      cause: error,
    });
  }
}

const holdsFiles = (folder: string): Promise<boolean> =>
  readdir(folder).then(
    (names) => names.length > 0,
    () => false,
  );
