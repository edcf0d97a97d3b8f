import type { Json, VariableRecord, VariableStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { VariableTable } from "../schema.ts";

/** Queries of variables. */
export function createVariableStore(database: Database): VariableStore {
  return {
    async put(workspaceId, name, value) {
      const row = await database.write((db) =>
        db
          .insertInto("variables")
          .values({ workspace_id: workspaceId, name, value: JSON.stringify(value) })
          .onConflict((conflict) =>
            conflict.columns(["workspace_id", "name"]).doUpdateSet(({ ref }) => ({
              value: ref("excluded.value"),
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
          .selectFrom("variables")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId) {
      const rows = await database.read((db) =>
        db.selectFrom("variables").selectAll().where("workspace_id", "=", workspaceId).orderBy("name").execute(),
      );
      return rows.map(toRecord);
    },
    async delete(workspaceId, name) {
      const { numDeletedRows } = await database.write((db) =>
        db.deleteFrom("variables").where("workspace_id", "=", workspaceId).where("name", "=", name).executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

const toRecord = (row: Selectable<VariableTable>): VariableRecord => ({
  workspaceId: row.workspace_id,
  name: row.name,
  value: row.value as Json,
  updatedAt: row.updated_at.toISOString(),
});
