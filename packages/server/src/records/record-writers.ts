import type { AuditRecord, ExecutionRecord, Stores } from "@junctor/core";
import type { KeyHolder } from "../keys/key-ring.ts";
import type { Logger } from "../logging/create-logger.ts";
import type { AuditEvent, ServerContext } from "../server-context.ts";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";

/** The writers of what happens on the path of a call, where nobody may wait for a database. */
export interface RecordWriters {
  readonly executions: BatchWriter<ExecutionRecord>;
  readonly audits: BatchWriter<AuditRecord>;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** Makes the writers over a database. */
export function createRecordWriters(stores: Pick<Stores, "executions" | "audit">, log: Logger): RecordWriters {
  const executions = createBatchWriter<ExecutionRecord>({
    write: (records) => stores.executions.append(records),
    onError: (error) => log.error({ err: error }, "records of calls could not be written; they are kept"),
  });
  const audits = createBatchWriter<AuditRecord>({
    write: (records) => stores.audit.append(records),
    onError: (error) => log.error({ err: error }, "audit entries could not be written; they are kept"),
  });
  return {
    executions,
    audits,
    async close() {
      await Promise.all([executions.close(), audits.close()]);
    },
  };
}

/** Makes the auditor of management: its entries are written before the request is answered. */
export function createAuditor({ audit }: Pick<Stores, "audit">): ServerContext["audit"] {
  return async (holder: KeyHolder, requestId: string, { event, resource, detail = {} }: AuditEvent) => {
    await audit.append([
      {
        id: crypto.randomUUID(),
        workspaceId: holder.workspace.id,
        at: new Date().toISOString(),
        actorKind: "key",
        actorId: holder.key.id,
        event,
        resource,
        requestId,
        detail,
      },
    ]);
  };
}
