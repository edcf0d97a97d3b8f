import type { ExecutionRecord, ExecutionStore } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import { writeBatchText } from "../batch-text.ts";
import type { Database } from "../database.ts";
import { clampLimit, decodeCursor, encodeCursor } from "../page-cursor.ts";
import type { ExecutionTable } from "../schema.ts";

/** Rows that one retention statement deletes, so that no statement holds locks for long. */
const deleteBatch = 5_000;

/** Queries of execution records. */
export function createExecutionStore(database: Database): ExecutionStore {
  return {
    append: (records) => appendExecutions(database, records),
    async get(workspaceId, id) {
      const row = await database.read((db) =>
        db
          .selectFrom("executions")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId, { limit, cursor, connector, outcome, requestId }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const size = clampLimit(limit);
      const rows = await database.read((db) => {
        let query = db.selectFrom("executions").selectAll().where("workspace_id", "=", workspaceId);
        if (connector !== undefined) query = query.where("connector", "=", connector);
        if (outcome !== undefined) query = query.where("outcome", "=", outcome);
        if (requestId !== undefined) query = query.where("request_id", "=", requestId);
        if (after !== undefined) {
          query = query.where(sql<boolean>`(started_at, id) < (${after.at}::timestamptz, ${after.id})`);
        }
        return query
          .orderBy("started_at", "desc")
          .orderBy("id", "desc")
          .limit(size + 1)
          .execute();
      });
      const items = rows.slice(0, size).map(toRecord);
      const last = items.at(-1);
      return { items, cursor: rows.length > size && last ? encodeCursor({ at: last.startedAt, id: last.id }) : null };
    },
    async deleteBefore(before) {
      let deleted = 0;
      for (;;) {
        const { numAffectedRows = 0n } = await database.read((db) =>
          sql`delete from executions where ctid = any(array(
            select ctid from executions where started_at < ${before}::timestamptz limit ${deleteBatch}
          ))`.execute(db),
        );
        deleted += Number(numAffectedRows);
        if (numAffectedRows < BigInt(deleteBatch)) return deleted;
      }
    },
  };
}

/**
 * One statement and one parameter for the whole batch. A batch whose fate is unknown after a lost connection may be sent
 * again: rows that are there already are left alone.
 */
async function appendExecutions(database: Database, records: readonly ExecutionRecord[]): Promise<void> {
  if (records.length === 0) return;
  const batch = writeBatchText(records);
  await database.read((db) =>
    sql`insert into executions (
      workspace_id, id, request_id, connector, connector_version, action, connection_id, surface, caller_kind,
      caller_id, started_at, duration_ms, outcome, error_code, error_stage, upstream_status, attempts, cache
    ) select * from json_to_recordset(${batch}::json) as record (
      "workspaceId" text, id text, "requestId" text, connector text, "connectorVersion" text, action text,
      "connectionId" text, surface text, "callerKind" text, "callerId" text, "startedAt" timestamptz,
      "durationMs" float8, outcome text, "errorCode" text, "errorStage" text, "upstreamStatus" int, attempts int,
      cache text
    ) on conflict do nothing`.execute(db),
  );
}

const toRecord = (row: Selectable<ExecutionTable>): ExecutionRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  requestId: row.request_id,
  connector: row.connector,
  connectorVersion: row.connector_version,
  action: row.action,
  connectionId: row.connection_id,
  surface: row.surface,
  callerKind: row.caller_kind,
  callerId: row.caller_id,
  startedAt: row.started_at.toISOString(),
  durationMs: row.duration_ms,
  outcome: row.outcome,
  errorCode: row.error_code,
  errorStage: row.error_stage,
  upstreamStatus: row.upstream_status,
  attempts: row.attempts,
  cache: row.cache,
});
