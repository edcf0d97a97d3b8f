/**
 * Where the engine reads what a call needs: each source is asked synchronously first (`peek`, a warm cache) and loads
 * only when it has nothing, so that a warm call touches no database and awaits nothing.
 *
 *   peek ── value ─────────────► use it (null: known to be absent)
 *     └─ undefined ─► load ────► warm from now on, until `invalidate` drops it
 */
import type {
  AuditRecord,
  ConnectionRecord,
  ConnectorVersionRecord,
  ExecutionRecord,
  Json,
  JsonObject,
} from "./records.ts";
import type { Change } from "./stores.ts";

/** Finds the version of a connector that a call means. */
export interface VersionSource {
  /** `version` undefined means the highest published one. Null: there is none. Undefined: not warm. */
  peek(workspaceId: string, name: string, version: string | undefined): ConnectorVersionRecord | null | undefined;
  load(workspaceId: string, name: string, version: string | undefined): Promise<ConnectorVersionRecord | null>;
  invalidate(change: Change): void;
}

/** Holds a connection with its secrets opened. It never leaves the process and is never logged. */
export interface OpenConnection {
  readonly record: ConnectionRecord;
  /** The non-secret parameters. */
  readonly parameters: JsonObject;
  /** The `writeOnly` parameters, in clear. */
  readonly secretParameters: JsonObject;
  /** The token set of the auth method, in clear; null before the first one. */
  readonly credential: JsonObject | null;
}

/** Finds a connection by its id or by its name; a user's own connection is found before the workspace's. */
export interface ConnectionSource {
  peek(
    workspaceId: string,
    connector: string,
    reference: string,
    userId: string | undefined,
  ): OpenConnection | null | undefined;
  load(
    workspaceId: string,
    connector: string,
    reference: string,
    userId: string | undefined,
  ): Promise<OpenConnection | null>;
  invalidate(change: Change): void;
}

/** Holds a workspace secret in clear, with the hosts it is bound to. */
export interface OpenSecret {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  /** Hosts the value may be sent to: exact names or `*.suffix`; empty means none. */
  readonly hosts: readonly string[];
}

export interface SecretSource {
  peek(workspaceId: string, name: string): OpenSecret | null | undefined;
  load(workspaceId: string, name: string): Promise<OpenSecret | null>;
  invalidate(change: Change): void;
}

/** Holds a variable; the wrapper tells a variable with the value null from one that is not there. */
export interface OpenVariable {
  readonly value: Json;
}

export interface VariableSource {
  peek(workspaceId: string, name: string): OpenVariable | null | undefined;
  load(workspaceId: string, name: string): Promise<OpenVariable | null>;
  invalidate(change: Change): void;
}

/** Takes the record of each call. Must return at once: adapters collect and write in batches. */
export interface ExecutionSink {
  record(record: ExecutionRecord): void;
}

/** Takes audit events of the hot path (use of a credential). Must return at once. */
export interface AuditSink {
  record(record: AuditRecord): void;
}

/** Time, waiting and chance, so that tests can decide all three. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
  /** A new unique id that sorts by time. */
  newId(): string;
}
