import type { JsonObject, KeyRotationRecord } from "@junctor/core";
import type { ColumnType, Generated } from "kysely";

/**
 * The tables as Kysely sees them; `migrations/` creates them. Times come out as `Date`, `json` columns as values, and
 * both go in as text (ISO 8601 and JSON). JSON is stored as `json`, not `jsonb`: the order of members is the order of
 * a form, and a body may hold `\u0000`.
 */

type Time = ColumnType<Date, string, string>;
type OptionalTime = ColumnType<Date | null, string | null, string | null>;
type JsonText<Value> = ColumnType<Value, string, string>;

export interface WorkspaceTable {
  id: string;
  name: string;
  created_at: Time;
}

/** One row per connector name; connections and versions point at it. */
export interface ConnectorTable {
  workspace_id: string;
  name: string;
}

export interface ConnectorVersionTable {
  workspace_id: string;
  name: string;
  version: string;
  /** Sorts bytewise like semantic versions; see `version-order.ts`. */
  version_order: string;
  state: "draft" | "published";
  definition: JsonText<JsonObject>;
  digest: string;
  source: JsonText<{ kind: "api" | "folder" | "repository" | "import"; reference?: string; locked: boolean }>;
  created_at: Time;
  published_at: OptionalTime;
}

export interface ConnectionTable {
  workspace_id: string;
  id: string;
  connector: string;
  name: string;
  /** Null: owned by the workspace. */
  user_id: string | null;
  auth_method: string | null;
  environment: string | null;
  parameters: JsonText<JsonObject>;
  sealed_parameters: string | null;
  sealed_credential: string | null;
  version: number;
  status: "active" | "expiring" | "needs-authorization" | "misconfigured" | "pending";
  status_reason: string | null;
  label: string | null;
  expires_at: OptionalTime;
  created_at: Time;
  updated_at: Time;
}

export interface SecretTable {
  workspace_id: string;
  name: string;
  sealed: string;
  hosts: string[];
  /** From a sequence, so that a deleted and rewritten secret never repeats a version. */
  version: Generated<number>;
  created_at: Generated<Date>;
  updated_at: ColumnType<Date, never, ReturnType<typeof Date> | Date>;
}

export interface VariableTable {
  workspace_id: string;
  name: string;
  value: JsonText<unknown>;
  updated_at: Generated<Date>;
}

export interface ApiKeyTable {
  workspace_id: string;
  id: string;
  kind: "service" | "publishable";
  name: string;
  prefix: string;
  hash: string;
  scopes: string[];
  origins: string[];
  expires_at: OptionalTime;
  created_at: Time;
  revoked_at: OptionalTime;
}

export interface ExecutionTable {
  workspace_id: string;
  id: string;
  request_id: string;
  connector: string;
  connector_version: string;
  action: string;
  connection_id: string | null;
  surface: string;
  caller_kind: string;
  caller_id: string | null;
  started_at: Time;
  duration_ms: number;
  outcome: "succeeded" | "failed";
  error_code: string | null;
  error_stage: string | null;
  upstream_status: number | null;
  attempts: number;
  cache: "hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass" | null;
}

export interface AuditTable {
  workspace_id: string;
  id: string;
  at: Time;
  actor_kind: string;
  actor_id: string | null;
  event: string;
  resource: string;
  request_id: string | null;
  detail: JsonText<JsonObject>;
}

export interface LeaseTable {
  name: string;
  owner: string;
  fence: number;
  ends_at: Time;
}

export interface EphemeralTable {
  kind: string;
  key: string;
  value: string;
  expires_at: Time;
}

export interface RateWindowTable {
  key: string;
  used: number;
  granted: number;
  reset_at: Time;
}

export interface DataKeyTable {
  workspace_id: string;
  id: string;
  wrapped: string;
  master_key_id: string;
  created_at: Time;
  retired_at: OptionalTime;
}

export interface KeyRotationTable {
  id: string;
  kind: KeyRotationRecord["kind"];
  force: boolean;
  workspace_ids: string[] | null;
  state: KeyRotationRecord["state"];
  requested_by: JsonText<KeyRotationRecord["requestedBy"]>;
  progress: JsonText<KeyRotationRecord["progress"]>;
  created_at: Time;
  updated_at: Generated<Date>;
  finished_at: OptionalTime;
  /** Replica that works on it, until `owned_until`. */
  owner: string | null;
  owned_until: OptionalTime;
}

export interface MasterKeyHolderTable {
  replica: string;
  current_key_id: string;
  key_ids: string[];
  seen_at: Time;
}

export interface SettingTable {
  workspace_id: string;
  kind: string;
  name: string;
  value: JsonText<unknown>;
  updated_at: Generated<Date>;
}

export interface CachedResponseTable {
  key: string;
  variant: string;
  resource: string;
  value: Uint8Array;
  expires_at: Time;
}

export interface ChangeTable {
  id: Generated<number>;
  /** Transaction that wrote the row (`xid8`), as text. */
  txid: Generated<string>;
  kind: string;
  workspace_id: string;
  key: string;
  at: Generated<Date>;
}

export interface Schema {
  workspaces: WorkspaceTable;
  connectors: ConnectorTable;
  connector_versions: ConnectorVersionTable;
  connections: ConnectionTable;
  secrets: SecretTable;
  variables: VariableTable;
  api_keys: ApiKeyTable;
  executions: ExecutionTable;
  audit: AuditTable;
  leases: LeaseTable;
  ephemeral: EphemeralTable;
  rate_windows: RateWindowTable;
  data_keys: DataKeyTable;
  key_rotations: KeyRotationTable;
  master_key_holders: MasterKeyHolderTable;
  settings: SettingTable;
  cached_responses: CachedResponseTable;
  changes: ChangeTable;
}
