import type { KeyRotationRecord, KeyRotationStore, MasterKeyHolder } from "@junctor/core";
import { type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { KeyRotationTable, MasterKeyHolderTable } from "../schema.ts";

/** Queries of key rotations. Claims and holders go by the database's clock, so replicas need not agree on the time. */
export function createKeyRotationStore(database: Database): KeyRotationStore {
  return {
    ...rotationQueries(database),
    ...holderQueries(database),
  };
}

function rotationQueries(
  database: Database,
): Pick<KeyRotationStore, "create" | "get" | "list" | "claim" | "advance" | "release"> {
  return {
    async create(record) {
      const row = await database.write((db) =>
        db
          .insertInto("key_rotations")
          .values({
            id: record.id,
            kind: record.kind,
            force: record.force,
            workspace_ids: record.workspaceIds === null ? null : [...record.workspaceIds],
            state: record.state,
            requested_by: JSON.stringify(record.requestedBy),
            progress: JSON.stringify(record.progress),
            created_at: record.createdAt,
            finished_at: record.finishedAt,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning("id")
          .executeTakeFirst(),
      );
      return row !== undefined;
    },
    async get(id) {
      const row = await database.read((db) =>
        db.selectFrom("key_rotations").selectAll().where("id", "=", id).executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(limit) {
      const rows = await database.read((db) =>
        db.selectFrom("key_rotations").selectAll().orderBy("created_at", "desc").orderBy("id").limit(limit).execute(),
      );
      return rows.map(toRecord);
    },
    async claim(owner, durationMs) {
      const row = await database.write((db) =>
        db
          .updateTable("key_rotations")
          .set({ owner, owned_until: until(durationMs) })
          .where("state", "=", "running")
          .where(sql<boolean>`(owner is null or owned_until <= clock_timestamp())`)
          .returningAll()
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async advance(id, owner, durationMs, { progress, state }) {
      const isOver = state !== "running";
      const row = await database.write((db) =>
        db
          .updateTable("key_rotations")
          .set({
            progress: JSON.stringify(progress),
            state,
            updated_at: sql<Date>`clock_timestamp()`,
            owned_until: until(durationMs),
            ...(isOver ? { owner: null, finished_at: sql<string>`clock_timestamp()` } : {}),
          })
          .where("id", "=", id)
          .where("state", "=", "running")
          .where("owner", "=", owner)
          .returning("id")
          .executeTakeFirst(),
      );
      return row !== undefined;
    },
    async release(id, owner) {
      await database.read((db) =>
        db.updateTable("key_rotations").set({ owner: null }).where("id", "=", id).where("owner", "=", owner).execute(),
      );
    },
  };
}

function holderQueries(database: Database): Pick<KeyRotationStore, "announce" | "holders" | "withdraw"> {
  return {
    async announce({ replica, currentKeyId, keyIds }) {
      await database.read((db) =>
        sql`insert into master_key_holders (replica, current_key_id, key_ids, seen_at)
          values (${replica}, ${currentKeyId}, ${[...keyIds]}, clock_timestamp())
          on conflict (replica) do update set
            current_key_id = excluded.current_key_id, key_ids = excluded.key_ids, seen_at = excluded.seen_at`.execute(
          db,
        ),
      );
    },
    async holders(withinMs) {
      const rows = await database.read((db) =>
        db
          .selectFrom("master_key_holders")
          .selectAll()
          .where(sql<boolean>`seen_at > clock_timestamp() - ${withinMs}::float8 * interval '1 ms'`)
          .orderBy("replica")
          .execute(),
      );
      return rows.map(toHolder);
    },
    async withdraw(replica) {
      // What ended without a word goes along, so that the table does not grow with every replica that ever was.
      await database.read((db) =>
        sql`delete from master_key_holders
          where replica = ${replica} or seen_at < clock_timestamp() - interval '1 day'`.execute(db),
      );
    },
  };
}

const until = (durationMs: number) => sql<string>`clock_timestamp() + ${durationMs}::float8 * interval '1 ms'`;

const toRecord = (row: Selectable<KeyRotationTable>): KeyRotationRecord => ({
  id: row.id,
  kind: row.kind,
  force: row.force,
  workspaceIds: row.workspace_ids,
  state: row.state,
  requestedBy: row.requested_by,
  progress: row.progress,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
});

const toHolder = (row: Selectable<MasterKeyHolderTable>): MasterKeyHolder => ({
  replica: row.replica,
  currentKeyId: row.current_key_id,
  keyIds: row.key_ids,
  seenAt: row.seen_at.toISOString(),
});
