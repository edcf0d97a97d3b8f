import { createHash } from "node:crypto";
import { connectionPlace } from "../credentials/connection-place.ts";
import type { RefreshMargins } from "../credentials/refresh-margins.ts";
import type { Sealer } from "../credentials/sealer.ts";
import { sharedPlace } from "../credentials/shared-place.ts";
import type { TokenKeeper, TokenRequest } from "../credentials/token-keeper.ts";
import type { TokenRow } from "../credentials/token-place.ts";
import { readTokenSet, type TokenSet } from "../credentials/token-set.ts";
import type { OpenConnection } from "../ports/sources.ts";
import type { ConnectionStore, EphemeralStore } from "../ports/stores.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { applyCredential, type CompiledApply } from "./apply-credential.ts";
import type { AuthMethod, AuthSession } from "./auth-method.ts";
import { type OutgoingRequest, setHeader } from "./outgoing-request.ts";

/** What methods that hold a token need of the process: the keeper, and where tokens are stored. */
export interface TokenPorts {
  readonly keeper: TokenKeeper;
  readonly connections: ConnectionStore;
  readonly ephemeral: EphemeralStore;
  readonly sealer: Sealer;
}

/** What one kind of method (oauth2, session) adds to holding a token. */
export interface TokenMethodKind {
  readonly type: string;
  readonly name: string;
  readonly connector: string;
  /** What its templates read. */
  readonly uses: TemplateUses;
  readonly apply: CompiledApply | null;
  readonly hasValues: boolean;
  /** Whether a new token can be had without a person and without an old one: then changed settings end the token. */
  readonly reacquires: boolean;
  readonly rotates: boolean;
  /** When its tokens are renewed; undefined: as the keeper says. */
  readonly margins?: RefreshMargins | undefined;
  canRenew(tokens: TokenSet | null): boolean;
  obtain(row: TokenRow, session: AuthSession, signal: AbortSignal): Promise<TokenSet>;
}

/** What lives as long as the call. */
interface TokenState {
  readonly request: TokenRequest;
  tokens: TokenSet;
}

/** An auth method that holds a token. */
export interface TokenMethod extends AuthMethod {
  /** Renews the stored token although it is good, so that an idle refresh token does not end (R10). Fails with `TokenError`. */
  keepAlive(session: AuthSession): Promise<void>;
}

/** Turns a kind of token-holding method into an auth method. A warm `prepare` looks up one map and returns. */
export function createTokenMethod(kind: TokenMethodKind, ports: TokenPorts): TokenMethod {
  const readsUser = kind.uses.roots.includes("user");
  const needsConnection = !kind.reacquires || kind.uses.roots.includes("connection");
  const requestOf = (session: AuthSession) => makeRequest(kind, ports, session, readsUser);
  return Object.freeze({
    type: kind.type,
    name: kind.name,
    needsConnection,
    readsUser,
    secretsGoTo: "elsewhere" as const,
    needsBody: false,
    prepare(session: AuthSession) {
      const request = (session.state as TokenState | undefined)?.request ?? requestOf(session);
      const tokens = ports.keeper.tokens(request);
      if (!(tokens instanceof Promise)) {
        keepState(session, request, tokens);
        return undefined;
      }
      return tokens.then((later) => keepState(session, request, later));
    },
    apply(request: OutgoingRequest, session: AuthSession) {
      const { tokens } = session.state as TokenState;
      // The common case first: a bearer token needs no template.
      if (kind.apply === null) setHeader(request, "Authorization", `Bearer ${tokens.accessToken}`);
      else applyCredential(kind.apply, request, session, { token: tokenRoot(tokens) });
      return undefined;
    },
    values: kind.hasValues ? (session: AuthSession) => (session.state as TokenState).tokens.values : null,
    identity(session: AuthSession) {
      const state = session.state as TokenState | undefined;
      const request = state?.request ?? requestOf(session);
      return `${request.place.key}#${state?.tokens.grantId ?? state?.tokens.inputs ?? ""}`;
    },
    answerChallenge: null,
    async keepAlive(session: AuthSession) {
      await ports.keeper.keepAlive(requestOf(session));
    },
    async reauthenticate(session: AuthSession) {
      const state = session.state as TokenState | undefined;
      if (state === undefined) return false;
      const tokens = await ports.keeper.force(state.request, state.tokens.accessToken);
      if (tokens === null) return false;
      keepState(session, state.request, tokens);
      return true;
    },
  });
}

function keepState(session: AuthSession, request: TokenRequest, tokens: TokenSet): void {
  session.redact(tokens.accessToken);
  if (tokens.refreshToken !== null) session.redact(tokens.refreshToken);
  const state = session.state as TokenState | undefined;
  if (state === undefined) session.state = { request, tokens } satisfies TokenState;
  else state.tokens = tokens;
}

/** What templates see as `token`. */
function tokenRoot(tokens: TokenSet): Readonly<Record<string, unknown>> {
  return { ...tokens.values, accessToken: tokens.accessToken, tokenSecret: tokens.tokenSecret ?? undefined };
}

function makeRequest(kind: TokenMethodKind, ports: TokenPorts, session: AuthSession, readsUser: boolean): TokenRequest {
  const { connection } = session;
  const { margins } = kind;
  const inputs = kind.reacquires ? fingerprintInputs(kind, session, readsUser) : null;
  const isOwn = connection !== null && !readsUser;
  const job = {
    rotates: kind.rotates,
    canRenew: (tokens: TokenSet | null) => kind.canRenew(tokens),
    obtain: async (row: TokenRow, signal: AbortSignal) => ({ ...(await kind.obtain(row, session, signal)), inputs }),
  };
  if (isOwn) {
    const place = connectionPlace(session.workspace.id, connection.record.id, ports);
    return { place, job, row: rowOf(connection), inputs, margins, signal: session.signal };
  }
  const key = createHash("sha256")
    .update(JSON.stringify([session.workspace.id, kind.connector, kind.name, connection?.record.id ?? null, inputs]))
    .update(readsUser ? JSON.stringify([session.userId, session.scope.context.user ?? null]) : "")
    .digest("base64url");
  const place = sharedPlace(session.workspace.id, key, { ...ports, now: () => session.clock.now() });
  return { place, job, row: null, inputs: null, margins, signal: session.signal };
}

const rows = new WeakMap<OpenConnection, TokenRow>();

function rowOf(connection: OpenConnection): TokenRow {
  let row = rows.get(connection);
  if (row === undefined) {
    const { version, status, statusReason } = connection.record;
    row = { version, tokens: readTokenSet(connection.credential), status, statusReason };
    rows.set(connection, row);
  }
  return row;
}

/** Fingerprints by open connection, with the secrets and variables they were made with. */
const fingerprints = new WeakMap<
  object,
  { readonly method: TokenMethodKind; readonly read: string; readonly print: string }
>();

/** Names the settings that a token is obtained with: when a client secret is changed, the token of the old one is not used. */
function fingerprintInputs(kind: TokenMethodKind, session: AuthSession, readsUser: boolean): string {
  const { host } = session.scope.options;
  const secrets = kind.uses.secrets.map((name) => host.secret(name));
  const variables = [...kind.uses.variables, ...kind.uses.optionalVariables].map((name) => host.variable(name));
  const read = secrets.length + variables.length === 0 ? "" : JSON.stringify([secrets, variables]);
  const known = session.connection === null ? undefined : fingerprints.get(session.connection);
  if (known !== undefined && known.method === kind && known.read === read && !readsUser) return known.print;
  const { connection } = session;
  const settings =
    connection === null ? null : [connection.parameters, connection.secretParameters, connection.record.environment];
  const print = createHash("sha256").update(JSON.stringify(settings)).update(read).digest("base64url").slice(0, 22);
  if (connection !== null) fingerprints.set(connection, { method: kind, read, print });
  return print;
}
