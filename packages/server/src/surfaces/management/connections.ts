import type { Connection } from "@junctor/contract";
import { type CompiledConnector, type ConnectionRecord, ConnectorError, type JsonObject } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { createConnection, updateConnection } from "../../connectors/write-connection.ts";
import { mountRoute } from "../../http/mount-route.ts";
import { toProblem } from "../../http/to-problem.ts";
import type { ServerContext } from "../../server-context.ts";
import { testConnection } from "./test-connection.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of connections. A credential comes in, is sealed at once, and never goes out. */
export function mountConnections(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listConnections", async ({ holder, query }) => {
    const filter = query.connector === undefined ? {} : { connector: query.connector };
    const records = await stores.connections.list(holder.workspace.id, filter);
    const compiled = new Map<string, ReadonlySet<string>>();
    for (const { connector } of records) {
      if (!compiled.has(connector))
        compiled.set(connector, await readSecretNames(context, holder.workspace.id, connector));
    }
    return { items: records.map((record) => showConnection(record, compiled.get(record.connector))), cursor: null };
  });

  mountRoute(app, context, "createConnection", async ({ holder, body, requestId }) => {
    const connector = await context.engine.connector(holder.workspace.id, body.connector);
    const record = await createConnection(context, holder.workspace.id, connector, body);
    const detail = { connector: record.connector, name: record.name };
    await context.audit(holder, requestId, { event: "connection.create", resource: `connection:${record.id}`, detail });
    return showConnection(record, connector.secretParameters);
  });

  mountRoute(app, context, "getConnection", async ({ holder, parameters: { id } }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    return showConnection(record, await readSecretNames(context, holder.workspace.id, record.connector));
  });

  mountRoute(app, context, "updateConnection", async ({ holder, parameters: { id }, body, requestId }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    const connector = await context.engine.connector(holder.workspace.id, record.connector);
    const updated = await updateConnection(context, record, connector, body);
    const detail = { changed: Object.keys(body) };
    await context.audit(holder, requestId, { event: "connection.update", resource: `connection:${id}`, detail });
    return showConnection(updated, connector.secretParameters);
  });

  mountRoute(app, context, "deleteConnection", async ({ holder, parameters: { id }, requestId }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    // A server that cannot be asked must not keep the account connected here.
    const revoked = await context.auth.revoke(record, requestId).catch(() => false);
    if (!(await stores.connections.delete(holder.workspace.id, id))) throw unknownConnection(id);
    const detail = { revoked };
    await context.audit(holder, requestId, { event: "connection.delete", resource: `connection:${id}`, detail });
    return undefined;
  });

  mountRoute(app, context, "testConnection", async ({ holder, parameters: { id }, requestId }) => {
    const record = await requireConnection(context, holder.workspace.id, id);
    await context.audit(holder, requestId, { event: "connection.test", resource: `connection:${id}` });
    try {
      const label = await testConnection(context, holder, record, requestId);
      return { succeeded: true, label, problem: null };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return { succeeded: false, label: null, problem: toProblem(error, requestId) };
    }
  });
}

async function requireConnection(
  { stores }: ServerContext,
  workspaceId: string,
  id: string,
): Promise<ConnectionRecord> {
  const record = await stores.connections.get(workspaceId, id);
  if (record === undefined) throw unknownConnection(id);
  return record;
}

const unknownConnection = (id: string): ConnectorError =>
  unknownResource("CONNECTION_UNKNOWN", `connection "${id}"`, "List them with GET /v1/connections.");

/** Names of the secret parameters; none when the connector's definition is gone or no longer compiles. */
async function readSecretNames(
  { engine }: ServerContext,
  workspaceId: string,
  connector: string,
): Promise<ReadonlySet<string>> {
  const compiled: Pick<CompiledConnector, "secretParameters"> = await engine
    .connector(workspaceId, connector)
    .catch(() => ({ secretParameters: new Set<string>() }));
  return compiled.secretParameters;
}

function showConnection(record: ConnectionRecord, secretNames: ReadonlySet<string> = new Set()): Connection {
  const { workspaceId: _workspace, sealedParameters, sealedCredential: _credential, ...shown } = record;
  return {
    ...shown,
    parameters: hideNames(record.parameters, secretNames),
    secretParameters: sealedParameters === null ? [] : [...secretNames],
  };
}

/** A parameter that became secret with a later version of the connector is not shown any more. */
function hideNames(parameters: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.has(name)));
}
