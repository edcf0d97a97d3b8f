import { ConnectorError, type ConnectorStore, type ConnectorVersionRecord } from "@junctor/core";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../database.ts";
import type { ConnectorVersionTable, Schema } from "../schema.ts";
import { classifyFailure } from "../translate-error.ts";
import { encodeVersionOrder } from "../version-order.ts";
import { lockSetting } from "./settings.ts";

/** Queries of connectors and their versions. */
export function createConnectorStore(database: Database): ConnectorStore {
  return { ...readers(database), ...writers(database) };
}

function readers(database: Database): Pick<ConnectorStore, "get" | "latest" | "versions" | "list"> {
  return {
    async get(workspaceId, name, version) {
      const row = await database.read((db) =>
        ofConnector(db, workspaceId, name).where("version", "=", version).executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async latest(workspaceId, name, { drafts = false } = {}) {
      const row = await database.read((db) =>
        ofConnector(db, workspaceId, name)
          .$if(!drafts, (query) => query.where("state", "=", "published"))
          .orderBy("state", "desc")
          .orderBy("version_order", "desc")
          .orderBy("version", "desc")
          .limit(1)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async versions(workspaceId, name) {
      const rows = await database.read((db) =>
        ofConnector(db, workspaceId, name).orderBy("version_order", "desc").orderBy("version", "desc").execute(),
      );
      return rows.map(toRecord);
    },
    async list(workspaceId) {
      const rows = await database.read((db) =>
        db
          .selectFrom("connector_versions")
          .selectAll()
          .distinctOn("name")
          .where("workspace_id", "=", workspaceId)
          .orderBy("name")
          .orderBy("state", "desc")
          .orderBy("version_order", "desc")
          .orderBy("version", "desc")
          .execute(),
      );
      return rows.map(toRecord);
    },
  };
}

function writers(
  database: Database,
): Pick<ConnectorStore, "saveDraft" | "publish" | "deleteDraft" | "delete" | "applyAll" | "releaseAll"> {
  return {
    async saveDraft(record) {
      const saved = await database.write((db) => upsertVersion(db, record));
      if (!saved) throw alreadyPublished(record);
    },
    async publish(workspaceId, name, version, at) {
      const row = await database.write((db) =>
        db
          .updateTable("connector_versions")
          .set({ state: "published", published_at: at })
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .where("version", "=", version)
          .where("state", "=", "draft")
          .returningAll()
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    deleteDraft: (workspaceId, name, version) =>
      database.transact(async (db) => {
        const { numDeletedRows } = await db
          .deleteFrom("connector_versions")
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .where("version", "=", version)
          .where("state", "=", "draft")
          .executeTakeFirst();
        if (numDeletedRows > 0n) await deleteWhenUnused(db, workspaceId, name);
        return numDeletedRows > 0n;
      }),
    delete: (workspaceId, name) =>
      refuseWhileConnected(name, () => database.write((db) => deleteConnector(db, workspaceId, name))),
    applyAll: (workspaceId, { save, remove, lock, under }) =>
      database.transact(async (db) => {
        if (under !== undefined) {
          const value = await lockSetting(db, workspaceId, under.kind, under.name);
          if (value === undefined || !under.holds(value)) return false;
        }
        for (const record of save) await applyVersion(db, { ...record, workspaceId });
        for (const name of remove) await refuseWhileConnected(name, () => deleteConnector(db, workspaceId, name));
        if (lock !== undefined) await setLocks(db, workspaceId, lock.reference, true, lock.names);
        return true;
      }),
    releaseAll: (workspaceId, reference, { kind, name }) =>
      database.transact(async (db) => {
        // The setting first: whoever applies a set under it has ended by then, or finds it gone.
        const { numDeletedRows } = await db
          .deleteFrom("settings")
          .where("workspace_id", "=", workspaceId)
          .where("kind", "=", kind)
          .where("name", "=", name)
          .executeTakeFirst();
        if (numDeletedRows > 0n) await setLocks(db, workspaceId, reference, false);
        return numDeletedRows > 0n;
      }),
  };
}

const ofConnector = (db: Kysely<Schema>, workspaceId: string, name: string) =>
  db.selectFrom("connector_versions").selectAll().where("workspace_id", "=", workspaceId).where("name", "=", name);

/** Creates the version or replaces its draft, in one statement; false when it is published already. */
async function upsertVersion(db: Kysely<Schema>, record: ConnectorVersionRecord): Promise<boolean> {
  const { workspaceId, name, version } = record;
  const rows = await db
    .with("connector", (cte) =>
      cte
        .insertInto("connectors")
        .values({ workspace_id: workspaceId, name })
        .onConflict((conflict) => conflict.doNothing()),
    )
    .insertInto("connector_versions")
    .values({
      workspace_id: workspaceId,
      name,
      version,
      version_order: encodeVersionOrder(version),
      state: record.state,
      definition: JSON.stringify(record.definition),
      digest: record.digest,
      source: JSON.stringify(record.source),
      created_at: record.createdAt,
      published_at: record.publishedAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["workspace_id", "name", "version"])
        .doUpdateSet(({ ref }) => ({
          state: ref("excluded.state"),
          definition: ref("excluded.definition"),
          digest: ref("excluded.digest"),
          source: ref("excluded.source"),
          published_at: ref("excluded.published_at"),
        }))
        .where("connector_versions.state", "=", "draft"),
    )
    .returning("version")
    .execute();
  return rows.length > 0;
}

/** Writes one version of a set; a published one may only be repeated as it is. */
async function applyVersion(db: Kysely<Schema>, record: ConnectorVersionRecord): Promise<void> {
  if (await upsertVersion(db, record)) return;
  const { digest } = await ofConnector(db, record.workspaceId, record.name)
    .where("version", "=", record.version)
    .executeTakeFirstOrThrow();
  if (digest !== record.digest) throw alreadyPublished(record);
}

async function deleteConnector(db: Kysely<Schema>, workspaceId: string, name: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("connectors")
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Locks or unlocks the versions that come from `reference`, of all connectors or of those named. */
async function setLocks(
  db: Kysely<Schema>,
  workspaceId: string,
  reference: string,
  locked: boolean,
  names?: readonly string[],
): Promise<void> {
  const source = { kind: "repository", reference, locked } as const;
  await db
    .updateTable("connector_versions")
    .set({ source: JSON.stringify(source) })
    .where("workspace_id", "=", workspaceId)
    .where(sql<boolean>`source->>'kind' = 'repository' and source->>'reference' = ${reference}`)
    .where(sql<boolean>`(source->>'locked')::boolean <> ${locked}`)
    .$if(names !== undefined, (query) => query.where(sql<boolean>`name = any(${names}::text[])`))
    .execute();
}

/** Forgets the name when neither a version nor a connection is left. */
async function deleteWhenUnused(db: Kysely<Schema>, workspaceId: string, name: string): Promise<void> {
  await sql`
    delete from connectors c where c.workspace_id = ${workspaceId} and c.name = ${name}
      and not exists (select from connector_versions v where v.workspace_id = c.workspace_id and v.name = c.name)
      and not exists (select from connections n where n.workspace_id = c.workspace_id and n.connector = c.name)
  `.execute(db);
}

async function refuseWhileConnected(name: string, remove: () => Promise<boolean>): Promise<boolean> {
  try {
    return await remove();
  } catch (error) {
    const cause = error instanceof ConnectorError ? error.cause : error;
    if (classifyFailure(cause) !== "missing") throw error;
    throw new ConnectorError("CONFLICT", `Connector "${name}" still has connections.`, {
      hint: "Delete its connections first.",
      cause,
    });
  }
}

const alreadyPublished = ({ name, version }: ConnectorVersionRecord): ConnectorError =>
  new ConnectorError("VERSION_PUBLISHED", `Version ${version} of connector "${name}" is published.`, {
    hint: "Raise the version in the definition and save that as a new draft.",
  });

const toRecord = (row: Selectable<ConnectorVersionTable>): ConnectorVersionRecord => ({
  workspaceId: row.workspace_id,
  name: row.name,
  version: row.version,
  state: row.state,
  definition: row.definition,
  digest: row.digest,
  source: row.source,
  createdAt: row.created_at.toISOString(),
  publishedAt: row.published_at?.toISOString() ?? null,
});
