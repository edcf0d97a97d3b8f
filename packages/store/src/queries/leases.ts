import type { LeaseStore } from "@junctor/core";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/**
 * Queries of leases. One row per held lease; the clock is the database's, so replicas need not agree on the time.
 *
 *   free ──acquire──► held by A, fence n ──release by A──► free
 *                          │ ends_at passes
 *                          └──acquire by B──► held by B, fence m > n     (release by A does nothing now)
 */
export function createLeaseStore(database: Database): LeaseStore {
  return {
    async acquire(name, owner, durationMs) {
      const { rows } = await database.write((db) =>
        sql<{ fence: number }>`
          insert into leases as held (name, owner, fence, ends_at)
          values (${name}, ${owner}, nextval('lease_fences'), clock_timestamp() + ${durationMs}::float8 * interval '1 ms')
          on conflict (name) do update
            set owner = excluded.owner, ends_at = excluded.ends_at, fence = nextval('lease_fences')
            where held.ends_at <= clock_timestamp()
          returning fence
        `.execute(db),
      );
      return rows[0]?.fence;
    },
    async release(name, owner) {
      await database.read((db) =>
        db.deleteFrom("leases").where("name", "=", name).where("owner", "=", owner).execute(),
      );
    },
  };
}
