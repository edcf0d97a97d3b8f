import { ConnectorError } from "@junctor/core";
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { translateError } from "../translate-error.ts";
import { migrations } from "./migrations.ts";

const migrationTableName = "junctor_migration";

/**
 * Brings the schema to what this version of Junctor needs and returns the names of the migrations that ran now. Safe
 * to run from any number of processes at once: they queue on an advisory lock, and all of them end with the same
 * schema. A database that is newer than this program is refused and left as it is.
 */
export async function migrateSchema<Schema>(
  database: Kysely<Schema>,
  known: Readonly<Record<string, Migration>> = migrations,
): Promise<readonly string[]> {
  if (await isCurrent(database, Object.keys(known))) return [];
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...known }) },
    migrationTableName,
    migrationLockTableName: "junctor_migration_lock",
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error === undefined) return results.map(({ migrationName }) => migrationName);
  if (error instanceof Error && error.message.startsWith("corrupted migrations")) {
    throw new ConnectorError("STORE_UNAVAILABLE", "The database was migrated by another version of Junctor.", {
      hint: "Start the version that migrated it, or a newer one; an older one cannot use a newer schema.",
      retryable: false,
      cause: error,
    });
  }
  throw translateError(error);
}

/**
 * Whether exactly the known migrations have run, which is so at nearly every start. Found out in one statement: the migrator
 * looks through the catalogue several times, a quarter of a second on the embedded engine.
 */
async function isCurrent<Schema>(database: Kysely<Schema>, known: readonly string[]): Promise<boolean> {
  try {
    const { rows } = await sql<{ readonly name: string }>`select name from ${sql.table(migrationTableName)}`.execute(
      database,
    );
    const ran = new Set(rows.map(({ name }) => name));
    return ran.size === known.length && known.every((name) => ran.has(name));
  } catch {
    // A new database has no such table; what else is wrong the migrator will say.
    return false;
  }
}
