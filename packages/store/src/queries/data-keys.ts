import type { DataKeyRecord, DataKeyStore } from "@junctor/core";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { DataKeyTable, Schema } from "../schema.ts";

/** Queries of wrapped data keys. At most one per workspace is current; an index holds that. */
export function createDataKeyStore(database: Database): DataKeyStore {
  return {
    async createCurrent(record) {
      await database.read((db) =>
        db
          .insertInto("data_keys")
          .values(toColumns(record))
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
      const row = await database.read((db) => selectCurrent(db, record.workspaceId).executeTakeFirstOrThrow());
      return toRecord(row);
    },
    async current(workspaceId) {
      const row = await database.read((db) => selectCurrent(db, workspaceId).executeTakeFirst());
      return row && toRecord(row);
    },
    async get(workspaceId, id) {
      const row = await database.read((db) =>
        db
          .selectFrom("data_keys")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list() {
      const rows = await database.read((db) =>
        db.selectFrom("data_keys").selectAll().orderBy("workspace_id").orderBy("created_at").orderBy("id").execute(),
      );
      return rows.map(toRecord);
    },
    async rewrap(workspaceId, id, wrapped, masterKeyId) {
      await database.read((db) =>
        db
          .updateTable("data_keys")
          .set({ wrapped, master_key_id: masterKeyId })
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .execute(),
      );
    },
    async rotate(record) {
      await database.transact(async (db) => {
        // One rotation of a workspace after the other: the second waits here and then retires what the first made.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`data-key/${record.workspaceId}`}, 0))`.execute(db);
        await db
          .updateTable("data_keys")
          .set({ retired_at: record.createdAt })
          .where("workspace_id", "=", record.workspaceId)
          .where("retired_at", "is", null)
          .execute();
        await db.insertInto("data_keys").values(toColumns(record)).execute();
      });
    },
  };
}

const selectCurrent = (db: Kysely<Schema>, workspaceId: string) =>
  db.selectFrom("data_keys").selectAll().where("workspace_id", "=", workspaceId).where("retired_at", "is", null);

const toColumns = (record: DataKeyRecord) => ({
  workspace_id: record.workspaceId,
  id: record.id,
  wrapped: record.wrapped,
  master_key_id: record.masterKeyId,
  created_at: record.createdAt,
  retired_at: record.retiredAt,
});

const toRecord = (row: Selectable<DataKeyTable>): DataKeyRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  wrapped: row.wrapped,
  masterKeyId: row.master_key_id,
  createdAt: row.created_at.toISOString(),
  retiredAt: row.retired_at?.toISOString() ?? null,
});
