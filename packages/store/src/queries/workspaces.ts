import type { WorkspaceRecord, WorkspaceStore } from "@junctor/core";
import type { Selectable } from "kysely";
import type { Database } from "../database.ts";
import type { WorkspaceTable } from "../schema.ts";

/** Queries of workspaces, the one topic without a workspace in front. */
export function createWorkspaceStore(database: Database): WorkspaceStore {
  return {
    async create({ id, name, createdAt }) {
      await database.write((db) => db.insertInto("workspaces").values({ id, name, created_at: createdAt }).execute());
    },
    async get(workspaceId) {
      const row = await database.read((db) =>
        db.selectFrom("workspaces").selectAll().where("id", "=", workspaceId).executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list() {
      const rows = await database.read((db) => db.selectFrom("workspaces").selectAll().orderBy("id").execute());
      return rows.map(toRecord);
    },
  };
}

const toRecord = (row: Selectable<WorkspaceTable>): WorkspaceRecord => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
});
