import { type ConnectionChange, type ConnectionRecord, type ConnectionStore, ConnectorError } from "@junctor/core";
import { type Selectable, sql, type Updateable } from "kysely";
import type { Database } from "../database.ts";
import type { ConnectionTable } from "../schema.ts";
import { classifyFailure } from "../translate-error.ts";

/** Queries of connections. */
export function createConnectionStore(database: Database): ConnectionStore {
  return {
    create: (record) => createConnection(database, record),
    async get(workspaceId, id) {
      const row = await database.read((db) =>
        db
          .selectFrom("connections")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async find(workspaceId, connector, name, userId) {
      const row = await database.read((db) =>
        db
          .selectFrom("connections")
          .selectAll()
          .where("workspace_id", "=", workspaceId)
          .where("connector", "=", connector)
          .where("name", "=", name)
          .where((where) => where.or([where("user_id", "is", null), where("user_id", "=", userId ?? null)]))
          .orderBy("user_id", (order) => order.asc().nullsLast())
          .limit(1)
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async list(workspaceId, { connector, userId } = {}) {
      const rows = await database.read((db) => {
        let select = db.selectFrom("connections").selectAll().where("workspace_id", "=", workspaceId);
        if (connector !== undefined) select = select.where("connector", "=", connector);
        if (userId !== undefined) {
          select = select.where((where) => where.or([where("user_id", "is", null), where("user_id", "=", userId)]));
        }
        return select.orderBy("connector").orderBy("name").orderBy("id").execute();
      });
      return rows.map(toRecord);
    },
    async update(workspaceId, id, version, change) {
      const row = await database.write((db) =>
        db
          .updateTable("connections")
          .set({ ...toColumns(change), version: version + 1, updated_at: sql`now()` })
          .where("workspace_id", "=", workspaceId)
          .where("id", "=", id)
          .where("version", "=", version)
          .returningAll()
          .executeTakeFirst(),
      );
      return row && toRecord(row);
    },
    async delete(workspaceId, id) {
      const { numDeletedRows } = await database.write((db) =>
        db.deleteFrom("connections").where("workspace_id", "=", workspaceId).where("id", "=", id).executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

async function createConnection(database: Database, record: ConnectionRecord): Promise<void> {
  const { workspaceId, id, connector, owner } = record;
  try {
    await database.write((db) =>
      db
        .insertInto("connections")
        .values({
          workspace_id: workspaceId,
          id,
          connector,
          name: record.name,
          user_id: owner.kind === "user" ? owner.userId : null,
          auth_method: record.authMethod,
          environment: record.environment,
          parameters: JSON.stringify(record.parameters),
          sealed_parameters: record.sealedParameters,
          sealed_credential: record.sealedCredential,
          version: record.version,
          status: record.status,
          status_reason: record.statusReason,
          label: record.label,
          expires_at: record.expiresAt,
          created_at: record.createdAt,
          updated_at: record.updatedAt,
        })
        .execute(),
    );
  } catch (error) {
    const cause = error instanceof ConnectorError ? error.cause : error;
    if (classifyFailure(cause) === "missing") {
      throw new ConnectorError("CONNECTOR_UNKNOWN", `There is no connector "${connector}" to connect to.`, {
        hint: "Save a definition of this name first.",
        cause,
      });
    }
    throw error;
  }
}

/** Takes only what the change names: an absent member leaves its column alone, null empties it. */
function toColumns(change: ConnectionChange): Updateable<ConnectionTable> {
  const columns: Updateable<ConnectionTable> = {};
  if (change.name !== undefined) columns.name = change.name;
  if (change.environment !== undefined) columns.environment = change.environment;
  if (change.authMethod !== undefined) columns.auth_method = change.authMethod;
  if (change.parameters !== undefined) columns.parameters = JSON.stringify(change.parameters);
  if (change.sealedParameters !== undefined) columns.sealed_parameters = change.sealedParameters;
  if (change.sealedCredential !== undefined) columns.sealed_credential = change.sealedCredential;
  if (change.status !== undefined) columns.status = change.status;
  if (change.statusReason !== undefined) columns.status_reason = change.statusReason;
  if (change.label !== undefined) columns.label = change.label;
  if (change.expiresAt !== undefined) columns.expires_at = change.expiresAt;
  return columns;
}

const toRecord = (row: Selectable<ConnectionTable>): ConnectionRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  connector: row.connector,
  name: row.name,
  owner: row.user_id === null ? { kind: "workspace" } : { kind: "user", userId: row.user_id },
  authMethod: row.auth_method,
  environment: row.environment,
  parameters: row.parameters,
  sealedParameters: row.sealed_parameters,
  sealedCredential: row.sealed_credential,
  version: row.version,
  status: row.status,
  statusReason: row.status_reason,
  label: row.label,
  expiresAt: row.expires_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
