import type { AuditRecord, AuditStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import { writeBatchText } from "../batch-text.ts";
import type { Database } from "../database.ts";
import { clampLimit, decodeCursor, encodeCursor } from "../page-cursor.ts";
import type { AuditTable } from "../schema.ts";

/** Queries of the audit trail: rows are added and read, never changed. */
export function createAuditStore(database: Database): AuditStore {
  return {
    async append(records) {
      if (records.length === 0) return;
      const batch = writeBatchText(records);
      await database.read((db) =>
        sql`insert into audit (workspace_id, id, at, actor_kind, actor_id, event, resource, request_id, detail)
          select * from json_to_recordset(${batch}::json) as record (
            "workspaceId" text, id text, at timestamptz, "actorKind" text, "actorId" text, event text, resource text,
            "requestId" text, detail json
          ) on conflict do nothing`.execute(db),
      );
    },
    async list(workspaceId, { limit, cursor }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const size = clampLimit(limit);
      const rows = await database.read((db) => {
        let query = db.selectFrom("audit").selectAll().where("workspace_id", "=", workspaceId);
        if (after !== undefined) query = query.where(sql<boolean>`(at, id) < (${after.at}::timestamptz, ${after.id})`);
        return query
          .orderBy("at", "desc")
          .orderBy("id", "desc")
          .limit(size + 1)
          .execute();
      });
      const items = rows.slice(0, size).map(toRecord);
      const last = items.at(-1);
      return { items, cursor: rows.length > size && last ? encodeCursor({ at: last.at, id: last.id }) : null };
    },
  };
}

const toRecord = (row: Selectable<AuditTable>): AuditRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  at: row.at.toISOString(),
  actorKind: row.actor_kind,
  actorId: row.actor_id,
  event: row.event,
  resource: row.resource,
  requestId: row.request_id,
  detail: row.detail,
});
