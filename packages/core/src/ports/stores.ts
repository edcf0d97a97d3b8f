import type { KeyRotationStore } from "./key-rotations.ts";
import type {
  ApiKeyRecord,
  AuditRecord,
  ConnectionRecord,
  ConnectionStatus,
  ConnectorVersionRecord,
  ExecutionRecord,
  Json,
  Sealed,
  SecretRecord,
  SettingKind,
  SettingRecord,
  VariableRecord,
  WorkspaceRecord,
} from "./records.ts";

/**
 * What the engine and the server need of a database. Every method takes the workspace first, and an adapter puts it
 * into the query: a row of another workspace is "not there", never "forbidden". Missing rows are `undefined`.
 * Writes that lose a race throw `ConnectorError` with code CONFLICT.
 */

/** One page of a list, newest first unless said otherwise; `cursor` continues after the last item. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

export interface WorkspaceStore {
  create(workspace: WorkspaceRecord): Promise<void>;
  get(workspaceId: string): Promise<WorkspaceRecord | undefined>;
  list(): Promise<readonly WorkspaceRecord[]>;
}

export interface ConnectorStore {
  /** Creates or replaces the draft of that name and version; refuses a published one (VERSION_PUBLISHED). */
  saveDraft(record: ConnectorVersionRecord): Promise<void>;
  /** Makes the draft immutable and returns it; `undefined` if there is none. */
  publish(workspaceId: string, name: string, version: string, at: string): Promise<ConnectorVersionRecord | undefined>;
  /** An exact version. */
  get(workspaceId: string, name: string, version: string): Promise<ConnectorVersionRecord | undefined>;
  /** The highest published version by semantic-version order, else the highest draft when `drafts` is set. */
  latest(
    workspaceId: string,
    name: string,
    options?: { readonly drafts?: boolean },
  ): Promise<ConnectorVersionRecord | undefined>;
  /** Every version, highest first. */
  versions(workspaceId: string, name: string): Promise<readonly ConnectorVersionRecord[]>;
  /** The highest version (published, else draft) of each connector, by name. */
  list(workspaceId: string): Promise<readonly ConnectorVersionRecord[]>;
  deleteDraft(workspaceId: string, name: string, version: string): Promise<boolean>;
  /** Removes every version; fails with CONFLICT while connections exist. */
  delete(workspaceId: string, name: string): Promise<boolean>;
  /** Applies a whole set of changes or nothing (repository registry); false, and nothing is changed, when `under` does not hold. */
  applyAll(workspaceId: string, change: ConnectorSet): Promise<boolean>;
  /**
   * Deletes the setting `owner` and unlocks every version whose source is `reference`, both or neither. False when there is
   * no such setting.
   */
  releaseAll(
    workspaceId: string,
    reference: string,
    owner: { readonly kind: SettingKind; readonly name: string },
  ): Promise<boolean>;
}

/** Changes of connectors that belong together. */
export interface ConnectorSet {
  readonly save: readonly ConnectorVersionRecord[];
  /** Names of connectors of which every version goes. */
  readonly remove: readonly string[];
  /** Versions of these connectors that come from `reference` are locked again. */
  readonly lock?: { readonly reference: string; readonly names: readonly string[] };
  /** A setting that must exist and pass when the changes are made; nobody can write it in between. */
  readonly under?: {
    readonly kind: SettingKind;
    readonly name: string;
    readonly holds: (value: SettingRecord["value"]) => boolean;
  };
}

/** Fields of a connection that one write may change. */
export interface ConnectionChange {
  readonly name?: string;
  readonly environment?: string | null;
  readonly authMethod?: string | null;
  readonly parameters?: ConnectionRecord["parameters"];
  readonly sealedParameters?: Sealed | null;
  readonly sealedCredential?: Sealed | null;
  readonly status?: ConnectionStatus;
  readonly statusReason?: string | null;
  readonly label?: string | null;
  readonly expiresAt?: string | null;
}

export interface ConnectionStore {
  /** Fails with CONNECTOR_UNKNOWN when no version of the connector exists, with CONFLICT when the name is taken. */
  create(record: ConnectionRecord): Promise<void>;
  get(workspaceId: string, id: string): Promise<ConnectionRecord | undefined>;
  /** By name: with `userId` that user's own connection before the workspace's; without, the workspace's only. */
  find(workspaceId: string, connector: string, name: string, userId?: string): Promise<ConnectionRecord | undefined>;
  /** By connector and name. With `userId`: the workspace's connections and that user's own; without: all of them. */
  list(
    workspaceId: string,
    filter?: { readonly connector?: string; readonly userId?: string },
  ): Promise<readonly ConnectionRecord[]>;
  /**
   * Compare-and-set: writes `change` and raises `version` only if the row still has `version`.
   * Returns the new row, or `undefined` when somebody else was first (or the row is gone).
   */
  update(
    workspaceId: string,
    id: string,
    version: number,
    change: ConnectionChange,
  ): Promise<ConnectionRecord | undefined>;
  delete(workspaceId: string, id: string): Promise<boolean>;
}

export interface SecretStore {
  put(record: Omit<SecretRecord, "version" | "createdAt" | "updatedAt">): Promise<SecretRecord>;
  get(workspaceId: string, name: string): Promise<SecretRecord | undefined>;
  /** Without ciphertext. */
  list(workspaceId: string): Promise<readonly Omit<SecretRecord, "sealed">[]>;
  delete(workspaceId: string, name: string): Promise<boolean>;
}

export interface VariableStore {
  put(workspaceId: string, name: string, value: Json): Promise<VariableRecord>;
  get(workspaceId: string, name: string): Promise<VariableRecord | undefined>;
  list(workspaceId: string): Promise<readonly VariableRecord[]>;
  delete(workspaceId: string, name: string): Promise<boolean>;
}

/** Workspace settings, by kind and name. */
export interface SettingStore {
  put(workspaceId: string, kind: SettingKind, name: string, value: SettingRecord["value"]): Promise<SettingRecord>;
  /**
   * Writes what `change` makes of the value that stands there; nobody can write in between. `undefined` when there is no such
   * setting: none is made.
   */
  update(
    workspaceId: string,
    kind: SettingKind,
    name: string,
    change: (value: SettingRecord["value"]) => SettingRecord["value"],
  ): Promise<SettingRecord | undefined>;
  get(workspaceId: string, kind: SettingKind, name: string): Promise<SettingRecord | undefined>;
  list(workspaceId: string, kind: SettingKind): Promise<readonly SettingRecord[]>;
  /** Over all workspaces: a user token's issuer is what names the workspace. */
  listEverywhere(kind: SettingKind): Promise<readonly SettingRecord[]>;
  delete(workspaceId: string, kind: SettingKind, name: string): Promise<boolean>;
}

/** Upstream responses that all replicas keep together. Values are sealed; losing one costs a fetch. */
export interface ResponseCacheStore {
  /** Every variant under the key that has not ended. */
  get(key: string): Promise<readonly Uint8Array[]>;
  put(entry: {
    readonly key: string;
    readonly variant: string;
    readonly resource: string;
    readonly value: Uint8Array;
    readonly expiresAt: string;
  }): Promise<void>;
  deleteResource(resource: string): Promise<void>;
  /** Drops those of resources, and of variants (default: all), that begin so. */
  deletePrefix(resourcePrefix: string, variantPrefix?: string): Promise<void>;
  deleteExpired(now: string): Promise<number>;
}

export interface ApiKeyStore {
  create(record: ApiKeyRecord): Promise<void>;
  /**
   * Looks up by hash, over all workspaces: the key is what names the workspace. Revoked and expired keys are returned
   * as they are; whoever authorises must look at `revokedAt` and `expiresAt`.
   */
  findByHash(hash: string): Promise<ApiKeyRecord | undefined>;
  list(workspaceId: string): Promise<readonly ApiKeyRecord[]>;
  revoke(workspaceId: string, id: string, at: string): Promise<boolean>;
}

export interface ExecutionStore {
  /** Writes a batch in one statement. */
  append(records: readonly ExecutionRecord[]): Promise<void>;
  get(workspaceId: string, id: string): Promise<ExecutionRecord | undefined>;
  list(
    workspaceId: string,
    page: PageRequest & {
      readonly connector?: string;
      readonly outcome?: ExecutionRecord["outcome"];
      readonly requestId?: string;
    },
  ): Promise<Page<ExecutionRecord>>;
  /** Deletes records older than `before` and returns how many. */
  deleteBefore(before: string): Promise<number>;
}

export interface AuditStore {
  append(records: readonly AuditRecord[]): Promise<void>;
  list(workspaceId: string, page: PageRequest): Promise<Page<AuditRecord>>;
}

/**
 * A lease that only its owner can release, with a number that grows with each grant (fencing token).
 * No database connection is held while a lease is.
 */
export interface LeaseStore {
  /** Takes the lease if it is free or has ended; returns the fencing number, or `undefined` while another holds it. */
  acquire(name: string, owner: string, durationMs: number): Promise<number | undefined>;
  /** Compare-and-delete: does nothing when somebody else holds the lease by now. */
  release(name: string, owner: string): Promise<void>;
}

/** Small sealed entries with an end: OAuth states, refresh journal, device-code sessions. An ended entry is not there. */
export interface EphemeralStore {
  /** Writes or overwrites. */
  put(kind: string, key: string, value: Sealed, expiresAt: string): Promise<void>;
  get(kind: string, key: string): Promise<Sealed | undefined>;
  /** Removes the entry and returns it: at most one caller gets it. */
  take(kind: string, key: string): Promise<Sealed | undefined>;
  list(kind: string): Promise<readonly { readonly key: string; readonly value: Sealed; readonly expiresAt: string }[]>;
  delete(kind: string, key: string): Promise<void>;
  deleteExpired(now: string): Promise<number>;
}

/** Counters of rate limits, shared by all replicas. */
export interface RateLimitStore {
  /**
   * Takes `count` tokens of a window for local use and returns how many were granted and when the window ends.
   * A replica leases several at once, so that not every call costs a statement.
   */
  lease(
    key: string,
    limit: number,
    windowMs: number,
    count: number,
  ): Promise<{ readonly granted: number; readonly resetAt: number }>;
  /** Lowers what is left in the current window to what the upstream says. */
  observe(key: string, limit: number, windowMs: number, remaining: number, resetAt: number): Promise<void>;
}

/** Wrapped data keys, one current per workspace; older ones stay readable until they are rewrapped or retired. */
export interface DataKeyRecord {
  readonly id: string;
  readonly workspaceId: string;
  /** Data key, wrapped by the master key. */
  readonly wrapped: string;
  /** Which master key wrapped it. */
  readonly masterKeyId: string;
  readonly createdAt: string;
  readonly retiredAt: string | null;
}
export interface DataKeyStore {
  /** Inserts the workspace's data key; when another replica was first, returns that one. */
  createCurrent(record: DataKeyRecord): Promise<DataKeyRecord>;
  current(workspaceId: string): Promise<DataKeyRecord | undefined>;
  get(workspaceId: string, id: string): Promise<DataKeyRecord | undefined>;
  list(): Promise<readonly DataKeyRecord[]>;
  /** Replaces the wrapping (master-key rotation). */
  rewrap(workspaceId: string, id: string, wrapped: string, masterKeyId: string): Promise<void>;
  /** Makes `record` current and retires the former one (data-key rotation). */
  rotate(record: DataKeyRecord): Promise<void>;
}

/** Where a sealed value lives; with it, the purpose that is bound into the ciphertext can be named. */
export interface SealedPlace {
  readonly kind: "secret" | "connection-parameters" | "connection-credential";
  readonly workspaceId: string;
  /** Name of the secret, or id of the connection. */
  readonly key: string;
}
export interface SealedEntry {
  readonly place: SealedPlace;
  readonly sealed: Sealed;
}

/** A walk over everything that is sealed for good, for the rotation of data keys. Sees ciphertext only. */
export interface SealedStore {
  /** Entries of a workspace whose ciphertext does not start with `prefix` (the envelope names its data key there). */
  listWithoutPrefix(workspaceId: string, prefix: string, page: PageRequest): Promise<Page<SealedEntry>>;
  /**
   * Compare-and-set on the ciphertext itself: writes `to` only where `from` still stands, and leaves the version of
   * the row as it is, so that a refresh under way does not lose its own compare-and-set.
   */
  replace(place: SealedPlace, from: Sealed, to: Sealed): Promise<boolean>;
}

/**
 * What changed, so that every replica drops what it holds warm. `everything` says that the feed cannot tell what it
 * missed (it was away for longer than changes are kept).
 */
export type ChangeKind =
  | "connector"
  | "connection"
  | "secret"
  | "variable"
  | "key"
  | "setting"
  | "workspace"
  | "purge"
  | "everything";
export interface Change {
  readonly kind: ChangeKind;
  /** Empty for `everything`. */
  readonly workspaceId: string;
  /** Name of the connector, secret or variable, id of the connection, API key or workspace; free for `purge`. */
  readonly key: string;
}
export interface ChangeFeed {
  /**
   * Tells all replicas, this one included. Writes through the stores above are told without it, in their own
   * transaction; only `purge` needs a call.
   */
  publish(change: Change): Promise<void>;
  /** Calls `listener` for each change within 5 s of its commit; returns how to stop. */
  subscribe(listener: (change: Change) => void): () => void;
}

/** All stores of one database. */
export interface Stores {
  readonly workspaces: WorkspaceStore;
  readonly connectors: ConnectorStore;
  readonly connections: ConnectionStore;
  readonly secrets: SecretStore;
  readonly variables: VariableStore;
  readonly keys: ApiKeyStore;
  readonly executions: ExecutionStore;
  readonly audit: AuditStore;
  readonly leases: LeaseStore;
  readonly ephemeral: EphemeralStore;
  readonly rateLimits: RateLimitStore;
  readonly dataKeys: DataKeyStore;
  readonly sealed: SealedStore;
  readonly keyRotations: KeyRotationStore;
  readonly settings: SettingStore;
  readonly responseCache: ResponseCacheStore;
  readonly changes: ChangeFeed;
}
