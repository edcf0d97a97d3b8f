import { type ConnectionRecord, ConnectorError, planConnectionTest } from "@junctor/core";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";

/**
 * Runs the connector's test action with a connection and keeps the label that it yields. Returns the label, null where
 * the connector names none. Throws what the call threw.
 */
export async function testConnection(
  { engine, stores }: ServerContext,
  holder: Pick<KeyHolder, "workspace" | "caller">,
  record: ConnectionRecord,
  requestId: string,
): Promise<string | null> {
  const { workspaceId } = record;
  const connector = await engine.connector(workspaceId, record.connector);
  const test = await planConnectionTest(connector, {
    workspace: holder.workspace,
    variable: async (name) => (await stores.variables.get(workspaceId, name))?.value,
  });
  if (test === undefined) {
    throw new ConnectorError("ACTION_UNKNOWN", `The connector ${record.connector} declares no test.`, {
      hint: "Call one of its actions instead.",
    });
  }
  const { output } = await engine.execute({
    workspace: holder.workspace,
    caller: holder.caller,
    requestId,
    surface: "test",
    connector: record.connector,
    action: test.action,
    input: test.input,
    connection: record.id,
  });
  const label = await test.label(output.kind === "json" ? output.value : undefined);
  if (label !== null && label !== record.label) {
    // Losing the race to another write only means that the label is shown later.
    await stores.connections.update(workspaceId, record.id, record.version, { label });
  }
  return label;
}
