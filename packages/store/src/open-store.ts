import { ConnectorError, type Stores } from "@junctor/core";
import { sql } from "kysely";
import { writeBackup } from "./backup/backup.ts";
import { createChangeFeed, type RunningChangeFeed } from "./changes/change-feed.ts";
import { createDatabase, type Database } from "./database.ts";
import type { EmbeddedEngine, EmbeddedOptions, MemoryOptions } from "./embedded/open-embedded.ts";
import type { Engine, ReportProblem } from "./engine.ts";
import type { PostgresOptions } from "./postgres/open-postgres.ts";
import { createApiKeyStore } from "./queries/api-keys.ts";
import { createAuditStore } from "./queries/audit.ts";
import { createResponseCacheStore } from "./queries/cached-responses.ts";
import { createConnectionStore } from "./queries/connections.ts";
import { createConnectorStore } from "./queries/connectors.ts";
import { createDataKeyStore } from "./queries/data-keys.ts";
import { createEphemeralStore } from "./queries/ephemeral.ts";
import { createExecutionStore } from "./queries/executions.ts";
import { createKeyRotationStore } from "./queries/key-rotations.ts";
import { createLeaseStore } from "./queries/leases.ts";
import { createRateLimitStore } from "./queries/rate-windows.ts";
import { createSealedStore } from "./queries/sealed-values.ts";
import { createSecretStore } from "./queries/secrets.ts";
import { createSettingStore } from "./queries/settings.ts";
import { createVariableStore } from "./queries/variables.ts";
import { createWorkspaceStore } from "./queries/workspaces.ts";

export type StoreOptions = (EmbeddedOptions | MemoryOptions | PostgresOptions) & {
  /** Hears of what goes wrong in the background. Default: nobody does. */
  readonly onProblem?: ReportProblem;
};

/** What `health` found. */
export interface StoreHealth {
  readonly ok: boolean;
  readonly engine: "embedded" | "postgres";
  /** How long a trivial statement took; absent when it failed. */
  readonly latencyMs?: number;
  readonly connections: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** When changes of other replicas were last looked for, in epoch milliseconds; absent before `migrate`. */
  readonly changesCheckedAt?: number;
  /** Why `ok` is false. */
  readonly reason?: string;
}

/** An open database. */
export interface Store {
  readonly kind: "embedded" | "postgres";
  readonly stores: Stores;
  /** Brings the schema up to date and starts the change feed; returns the names of the migrations that ran. */
  migrate(): Promise<readonly string[]>;
  /** Never throws. */
  health(): Promise<StoreHealth>;
  /**
   * Writes a backup of an embedded store to a new file while it runs. CONFLICT for Postgres, which has its own tools, and for
   * a database that no server has used.
   */
  backup(path: string): Promise<void>;
  /** Ends all statements under way, then the connections. Doing it twice is no error. */
  close(): Promise<void>;
}

/**
 * Opens a database. `embedded` is a folder of this process alone, `postgres` may have any number of processes. Call
 * `migrate` before the first use.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const report = options.onProblem ?? (() => undefined);
  const engine = await openEngine(options, report);
  const database = createDatabase(engine);
  const feed = createChangeFeed(database, engine, report);
  let closing: Promise<void> | undefined;
  return {
    kind: engine.kind,
    stores: createStores(database, feed),
    async migrate() {
      const ran = await engine.migrate();
      await feed.start();
      return ran;
    },
    health: () => checkHealth(engine, database, feed),
    async backup(path) {
      if (!isEmbedded(engine)) {
        throw new ConnectorError("CONFLICT", "A backup through Junctor is for the embedded store.", {
          hint: "Use pg_dump or the backups of your Postgres service.",
        });
      }
      engine.guard();
      await requireContent(database);
      await writeBackup(path, await engine.dump());
    },
    close() {
      closing ??= feed.stop().finally(() => engine.close());
      return closing;
    },
  };
}

/** Loads only the driver that is used: each costs start time and some megabytes. */
async function openEngine(options: StoreOptions, report: ReportProblem): Promise<Engine> {
  if (options.kind === "postgres") {
    const { openPostgres } = await import("./postgres/open-postgres.ts");
    return openPostgres(options, report);
  }
  const { openEmbedded } = await import("./embedded/open-embedded.ts");
  return openEmbedded(options, report);
}

/** Every server has a workspace; a database without one was made by mistake, and its backup would be trusted for nothing. */
async function requireContent(database: Database): Promise<void> {
  const row = await database.read((db) => db.selectFrom("workspaces").select("id").limit(1).executeTakeFirst());
  if (row !== undefined) return;
  throw new ConnectorError("CONFLICT", "There is nothing to back up: no server has ever used this database.", {
    hint: "Open the data folder of the server: JUNCTOR_DATA_DIR, or .junctor where npm start or junctor serve made it.",
  });
}

const isEmbedded = (engine: Engine): engine is EmbeddedEngine => engine.kind === "embedded";

function createStores(database: Database, feed: RunningChangeFeed): Stores {
  return {
    workspaces: createWorkspaceStore(database),
    connectors: createConnectorStore(database),
    connections: createConnectionStore(database),
    secrets: createSecretStore(database),
    variables: createVariableStore(database),
    keys: createApiKeyStore(database),
    executions: createExecutionStore(database),
    audit: createAuditStore(database),
    leases: createLeaseStore(database),
    ephemeral: createEphemeralStore(database),
    rateLimits: createRateLimitStore(database),
    dataKeys: createDataKeyStore(database),
    sealed: createSealedStore(database),
    keyRotations: createKeyRotationStore(database),
    settings: createSettingStore(database),
    responseCache: createResponseCacheStore(database),
    changes: { publish: (change) => feed.publish(change), subscribe: (listener) => feed.subscribe(listener) },
  };
}

async function checkHealth(engine: Engine, database: Database, feed: RunningChangeFeed): Promise<StoreHealth> {
  const startedAt = performance.now();
  const changesCheckedAt = feed.checkedAt();
  const known = {
    engine: engine.kind,
    ...engine.load(),
    ...(changesCheckedAt === undefined ? {} : { changesCheckedAt }),
  };
  try {
    await database.write((db) => sql`select 1`.execute(db));
    return { ok: true, ...known, latencyMs: performance.now() - startedAt };
  } catch (error) {
    return { ok: false, ...known, reason: error instanceof Error ? error.message : String(error) };
  }
}
