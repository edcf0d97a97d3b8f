import type { AuthSession } from "../auth/auth-method.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "./call-state.ts";
import { checkSecretHosts } from "./check-secret-hosts.ts";

/**
 * Stage *authenticate*: has the credential at hand. A warm one costs nothing to wait for. The host is checked first, so
 * that no token is fetched for a request that may not carry it.
 */
export function authenticate(state: CallState): Promise<void> | undefined {
  const { auth, plan } = state;
  if (auth === null || plan === null) return undefined;
  if (auth.type !== "none" && !plan.credentialHost) {
    throw new ConnectorError("SECRET_HOST_REFUSED", `The credential may not be sent to ${plan.host}.`, {
      hint: `Add "${plan.host}" to the connector's "hosts", or send the request with "auth": false.`,
    });
  }
  return auth.prepare(openSession(state));
}

/** Makes what the method needs to know of this call, once. */
export function openSession(state: CallState): AuthSession {
  if (state.session !== null) return state.session;
  const { call, connector, connection, context, redaction, base } = state;
  const session: AuthSession = {
    workspace: call.workspace,
    connector: { name: connector.name, version: connector.version },
    connection,
    userId: call.caller.user?.id ?? null,
    requestId: call.requestId,
    scope: state.openScope,
    http: context.http,
    clock: context.clock,
    baseUrl: base === null ? null : base.origin + base.prefix,
    tls: state.tls,
    signal: call.signal,
    deadline: state.deadline,
    redact: (value) => redaction.add(value),
    checkSecretHosts: (url) => checkSecretHosts(state, state.authSecrets, new URL(url)),
    state: undefined,
  };
  state.session = session;
  return session;
}
