/**
 * The records that the engine keeps, as plain data. Times are ISO 8601 strings in UTC; ids are opaque strings.
 * A `Sealed` value is ciphertext: stores hold nothing else of a secret, and only `core/credentials` opens one.
 */

/** Ciphertext in the envelope format of `core/credentials/envelope.ts`; text, safe to store and to compare. */
export type Sealed = string;

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** Where a version came from; `locked` versions change only through their source. */
export interface ConnectorSource {
  readonly kind: "api" | "folder" | "repository" | "import";
  readonly reference?: string;
  readonly locked: boolean;
}

/** One version of a connector: an editable draft or an immutable published version. */
export interface ConnectorVersionRecord {
  readonly workspaceId: string;
  readonly name: string;
  readonly version: string;
  readonly state: "draft" | "published";
  /** The normalised definition. */
  readonly definition: JsonObject;
  /** SHA-256 of the canonical definition, in hex; the cache key of compiled connectors. */
  readonly digest: string;
  readonly source: ConnectorSource;
  readonly createdAt: string;
  readonly publishedAt: string | null;
}

export type ConnectionStatus = "active" | "expiring" | "needs-authorization" | "misconfigured" | "pending";

/** A connector bound to one account. */
export interface ConnectionRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly connector: string;
  /** Unique per workspace, connector and owner; what a caller names. */
  readonly name: string;
  readonly owner: { readonly kind: "workspace" } | { readonly kind: "user"; readonly userId: string };
  /** Name (or type) of the chosen auth method, null for a connector without one. */
  readonly authMethod: string | null;
  readonly environment: string | null;
  /** Parameters that are not secret. */
  readonly parameters: JsonObject;
  /** `writeOnly` parameters, sealed as one JSON object; null when there are none. */
  readonly sealedParameters: Sealed | null;
  /** Token set of the auth method, sealed as one JSON object; null before the first one. */
  readonly sealedCredential: Sealed | null;
  /** Grows with each write of parameters or credential; the compare-and-set value of R4 (credentials). */
  readonly version: number;
  readonly status: ConnectionStatus;
  /** Why the status is what it is, for a person; null when active. */
  readonly statusReason: string | null;
  /** Label of the account, as the connector's `test` gave it. */
  readonly label: string | null;
  /** When the current access token ends, if that is known. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A named workspace value that is written once and never read back through an API. */
export interface SecretRecord {
  readonly workspaceId: string;
  readonly name: string;
  readonly sealed: Sealed;
  /** Hosts the value may be sent to: exact names or `*.suffix`; empty means none. */
  readonly hosts: readonly string[];
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A named workspace value that is plain. */
export interface VariableRecord {
  readonly workspaceId: string;
  readonly name: string;
  readonly value: Json;
  readonly updatedAt: string;
}

/** What a setting is about: whose user tokens count, who may call what, where definitions come from. */
export type SettingKind = "issuer" | "policy" | "repository" | "cors";

/** A named setting of a workspace. Holds no secret: it names workspace secrets where it needs one. */
export interface SettingRecord {
  readonly workspaceId: string;
  readonly kind: string;
  readonly name: string;
  readonly value: JsonObject;
  readonly updatedAt: string;
}

export type KeyKind = "service" | "publishable";

/** A key that names a workspace; the key itself is stored as a SHA-256 hash only. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: KeyKind;
  readonly name: string;
  /** First characters, for people to tell keys apart. */
  readonly prefix: string;
  readonly hash: string;
  /** Scopes such as `execute`, `connectors:write`; see `contract`. */
  readonly scopes: readonly string[];
  /** Origins that may use a publishable key. */
  readonly origins: readonly string[];
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** The record of one call. Holds no body and no secret. */
export interface ExecutionRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly requestId: string;
  readonly connector: string;
  readonly connectorVersion: string;
  readonly action: string;
  readonly connectionId: string | null;
  readonly surface: string;
  readonly callerKind: string;
  readonly callerId: string | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: "succeeded" | "failed";
  readonly errorCode: string | null;
  readonly errorStage: string | null;
  readonly upstreamStatus: number | null;
  readonly attempts: number;
  readonly cache: "hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass" | null;
}

/** Who did what to which resource, and every use of a credential. */
export interface AuditRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  /** Verb such as `connection.use`, `secret.write`, `key.create`. */
  readonly event: string;
  readonly resource: string;
  readonly requestId: string | null;
  readonly detail: JsonObject;
}
