import type { ConnectorError } from "../errors/connector-error.ts";
import type { Call } from "../execute/call.ts";
import type { ExecutionSink } from "../ports/sources.ts";
import type { CallState } from "./call-state.ts";
import { writeInstant } from "./write-instant.ts";

/** Stage *record*: one execution record, on every exit. The sink collects and writes in batches. */
export function recordExecution(
  sink: ExecutionSink,
  state: CallState,
  durationMs: number,
  error: ConnectorError | null,
): void {
  const { call, connector, action, connection } = state;
  sink.record({
    id: state.executionId,
    workspaceId: call.workspace.id,
    requestId: call.requestId,
    connector: connector.name,
    connectorVersion: connector.version,
    action: action.name,
    connectionId: connection?.record.id ?? null,
    surface: call.surface,
    callerKind: call.caller.kind,
    callerId: call.caller.id,
    startedAt: writeInstant(state.startedAt),
    durationMs,
    outcome: error === null ? "succeeded" : "failed",
    errorCode: error?.code ?? null,
    errorStage: error?.stage ?? null,
    upstreamStatus: state.upstreamStatus,
    attempts: state.attempts,
    cache: state.cache,
  });
}

/** Records a call that failed before its connector, action and connection were known. */
export function recordRefusal(
  sink: ExecutionSink,
  call: Call,
  about: { readonly executionId: string; readonly startedAt: number; readonly now: number; readonly version: string },
  error: ConnectorError,
): void {
  sink.record({
    id: about.executionId,
    workspaceId: call.workspace.id,
    requestId: call.requestId,
    connector: call.connector,
    connectorVersion: about.version,
    action: call.action,
    connectionId: null,
    surface: call.surface,
    callerKind: call.caller.kind,
    callerId: call.caller.id,
    startedAt: writeInstant(about.startedAt),
    durationMs: about.now - about.startedAt,
    outcome: "failed",
    errorCode: error.code,
    errorStage: error.stage,
    upstreamStatus: null,
    attempts: 0,
    cache: null,
  });
}
