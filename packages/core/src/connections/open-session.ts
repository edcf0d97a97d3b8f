import type { AuthMethod, AuthMethodCompiler, AuthSession } from "../auth/auth-method.ts";
import type { CompiledBaseUrl, CompiledConnector } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { bindAuthMethod } from "../pipeline/auth-binding.ts";
import { CallHost } from "../pipeline/call-host.ts";
import { checkSecretHosts } from "../pipeline/check-secret-hosts.ts";
import { viewConnection } from "../pipeline/connection-view.ts";
import { loadNamed } from "../pipeline/load-named.ts";
import { Redaction } from "../pipeline/redaction.ts";
import { chooseBase, renderBase } from "../pipeline/render-base.ts";
import { tlsIdentityOf } from "../pipeline/tls-identity.ts";
import type { HttpPort } from "../ports/http.ts";
import type { Clock, OpenConnection, SecretSource, VariableSource } from "../ports/sources.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import { createScope, type RenderScope } from "../templates/template-host.ts";

/** What opening a session outside of a call needs. */
export interface SessionPorts {
  readonly secrets: SecretSource;
  readonly variables: VariableSource;
  readonly http: HttpPort;
  readonly clock: Clock;
  readonly authMethods: ReadonlyMap<string, AuthMethodCompiler>;
}

/** Which connection, for whom. */
export interface SessionWish {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly connector: CompiledConnector;
  readonly connection: OpenConnection;
  readonly requestId: string;
  readonly signal?: AbortSignal;
  /** Longest that anything in the session may take. Default 30,000 ms. */
  readonly timeoutMs?: number;
}

/**
 * Opens a session of a connection's auth method outside of any call: to authorize, to revoke, to keep a grant alive. It is the
 * same kind of session that a call makes, so that every request of a method goes through the same checks. Fails with
 * CONNECTION_UNUSABLE when the connector no longer has the method, with SECRET_UNKNOWN or VARIABLE_UNKNOWN.
 */
export async function openAuthSession(
  wish: SessionWish,
  ports: SessionPorts,
): Promise<{ readonly method: AuthMethod; readonly session: AuthSession; readonly redaction: Redaction }> {
  const { connector, connection, workspace } = wish;
  const name = connection.record.authMethod ?? "none";
  const bound = bindAuthMethod(connector, name, ports.authMethods);
  if (bound === undefined) {
    throw new ConnectorError("CONNECTION_UNUSABLE", `The connector has no auth method "${name}".`, {
      hint: "Choose one of the connector's methods on the connection.",
    });
  }
  const base = chooseBase(connector, connection);
  await loadAll(ports, workspace.id, [bound.uses, base?.uses, connector.tls?.uses]);
  const redaction = new Redaction();
  const view = viewConnection(connection, base);
  for (const secret of view.secrets) redaction.add(secret);
  const now = ports.clock.now();
  const host = new CallHost(workspace.id, ports, now, redaction);
  const call = { id: wish.requestId, time: new Date(now).toISOString(), caller: { kind: "service", id: null } };
  const scope = createScope({ workspace, call, connection: view.open }, host, true);
  const session: AuthSession = {
    workspace,
    connector: { name: connector.name, version: connector.version },
    connection,
    userId: connection.record.owner.kind === "user" ? connection.record.owner.userId : null,
    requestId: wish.requestId,
    scope,
    http: ports.http,
    clock: ports.clock,
    baseUrl: addressOf(
      base,
      createScope({ workspace, connection: view.closed }, host, false),
      bound.method.values !== null,
    ),
    tls: connector.tls === null ? undefined : tlsIdentityOf(connection, renderValue(connector.tls, scope)),
    signal: wish.signal,
    deadline: now + (wish.timeoutMs ?? 30_000),
    redact: (value) => redaction.add(value),
    clean: (value) => redaction.cleanJson(value),
    checkSecretHosts: (url) =>
      checkSecretHosts({ context: ports, call: { workspace } }, bound.uses.secrets, new URL(url)),
    state: undefined,
  };
  return { method: bound.method, session, redaction };
}

/** Waits until every named secret and variable is at hand; fails when one is absent. */
async function loadAll(
  ports: SessionPorts,
  workspaceId: string,
  uses: readonly (TemplateUses | undefined)[],
): Promise<void> {
  for (const use of uses) {
    if (use === undefined) continue;
    // Asked again after loading, because only then is it known whether one is absent.
    for (let loading = loadNamed(ports, workspaceId, use); loading !== undefined; ) {
      await loading;
      loading = loadNamed(ports, workspaceId, use);
    }
  }
}

/** The base URL as far as it is known outside of a call: one that a token answer must tell is not. */
function addressOf(base: CompiledBaseUrl | null, scope: RenderScope, hasValues: boolean): string | null {
  if (base === null) return null;
  const address = hasValues ? base.fixed : renderBase(base, scope);
  return address === null ? null : address.origin + address.prefix;
}
