import { ConnectorError } from "@junctor/core";
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Engine, ReportProblem } from "../engine.ts";
import { migrateSchema } from "../migrations/migrate.ts";
import type { Schema } from "../schema.ts";
import { translateError } from "../translate-error.ts";
import { listenForChanges } from "./listen-for-changes.ts";

/** Where a Postgres is and how it is used. */
export interface PostgresOptions {
  readonly kind: "postgres";
  /** `postgres://user:password@host:port/database`, with any parameters that libpq URLs take. */
  readonly url: string;
  /** Connections in the pool, beside one for notifications. Default 10. */
  readonly pool?: number;
  /** TLS: `true` verifies against the system's authorities, `ca` against the given ones. Default: as the URL says. */
  readonly ssl?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Milliseconds after which the database gives up on a statement. Default 15 000; 0 sets no limit (PgBouncer). */
  readonly statementTimeoutMs?: number;
  /** Milliseconds to wait for a connection, new or from the pool. Default 5 000. */
  readonly connectTimeoutMs?: number;
}

const oldestServer = 140_000;
const bigint = 20;

/** Opens a pool and makes sure that a Postgres new enough answers. */
export async function openPostgres(options: PostgresOptions, report: ReportProblem): Promise<Engine> {
  const config = resolveConfig(options);
  const pool = new pg.Pool({ ...config, max: options.pool ?? 10, idleTimeoutMillis: 30_000 });
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on("error", (error) => report({ what: "connection", error }));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await refuseOldServer(kysely);
  } catch (error) {
    await kysely.destroy();
    throw translateError(error);
  }
  return {
    kind: "postgres",
    kysely,
    pollMs: 2_000,
    guard: () => undefined,
    migrate: () => migratePostgres(config),
    listen: (wake) => listenForChanges({ ...config, keepAlive: true }, wake, report),
    load: () => ({ connections: pool.totalCount, waiting: pool.waitingCount }),
    close: () => kysely.destroy(),
  };
}

function resolveConfig({
  url,
  ssl,
  statementTimeoutMs = 15_000,
  connectTimeoutMs = 5_000,
}: PostgresOptions): pg.PoolConfig {
  return {
    connectionString: url,
    application_name: "junctor",
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: { getTypeParser: readBigintAsNumber },
    ...(ssl === undefined ? {} : { ssl: typeof ssl === "boolean" ? ssl : { ...ssl } }),
    ...(statementTimeoutMs === 0
      ? {}
      : {
          statement_timeout: statementTimeoutMs,
          idle_in_transaction_session_timeout: statementTimeoutMs * 2,
          // The client's own limit notices a peer that is gone without a word.
          query_timeout: statementTimeoutMs + 5_000,
        }),
  };
}

/** Counters stay far below 2^53, so they are numbers; everything else is read as the driver does. */
const readBigintAsNumber = ((oid: number, format?: "text" | "binary") =>
  oid === bigint ? Number : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser;

async function refuseOldServer(kysely: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(
    kysely,
  );
  const version = Number(rows[0]?.version);
  if (version >= oldestServer) return;
  throw new ConnectorError("STORE_UNAVAILABLE", `The database is Postgres ${Math.trunc(version / 10_000)}.`, {
    hint: "Junctor needs Postgres 14 or newer.",
    retryable: false,
  });
}

/** Migrates on connections of its own: waiting for another migrator may take longer than any statement timeout. */
async function migratePostgres(config: pg.PoolConfig): Promise<readonly string[]> {
  const { statement_timeout, query_timeout, idle_in_transaction_session_timeout, ...untimed } = config;
  const pool = new pg.Pool({ ...untimed, max: 2 });
  pool.on("error", () => undefined);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await migrateSchema(kysely);
  } finally {
    await kysely.destroy();
  }
}
