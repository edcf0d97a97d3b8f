import type { AuditRecord, AuditStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import { clampLimit, decodeCursor, encodeCursor } from "../page-cursor.ts";
import type { AuditTable } from "../schema.ts";

/** Queries of the audit trail: rows are added and read, never changed. */
export function createAuditStore(database: Database): AuditStore {
  return {
    async append(records) {
      if (records.length === 0) return;
      const rows = records.map((record) => ({
        workspace_id: record.workspaceId,
        id: record.id,
        at: record.at,
        actor_kind: record.actorKind,
        actor_id: record.actorId?.replaceAll("\0", "\u{fffd}") ?? null,
        event: record.event,
        resource: record.resource.replaceAll("\0", "\u{fffd}"),
        request_id: record.requestId?.replaceAll("\0", "\u{fffd}") ?? null,
        detail: JSON.stringify(record.detail),
      }));
      await database.read((db) =>
        db
          .insertInto("audit")
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
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
