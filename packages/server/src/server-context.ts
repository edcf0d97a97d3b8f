import type { Route } from "@junctor/contract";
import type { AuditRecord, Engine, HttpCache, Stores, Vault } from "@junctor/core";
import type { Egress } from "@junctor/egress";
import type { CallGate } from "./callers/call-gate.ts";
import type { FindReader, IdentifyCaller } from "./callers/identify-caller.ts";
import type { ServerConfig } from "./config.ts";
import type { ConnectionAuth } from "./connections/connection-auth.ts";
import type { Admission } from "./http/admission.ts";
import type { RequestValidator } from "./http/request-validator.ts";
import type { KeyHolder, KeyRing } from "./keys/key-ring.ts";
import type { Logger } from "./logging/create-logger.ts";
import type { SecretValues } from "./logging/secret-values.ts";
import type { KeyRotations } from "./master-key/key-rotations.ts";
import type { Metrics } from "./metrics/metrics.ts";

/** Whether the process takes requests: it starts, runs, then drains what is running and ends. */
export interface ServerState {
  phase: "starting" | "ready" | "stopping";
  /** Base URL at which the server listens; empty while starting. */
  url: string;
}

/** What somebody did to a resource, for the audit trail. */
export interface AuditEvent {
  /** Verb such as `secret.write`. */
  readonly event: string;
  readonly resource: string;
  /** Further facts. Never a secret. */
  readonly detail?: AuditRecord["detail"];
}

/** Everything that a surface may use. Made once by `compose`. */
export interface ServerContext {
  readonly config: ServerConfig;
  readonly state: ServerState;
  readonly log: Logger;
  /** Add every secret that comes in or is opened; logs and problems are cleaned of it. */
  readonly secrets: SecretValues;
  readonly metrics: Metrics;
  readonly stores: Stores;
  readonly vault: Vault;
  readonly egress: Egress;
  readonly engine: Engine;
  /** Auth methods and tokens of connections, in calls and outside of them. */
  readonly auth: ConnectionAuth;
  readonly keys: KeyRing;
  /** Rotations of master key and data keys. */
  readonly keyRotations: KeyRotations;
  /** Who calls a surface for pages: by key, user token and origin. */
  readonly identify: IdentifyCaller;
  /** Whose page may read why its call was refused. */
  readonly findReader: FindReader;
  /** The workspace's policies and the callers' rate limits. */
  readonly gate: CallGate;
  readonly cache: HttpCache;
  readonly admission: Admission;
  readonly validatorOf: (route: Route) => RequestValidator;
  /** Says whether the database answers. */
  readonly checkStore: () => Promise<boolean>;
  /** Writes a backup of the embedded store to a new file. */
  readonly backup: (path: string) => Promise<void>;
  /** Writes an audit record; a write that fails fails the request that caused it. */
  readonly audit: (holder: KeyHolder, requestId: string, event: AuditEvent) => Promise<void>;
  /** URL under which callers reach the server, base path included, without a slash at its end. */
  readonly publicUrl: () => string;
}
