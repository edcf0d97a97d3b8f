import type { SecretRecord, SecretStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { SecretTable } from "../schema.ts";

/** Queries of secrets; sees ciphertext only. */
export function createSecretStore(database: Database): SecretStore {
  return {
    async put({ workspaceId, name, sealed, hosts }) {
      const row = await database.write((db) =>
        db
          .insertInto("secrets")
          .values({ workspace_id: workspaceId, name, sealed, hosts: [...hosts] })
          .onConflict((conflict) =>
            conflict.columns(["workspace_id", "name"]).doUpdateSet(({ ref }) => ({
              sealed: ref("excluded.sealed"),
              hosts: ref("excluded.hosts"),
              version: sql<number>`nextval('secret_versions')`,
              updated_at: sql<Date>`now()`,
            })),
          )
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return toRecord(row);
    },
    async get(workspaceId, name) {
      const row = await database.read((db) =>
        db
          .selectFrom("secrets")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId) {
      const rows = await database.read((db) =>
        db
          .selectFrom("secrets")
          .select(["workspace_id", "name", "hosts", "version", "created_at", "updated_at"])
          .where("workspace_id", "=", workspaceId)
          .orderBy("name")
          .execute(),
      );
      return rows.map(describeSecret);
    },
    async delete(workspaceId, name) {
      const { numDeletedRows } = await database.write((db) =>
        db.deleteFrom("secrets").where("workspace_id", "=", workspaceId).where("name", "=", name).executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

const describeSecret = (row: Omit<Selectable<SecretTable>, "sealed">): Omit<SecretRecord, "sealed"> => ({
  workspaceId: row.workspace_id,
  name: row.name,
  hosts: row.hosts,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const toRecord = (row: Selectable<SecretTable>): SecretRecord => ({ ...describeSecret(row), sealed: row.sealed });
