import type { RateLimitStore } from "@junctor/core";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/**
 * Queries of rate-limit windows. A window opens with the first lease and ends `windowMs` later; what it grants is
 * decided in the statement, so any number of replicas together never take more than the limit.
 */
export function createRateLimitStore(database: Database): RateLimitStore {
  return {
    async lease(key, limit, windowMs, count) {
      const wanted = Math.max(0, Math.trunc(count));
      const most = Math.max(0, Math.trunc(limit));
      const { rows } = await database.write((db) =>
        sql<{ granted: number; reset_at: Date }>`
          insert into rate_windows as w (key, used, granted, reset_at)
          values (${key}, least(${wanted}::bigint, ${most}::bigint), least(${wanted}::bigint, ${most}::bigint),
                  clock_timestamp() + ${windowMs}::float8 * interval '1 ms')
          on conflict (key) do update set
            granted = case when w.reset_at <= clock_timestamp() then excluded.granted
                           else greatest(0, least(${wanted}::bigint, ${most}::bigint - w.used)) end,
            used = case when w.reset_at <= clock_timestamp() then excluded.used
                        else w.used + greatest(0, least(${wanted}::bigint, ${most}::bigint - w.used)) end,
            reset_at = case when w.reset_at <= clock_timestamp() then excluded.reset_at else w.reset_at end
          returning granted, reset_at
        `.execute(db),
      );
      const [row] = rows;
      return { granted: row?.granted ?? 0, resetAt: row?.reset_at.getTime() ?? Date.now() + windowMs };
    },
    async observe(key, limit, windowMs, remaining, resetAt) {
      const used = Math.max(0, Math.trunc(limit - remaining));
      const reset = new Date(Math.min(resetAt, Date.now() + Math.max(windowMs, 24 * 3_600_000))).toISOString();
      await database.read((db) =>
        sql`
          insert into rate_windows as w (key, used, granted, reset_at)
          values (${key}, ${used}, 0, ${reset}::timestamptz)
          on conflict (key) do update set
            used = case when w.reset_at <= clock_timestamp() then excluded.used
                        else greatest(w.used, excluded.used) end,
            reset_at = excluded.reset_at
        `.execute(db),
      );
    },
  };
}
