import type { AuthSession } from "../auth/auth-method.ts";
import { userIdOf } from "../callers/user-id.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
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
  state.session ??= new CallSession(state);
  return state.session;
}

/** The session of one call. A class, so that a warm call allocates no closures for it. */
class CallSession implements AuthSession {
  readonly workspace: AuthSession["workspace"];
  readonly connector: AuthSession["connector"];
  readonly connection: AuthSession["connection"];
  readonly userId: string | null;
  readonly requestId: string;
  readonly scope: AuthSession["scope"];
  readonly http: AuthSession["http"];
  readonly clock: AuthSession["clock"];
  readonly baseUrl: string | null;
  readonly tls: AuthSession["tls"];
  readonly deadline: number;
  state: unknown = undefined;
  readonly #state: CallState;

  constructor(state: CallState) {
    const { call, context, base } = state;
    this.workspace = call.workspace;
    this.connector = state.connector;
    this.connection = state.connection;
    this.userId = userIdOf(call.caller) ?? null;
    this.requestId = call.requestId;
    this.scope = state.openScope;
    this.http = context.http;
    this.clock = context.clock;
    this.baseUrl = base === null ? null : base.origin + base.prefix;
    this.tls = state.tls;
    this.deadline = state.deadline;
    this.#state = state;
  }

  /** Read when it is needed: making one is dear, and a warm credential waits for nothing. */
  get signal(): AbortSignal | undefined {
    return this.#state.call.signal;
  }

  redact(value: string): void {
    this.#state.redaction.add(value);
  }

  clean(value: Json): Json {
    return this.#state.redaction.cleanJson(value);
  }

  checkSecretHosts(url: string): void {
    checkSecretHosts(this.#state, this.#state.authSecrets, new URL(url));
  }
}
