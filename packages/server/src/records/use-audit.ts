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
  // Calls come in runs of one caller and connection: the uses counted last are likely the next ones.
  let latest: Uses | undefined;
  const flush = (): void => {
    const due = counted;
    counted = new Map();
    latest = undefined;
    for (const uses of due.values()) write(toRecord(uses));
  };
  const find = (execution: ExecutionRecord): Uses => {
    const { workspaceId, connectionId, callerKind, callerId, startedAt } = execution;
    const key = `${workspaceId}\n${connectionId}\n${callerKind}\n${callerId ?? ""}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    const uses: Uses = { first: execution, count: 0, failed: 0, until: startedAt };
    counted.set(key, uses);
    return uses;
  };
  const timer = setInterval(flush, intervalMs);
  timer.unref();
  return {
    observe(execution) {
      const { connectionId, startedAt, outcome } = execution;
      if (connectionId === null) return;
      if (latest === undefined || !isSameUse(latest.first, execution)) latest = find(execution);
      latest.count += 1;
      latest.until = startedAt;
      if (outcome === "failed") latest.failed += 1;
    },
    close() {
      clearInterval(timer);
      flush();
    },
  };
}

const isSameUse = (a: ExecutionRecord, b: ExecutionRecord): boolean =>
  a.connectionId === b.connectionId &&
  a.callerId === b.callerId &&
  a.callerKind === b.callerKind &&
  a.workspaceId === b.workspaceId;

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
