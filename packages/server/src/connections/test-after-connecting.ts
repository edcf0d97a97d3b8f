import { type ConnectionRecord, ConnectorError } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { testConnection } from "../surfaces/management/test-connection.ts";

/**
 * Runs the connector's test with a connection that was just made, for its label. Null where the connector has no test. With
 * `required`, a failing test is thrown (what a person entered is wrong); without, the connection stands and only lacks a label.
 */
export async function testAfterConnecting(
  context: ServerContext,
  record: ConnectionRecord,
  requestId: string,
  { required }: { readonly required: boolean },
): Promise<string | null> {
  const connector = await context.engine.connector(record.workspaceId, record.connector);
  if (connector.definition.connection?.test === undefined) return null;
  // The change feed tells all replicas within moments; this call must see the change now.
  context.engine.invalidate({ kind: "connection", workspaceId: record.workspaceId, key: record.id });
  const workspace = await context.stores.workspaces.get(record.workspaceId);
  if (workspace === undefined) return null;
  const { owner } = record;
  const caller =
    owner.kind === "user"
      ? {
          kind: "user" as const,
          id: owner.userId,
          user: { id: owner.userId, roles: [], groups: [], claims: {} },
          scopes: [],
        }
      : { kind: "service" as const, id: null, scopes: ["execute"] };
  try {
    return await testConnection(context, { workspace, caller }, record, requestId);
  } catch (error) {
    if (required || !(error instanceof ConnectorError)) throw error;
    context.log.warn({ requestId, code: error.code }, "the test of a new connection failed");
    return null;
  }
}
