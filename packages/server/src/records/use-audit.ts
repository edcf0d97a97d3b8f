import type { AuditRecord, ExecutionRecord } from "@junctor/core";

/**
 * Audits every use of a credential without a record per call: uses of one connection by one caller are counted and written as
 * one `connection.use` record per interval, with how often, from when and until when. Single calls are in the execution
 * records, which are kept for a shorter time.
 */
export interface UseAudit {
  /** Counts a call that used a connection; returns at once. */
  observe(execution: ExecutionRecord): void;
  /** Writes what was counted and stops. */
  close(): void;
}

interface Uses {
  readonly first: ExecutionRecord;
  count: number;
  failed: number;
  until: string;
}

/** Makes the audit of uses; `write` takes the records of an interval one by one. */
export function createUseAudit(write: (record: AuditRecord) => void, intervalMs = 10_000): UseAudit {
  let counted = new Map<string, Uses>();
  const flush = (): void => {
    const due = counted;
    counted = new Map();
    for (const uses of due.values()) write(toRecord(uses));
  };
  const timer = setInterval(flush, intervalMs);
  timer.unref();
  return {
    observe(execution) {
      const { connectionId, workspaceId, callerKind, callerId } = execution;
      if (connectionId === null) return;
      const key = `${workspaceId}\n${connectionId}\n${callerKind}\n${callerId ?? ""}`;
      const uses = counted.get(key);
      const failed = execution.outcome === "failed" ? 1 : 0;
      if (uses === undefined) counted.set(key, { first: execution, count: 1, failed, until: execution.startedAt });
      else {
        uses.count += 1;
        uses.failed += failed;
        uses.until = execution.startedAt;
      }
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

function toRecord({ first, count, failed, until }: Uses): AuditRecord {
  return {
    id: crypto.randomUUID(),
    workspaceId: first.workspaceId,
    at: until,
    actorKind: first.callerKind,
    actorId: first.callerId,
    event: "connection.use",
    resource: `connection:${first.connectionId}`,
    requestId: first.requestId,
    detail: { connector: first.connector, count, failed, from: first.startedAt, until },
  };
}
