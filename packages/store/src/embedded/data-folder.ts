import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The database inside a data folder. */
export const databaseFolder = "postgres";
/** Written once the database is complete: a folder without it was interrupted while it was made. */
export const markerFile = "store.json";

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
