import type { ApiKeyRecord, ApiKeyStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { ApiKeyTable } from "../schema.ts";

/** Queries of API keys; holds hashes only. */
export function createApiKeyStore(database: Database): ApiKeyStore {
  return {
    async create(record) {
      await database.write((db) =>
        db
          .insertInto("api_keys")
          .values({
            workspace_id: record.workspaceId,
            id: record.id,
            kind: record.kind,
            name: record.name,
            prefix: record.prefix,
            hash: record.hash,
            scopes: [...record.scopes],
            origins: [...record.origins],
            expires_at: record.expiresAt,
            created_at: record.createdAt,
            revoked_at: record.revokedAt,
          })
          .execute(),
      );
    },
    async findByHash(hash) {
      const row = await database.read((db) =>
        db.selectFrom("api_keys").selectAll().where("hash", "=", hash).executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId) {
      const rows = await database.read((db) =>
        db
          .selectFrom("api_keys")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .orderBy("created_at")
          .orderBy("id")
          .execute(),
      );
      return rows.map(toRecord);
    },
    async revoke(workspaceId, id, at) {
      // The first revocation stands: repeating it changes nothing and is no error.
      const { numUpdatedRows } = await database.read((db) =>
        db
          .updateTable("api_keys")
          .set({ revoked_at: sql<string>`coalesce(revoked_at, ${at}::timestamptz)` })
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return numUpdatedRows > 0n;
    },
  };
}

const toRecord = (row: Selectable<ApiKeyTable>): ApiKeyRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  kind: row.kind,
  name: row.name,
  prefix: row.prefix,
  hash: row.hash,
  scopes: row.scopes,
  origins: row.origins,
  expiresAt: row.expires_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
});
