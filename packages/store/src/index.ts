/**
 * The database of Junctor: PGlite in a data folder or Postgres, with one schema and one set of queries.
 *
 *   const store = await openStore({ kind: "embedded", folder: "data" });
 *   await store.migrate();
 *   await store.stores.workspaces.list();
 *   await store.close();
 */
export { type RestoreOptions, restoreBackup } from "./backup/backup.ts";
export type { EmbeddedOptions, MemoryOptions } from "./embedded/open-embedded.ts";
export type { ReportProblem, StoreProblem } from "./engine.ts";
export { openStore, type Store, type StoreHealth, type StoreOptions } from "./open-store.ts";
export type { PostgresOptions } from "./postgres/open-postgres.ts";
