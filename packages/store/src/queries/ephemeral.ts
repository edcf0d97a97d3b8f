import type { EphemeralStore } from "@junctor/core";
import { type SqlBool, sql } from "kysely";
import type { Database } from "../database.ts";

const running = sql<SqlBool>`expires_at > clock_timestamp()`;

/** Queries of small sealed entries with an end. */
export function createEphemeralStore(database: Database): EphemeralStore {
  return {
    async put(kind, key, value, expiresAt) {
      await database.read((db) =>
        db
          .insertInto("ephemeral")
          .values({ kind, key, value, expires_at: expiresAt })
          .onConflict((conflict) =>
            conflict
              .columns(["kind", "key"])
              .doUpdateSet(({ ref }) => ({ value: ref("excluded.value"), expires_at: ref("excluded.expires_at") })),
          )
          .execute(),
      );
    },
    async get(kind, key) {
      const row = await database.read((db) =>
        db
          .selectFrom("ephemeral")
          .select("value")
          .where("kind", "=", kind)
          .where("key", "=", key)
          .where(running)
          .executeTakeFirst(),
      );
      return row?.value;
    },
    async take(kind, key) {
      // A write, not a read: after a lost connection nobody knows whether the entry was taken, so it stays taken.
      const { rows } = await database.write((db) =>
        sql<{ value: string; running: boolean }>`
          delete from ephemeral where kind = ${kind} and key = ${key} returning value, ${running} as running
        `.execute(db),
      );
      const row = rows[0];
      return row?.running ? row.value : undefined;
    },
    async list(kind) {
      const rows = await database.read((db) =>
        db
          .selectFrom("ephemeral")
          .select(["key", "value", "expires_at"])
          .where("kind", "=", kind)
          .where(running)
          .orderBy("key")
          .execute(),
      );
      return rows.map(({ key, value, expires_at }) => ({ key, value, expiresAt: expires_at.toISOString() }));
    },
    async delete(kind, key) {
      await database.read((db) => db.deleteFrom("ephemeral").where("kind", "=", kind).where("key", "=", key).execute());
    },
    async deleteExpired(now) {
      const { numDeletedRows } = await database.read((db) =>
        db.deleteFrom("ephemeral").where("expires_at", "<=", sql<Date>`${now}::timestamptz`).executeTakeFirst(),
      );
      return Number(numDeletedRows);
    },
  };
}
