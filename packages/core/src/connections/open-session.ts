import type { AuthMethod, AuthMethodCompiler, AuthSession } from "../auth/auth-method.ts";
import { parseBaseAddress } from "../compile/compile-base-url.ts";
import type { CompiledConnector } from "../compile/compiled-connector.ts";
import { compileHostRules, matchesHost } from "../compile/host-rules.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { bindAuthMethod } from "../pipeline/auth-binding.ts";
import { CallHost } from "../pipeline/call-host.ts";
import { viewConnection } from "../pipeline/connection-view.ts";
import { Redaction } from "../pipeline/redaction.ts";
import { tlsIdentityOf } from "../pipeline/tls-identity.ts";
import type { HttpPort } from "../ports/http.ts";
import type { Clock, OpenConnection, SecretSource, VariableSource } from "../ports/sources.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { renderText, renderValue } from "../templates/render-value.ts";
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
  const base = findBase(connector, connection);
  await loadNamed(ports, workspace.id, [bound.uses, base?.uses, connector.tls?.uses]);
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
    baseUrl: base === null ? null : renderBase(base, createScope({ workspace, connection: view.closed }, host, false)),
    tls: connector.tls === null ? undefined : tlsIdentityOf(connection, renderValue(connector.tls, scope)),
    signal: wish.signal,
    deadline: now + (wish.timeoutMs ?? 30_000),
    redact: (value) => redaction.add(value),
    checkSecretHosts: (url) => checkHosts(ports.secrets, workspace.id, bound.uses.secrets, url),
    state: undefined,
  };
  return { method: bound.method, session, redaction };
}

function findBase(connector: CompiledConnector, connection: OpenConnection) {
  const { baseUrls } = connector;
  if (baseUrls === null) return null;
  return baseUrls.get(connection.record.environment ?? "") ?? baseUrls.values().next().value ?? null;
}

function renderBase(base: NonNullable<ReturnType<typeof findBase>>, scope: RenderScope): string | null {
  const address =
    base.fixed ??
    (base.template === null ? null : parseBaseAddress(renderText(base.template, scope), base.template.pointer));
  return address === null ? null : address.origin + address.prefix;
}

async function loadNamed(
  ports: SessionPorts,
  workspaceId: string,
  uses: readonly (TemplateUses | undefined)[],
): Promise<void> {
  for (const use of uses) {
    for (const name of use?.secrets ?? []) {
      const secret = ports.secrets.peek(workspaceId, name) ?? (await ports.secrets.load(workspaceId, name));
      if (secret === null) {
        throw new ConnectorError("SECRET_UNKNOWN", `The workspace has no secret "${name}".`, {
          hint: `Create it: PUT /v1/secrets/${name}, with the hosts it may be sent to.`,
        });
      }
    }
    for (const name of use?.variables ?? []) {
      const variable = ports.variables.peek(workspaceId, name) ?? (await ports.variables.load(workspaceId, name));
      if (variable === null) throw new ConnectorError("VARIABLE_UNKNOWN", `The workspace has no variable "${name}".`);
    }
    for (const name of use?.optionalVariables ?? []) {
      if (ports.variables.peek(workspaceId, name) === undefined) await ports.variables.load(workspaceId, name);
    }
  }
}

function checkHosts(secrets: SecretSource, workspaceId: string, names: readonly string[], url: string): void {
  const parsed = new URL(url);
  for (const name of names) {
    const secret = secrets.peek(workspaceId, name);
    if (!secret || matchesHost(compileHostRules(secret.hosts), parsed)) continue;
    throw new ConnectorError("SECRET_HOST_REFUSED", `The secret "${name}" may not be sent to ${parsed.host}.`, {
      hint: `Add "${parsed.host}" to the hosts of the secret, if it belongs there.`,
    });
  }
}
