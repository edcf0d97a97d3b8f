import type { AuditEntry, Execution } from "@junctor/contract";
import type { AuditRecord, ExecutionRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

const defaultLimit = 50;

/** Mounts the routes of execution records and of the audit trail. */
export function mountRecords(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listExecutions", async ({ holder, query }) => {
    const { limit = defaultLimit, cursor, connector, outcome, requestId } = query;
    const page = await stores.executions.list(holder.workspace.id, {
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(connector === undefined ? {} : { connector }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(requestId === undefined ? {} : { requestId }),
    });
    return { items: page.items.map(showExecution), cursor: page.cursor };
  });

  mountRoute(app, context, "getExecution", async ({ holder, parameters: { id } }) => {
    const record = await stores.executions.get(holder.workspace.id, id);
    if (record === undefined) {
      throw unknownResource("RESOURCE_UNKNOWN", `execution "${id}"`, "A record appears within a second of its call.");
    }
    return showExecution(record);
  });

  mountRoute(app, context, "listAudit", async ({ holder, query }) => {
    const { limit = defaultLimit, cursor } = query;
    const page = await stores.audit.list(holder.workspace.id, { limit, ...(cursor === undefined ? {} : { cursor }) });
    return { items: page.items.map(showAudit), cursor: page.cursor };
  });
}

function showExecution({ workspaceId: _own, ...record }: ExecutionRecord): Execution {
  return record;
}

function showAudit({ workspaceId: _own, ...record }: AuditRecord): AuditEntry {
  return record;
}
