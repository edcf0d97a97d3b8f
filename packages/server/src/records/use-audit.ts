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
  // By connection and caller. Two lookups cost less than writing one key for both.
  let counted = new Map<string, Map<string | null, Uses>>();
  const flush = (): void => {
    const due = counted;
    counted = new Map();
    for (const byCaller of due.values()) for (const uses of byCaller.values()) write(toRecord(uses));
  };
  const timer = setInterval(flush, intervalMs);
  timer.unref();
  return {
    observe(execution) {
      const { connectionId, callerId, startedAt } = execution;
      if (connectionId === null) return;
      const failed = execution.outcome === "failed" ? 1 : 0;
      let byCaller = counted.get(connectionId);
      if (byCaller === undefined) {
        byCaller = new Map();
        counted.set(connectionId, byCaller);
      }
      const uses = byCaller.get(callerId);
      if (uses === undefined) byCaller.set(callerId, { first: execution, count: 1, failed, until: startedAt });
      else {
        uses.count += 1;
        uses.failed += failed;
        uses.until = startedAt;
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
