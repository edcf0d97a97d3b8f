import type { ResponseCacheStore } from "@junctor/core";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/** Queries of upstream responses that replicas keep together. */
export function createResponseCacheStore(database: Database): ResponseCacheStore {
  return {
    async get(key) {
      const rows = await database.read((db) =>
        db
          .selectFrom("cached_responses")
          .select("value")
          .where("key", "=", key)
          .where(sql<boolean>`expires_at > clock_timestamp()`)
          .execute(),
      );
      return rows.map(({ value }) => value);
    },
    async put({ key, variant, resource, value, expiresAt }) {
      await database.read((db) =>
        db
          .insertInto("cached_responses")
          .values({ key, variant, resource, value: Buffer.from(value), expires_at: expiresAt })
          .onConflict((conflict) =>
            conflict
              .columns(["key", "variant"])
              .doUpdateSet(({ ref }) => ({ value: ref("excluded.value"), expires_at: ref("excluded.expires_at") })),
          )
          .execute(),
      );
    },
    async deleteResource(resource) {
      await database.read((db) => db.deleteFrom("cached_responses").where("resource", "=", resource).execute());
    },
    async deletePrefix(resourcePrefix, variantPrefix = "") {
      await database.read((db) =>
        db
          .deleteFrom("cached_responses")
          .where(sql<boolean>`starts_with(resource, ${resourcePrefix})`)
          .where(sql<boolean>`starts_with(variant, ${variantPrefix})`)
          .execute(),
      );
    },
    async deleteExpired(now) {
      const { numDeletedRows } = await database.read((db) =>
        db.deleteFrom("cached_responses").where("expires_at", "<=", sql<Date>`${now}::timestamptz`).executeTakeFirst(),
      );
      return Number(numDeletedRows);
    },
  };
}
