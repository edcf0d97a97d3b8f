import type { AuditRecord, ExecutionRecord } from "@junctor/core";
import { expect, test } from "vitest";
import { createUseAudit } from "./use-audit.ts";

const execution = (change: Partial<ExecutionRecord>): ExecutionRecord => ({
  id: "e",
  workspaceId: "w",
  requestId: "r",
  connector: "books",
  connectorVersion: "1.0.0",
  action: "read",
  connectionId: "c",
  surface: "rest",
  callerKind: "service",
  callerId: "k",
  startedAt: "2026-01-01T00:00:00.000Z",
  durationMs: 1,
  outcome: "succeeded",
  errorCode: null,
  errorStage: null,
  upstreamStatus: 200,
  attempts: 1,
  cache: null,
  ...change,
});

function audit(executions: readonly Partial<ExecutionRecord>[]): AuditRecord[] {
  const written: AuditRecord[] = [];
  const uses = createUseAudit((record) => written.push(record));
  for (const change of executions) uses.observe(execution(change));
  uses.close();
  return written;
}

test("uses of one connection by one caller are one record, with count and times", () => {
  const later = "2026-01-01T00:00:05.000Z";
  const [record, ...others] = audit([{}, { outcome: "failed" }, { startedAt: later }]);
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    event: "connection.use",
    resource: "connection:c",
    actorKind: "service",
    actorId: "k",
    at: later,
    detail: { count: 3, failed: 1, from: "2026-01-01T00:00:00.000Z", until: later },
  });
});

test("callers, connections and workspaces are told apart; calls without a connection are not uses", () => {
  const records = audit([
    {},
    { callerId: "other" },
    { connectionId: "d" },
    { workspaceId: "v" },
    { connectionId: null },
  ]);
  expect(records).toHaveLength(4);
});
