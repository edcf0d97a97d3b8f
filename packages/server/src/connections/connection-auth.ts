import {
  type AuditRecord,
  type AuthMethod,
  type AuthMethodCompiler,
  type AuthSession,
  type ConnectionRecord,
  ConnectorError,
  type CredentialEvent,
  createAuthCompilers,
  createTokenKeeper,
  type Engine,
  type HttpPort,
  isOAuth2Method,
  type OpenConnection,
  openAuthSession,
  openConnection,
  type PendingPorts,
  processClock,
  readTokenSet,
  revokeTokens,
  type SecretSource,
  type Stores,
  type TokenKeeper,
  type TokenKeeperOptions,
  type VariableSource,
  type Vault,
} from "@junctor/core";

/** What the server needs to authenticate connections, in calls and outside of them. */
export interface ConnectionAuth {
  /** Every auth method, for the engine. */
  readonly compilers: readonly AuthMethodCompiler[];
  readonly keeper: TokenKeeper;
  readonly pending: PendingPorts;
  /** Opens a session of a connection's method: to authorize, to revoke. */
  open(record: ConnectionRecord, requestId: string): Promise<OpenedSession>;
  /** Revokes the connection's grant at its server; false where there is nothing to revoke or nowhere to ask. */
  revoke(record: ConnectionRecord, requestId: string): Promise<boolean>;
}

/** A session with the method it belongs to. */
export interface OpenedSession {
  readonly method: AuthMethod;
  readonly session: AuthSession;
  readonly connection: OpenConnection;
}

/** What {@link createConnectionAuth} is made of. */
export interface ConnectionAuthPorts {
  readonly stores: Stores;
  readonly vault: Vault;
  readonly http: HttpPort;
  readonly sources: { readonly secrets: SecretSource; readonly variables: VariableSource };
  /** Asked late, because the engine is made of the compilers. */
  readonly engine: () => Engine;
  readonly onEvent: (event: CredentialEvent) => void;
  /** Times of the keeper; for tests and campaigns. */
  readonly timing?: Pick<TokenKeeperOptions, "margins" | "limits" | "backoff" | "forceEveryMs">;
}

/** A revocation must not keep a deletion waiting for long. */
const revocationMs = 5_000;

/** Wires the token keeper and the auth methods to the stores of the server. */
export function createConnectionAuth(ports: ConnectionAuthPorts): ConnectionAuth {
  const { stores, vault, http, sources } = ports;
  const clock = processClock;
  const keeper = createTokenKeeper({
    leases: stores.leases,
    ephemeral: stores.ephemeral,
    clock,
    onEvent: ports.onEvent,
    ...ports.timing,
  });
  const compilers = createAuthCompilers({
    keeper,
    connections: stores.connections,
    ephemeral: stores.ephemeral,
    sealer: vault,
  });
  const authMethods = new Map(compilers.map((compiler) => [compiler.type, compiler]));

  async function open(record: ConnectionRecord, requestId: string): Promise<OpenedSession> {
    const connection = await openConnection(record, vault);
    const connector = await ports.engine().connector(record.workspaceId, record.connector);
    const workspace = await stores.workspaces.get(record.workspaceId);
    if (workspace === undefined) throw new ConnectorError("CONNECTION_UNKNOWN", "The workspace was deleted.");
    const wish = { workspace: { id: workspace.id, name: workspace.name }, connector, connection, requestId };
    const opened = await openAuthSession(wish, { ...sources, http, clock, authMethods });
    return { ...opened, connection };
  }

  return {
    compilers,
    keeper,
    pending: { ephemeral: stores.ephemeral, sealer: vault, clock },
    open,
    async revoke(record, requestId) {
      if (record.sealedCredential === null) return false;
      const { method, session, connection } = await open(record, requestId);
      const tokens = readTokenSet(connection.credential);
      if (tokens === null || !isOAuth2Method(method)) return false;
      return revokeTokens(method.oauth2, session, tokens, AbortSignal.timeout(revocationMs));
    },
  };
}

/** Turns a credential event into an audit record; null for events of shared tokens, which belong to no connection. */
export function toAuditRecord(event: CredentialEvent): AuditRecord | null {
  if (!event.place.startsWith("connection:")) return null;
  return {
    id: crypto.randomUUID(),
    workspaceId: event.workspaceId,
    at: event.at,
    actorKind: "server",
    actorId: null,
    event: `credential.${event.type}`,
    resource: event.place,
    requestId: null,
    detail: { outcome: event.outcome, reason: event.reason },
  };
}
