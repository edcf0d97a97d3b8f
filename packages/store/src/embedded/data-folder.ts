import { access, constants, mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConnectorError } from "@junctor/core";

/** The database inside a data folder. */
export const databaseFolder = "postgres";
/** Written once the database is complete: a folder without it was interrupted while it was made. */
export const markerFile = "store.json";

/** Makes a data folder that is not there, for its owner alone, and checks that files can be made in it (STORE_UNAVAILABLE). */
export async function makeDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EEXIST" || code === "ENOTDIR" ? "a file is in its place" : (reasons[code ?? ""] ?? code);
    throw new ConnectorError("STORE_UNAVAILABLE", `The data folder ${folder} cannot be used: ${reason}.`, {
      hint: "Choose another with JUNCTOR_DATA_DIR or --data, or make it one that this user may write to.",
      retryable: false,
      cause: error,
    });
  }
}

/** Refuses a folder that holds no complete database (STORE_UNAVAILABLE). */
export async function requireDatabase(folder: string): Promise<void> {
  if ((await exists(join(folder, markerFile))) && (await exists(join(folder, databaseFolder)))) return;
  throw new ConnectorError("STORE_UNAVAILABLE", `There is no database in ${folder}.`, {
    hint: "Name the data folder of the server: JUNCTOR_DATA_DIR, or .junctor where npm start or junctor serve made it.",
    retryable: false,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOENT: "it cannot be made there",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "no space is left",
};

/** Node's own `recursive` never ends where a file system refuses new folders as "not there", such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
}

/** Makes a folder in one that is there. Another process may have made it in the meantime. */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    throw error;
  }
}

/** Moves a database away that was never finished. Nothing in it was ever acknowledged. */
export async function setAsideInterrupted(folder: string): Promise<void> {
  const database = join(folder, databaseFolder);
  if ((await exists(join(folder, markerFile))) || !(await exists(database))) return;
  if ((await readdir(database)).length === 0) return rm(database, { recursive: true });
  await rename(database, `${database}.interrupted-${Date.now()}`);
}

/** Says that the database of a folder is complete. */
export async function writeMarker(folder: string): Promise<void> {
  const marker = join(folder, markerFile);
  if (await exists(marker)) return;
  const content = { format: 1, engine: "pglite", createdAt: new Date().toISOString() };
  await writeFile(`${marker}.new`, `${JSON.stringify(content, null, 2)}\n`);
  await rename(`${marker}.new`, marker);
}

/** Says whether there is something at a path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
