import type { JsonObject, SettingRecord, SettingStore } from "@junctor/core";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { Schema, SettingTable } from "../schema.ts";

/** Queries of workspace settings. */
export function createSettingStore(database: Database): SettingStore {
  return {
    async put(workspaceId, kind, name, value) {
      const row = await database.write((db) =>
        db
          .insertInto("settings")
          .values({ workspace_id: workspaceId, kind, name, value: JSON.stringify(value) })
          .onConflict((conflict) =>
            conflict.columns(["workspace_id", "kind", "name"]).doUpdateSet(({ ref }) => ({
              value: ref("excluded.value"),
              updated_at: sql<Date>`now()`,
            })),
          )
          .returningAll()
          .executeTakeFirstOrThrow(),
      );
      return toRecord(row);
    },
    async update(workspaceId, kind, name, change) {
      const row = await database.transact(async (db) => {
        const held = await lockSetting(db, workspaceId, kind, name);
        if (held === undefined) return undefined;
        return db
          .updateTable("settings")
          .set({ value: JSON.stringify(change(held)), updated_at: sql<Date>`now()` })
          .where("workspace_id", "=", workspaceId)
          .where("kind", "=", kind)
          .where("name", "=", name)
          .returningAll()
          .executeTakeFirstOrThrow();
      });
      return row && toRecord(row);
    },
    async get(workspaceId, kind, name) {
      const row = await database.read((db) =>
        db
          .selectFrom("settings")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("kind", "=", kind)
          .where("name", "=", name)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId, kind) {
      const rows = await database.read((db) =>
        db
          .selectFrom("settings")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("kind", "=", kind)
          .orderBy("name")
          .execute(),
      );
      return rows.map(toRecord);
    },
    async listEverywhere(kind) {
      const rows = await database.read((db) =>
        db
          .selectFrom("settings")
          .selectAll()
          .where("kind", "=", kind)
          .orderBy("workspace_id")
          .orderBy("name")
          .execute(),
      );
      return rows.map(toRecord);
    },
    async delete(workspaceId, kind, name) {
      const { numDeletedRows } = await database.write((db) =>
        db
          .deleteFrom("settings")
          .where("workspace_id", "=", workspaceId)
          .where("kind", "=", kind)
          .where("name", "=", name)
          .executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

/** Reads a setting's value and keeps others from writing it until the transaction ends; undefined when there is none. */
export async function lockSetting(
  db: Kysely<Schema>,
  workspaceId: string,
  kind: string,
  name: string,
): Promise<JsonObject | undefined> {
  const row = await db
    .selectFrom("settings")
    .select("value")
    .where("workspace_id", "=", workspaceId)
    .where("kind", "=", kind)
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  return row?.value as JsonObject | undefined;
}

const toRecord = (row: Selectable<SettingTable>): SettingRecord => ({
  workspaceId: row.workspace_id,
  kind: row.kind,
  name: row.name,
  value: row.value as JsonObject,
  updatedAt: row.updated_at.toISOString(),
});
