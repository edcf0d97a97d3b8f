import { type ConnectionRecord, ConnectorError, type Json } from "@junctor/core";
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
  const connector = await engine.connector(record.workspaceId, record.connector);
  const test = connector.definition.connection?.test;
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
    input: (test.input ?? {}) as Json,
    connection: record.id,
  });
  const value = output.kind === "json" ? output.value : undefined;
  const label = test.label === undefined ? null : renderLabel(test.label, value);
  if (label !== null && label !== record.label) {
    // Losing the race to another write only means that the label is shown later.
    await stores.connections.update(record.workspaceId, record.id, record.version, { label });
  }
  return label;
}

/** Reads a label of the form `{{ output.a.b }}`, and text around such parts. */
function renderLabel(template: string, output: Json | undefined): string | null {
  const text = template.replaceAll(/\{\{\s*output((?:\.\w+)*)\s*\}\}/g, (_whole, path: string) => {
    const value = path
      .split(".")
      .slice(1)
      .reduce<unknown>((at, name) => (typeof at === "object" && at !== null ? (at as never)[name] : undefined), output);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  });
  return text.trim() === "" ? null : text.slice(0, 200);
}
