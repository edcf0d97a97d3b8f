import { createHash } from "node:crypto";
import type { OpenConnection } from "../ports/sources.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import type { AuthMethod, AuthSession } from "./auth-method.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";

/** What a method with a fixed credential (a key, a password) has of its own. */
export interface FixedMethod {
  readonly type: string;
  readonly name: string;
  readonly uses: TemplateUses;
  /** Whether it signs the whole body. Default false. */
  readonly needsBody?: boolean;
  /** Whether it is tied to a connection although no template reads one (a stored token). Default: by what templates read. */
  readonly needsConnection?: boolean;
  readonly answerChallenge?: AuthMethod["answerChallenge"];
  apply(request: OutgoingRequest, session: AuthSession): undefined;
}

/** Makes an auth method out of a credential that needs no fetching and cannot be renewed. */
export function createFixedMethod(method: FixedMethod): AuthMethod {
  const readsUser = method.uses.roots.includes("user");
  // Of a connection alone, the identity stays what it is until the connection is opened anew.
  const lasting =
    !readsUser &&
    [method.uses.secrets, method.uses.variables, method.uses.optionalVariables].every((names) => names.length === 0);
  const known = new WeakMap<OpenConnection, string>();
  const identity = (session: AuthSession): string => {
    const { connection } = session;
    if (connection === null || !lasting) return describeIdentity(method, session, readsUser);
    let described = known.get(connection);
    if (described === undefined) {
      described = describeIdentity(method, session, readsUser);
      known.set(connection, described);
    }
    return described;
  };
  return Object.freeze({
    type: method.type,
    name: method.name,
    needsConnection: method.needsConnection ?? method.uses.roots.includes("connection"),
    readsUser,
    secretsGoTo: "request",
    needsBody: method.needsBody ?? false,
    prepare: () => undefined,
    apply: method.apply,
    values: null,
    identity,
    answerChallenge: method.answerChallenge ?? null,
    reauthenticate: null,
  });
}

/** The connection and its version say which account it is; without a connection, the secrets do. */
function describeIdentity(method: FixedMethod, session: AuthSession, readsUser: boolean): string {
  const { connection, scope } = session;
  const secrets = method.uses.secrets.map((name) => scope.options.host.secret(name));
  const parts = [
    method.type,
    method.name,
    connection === null ? null : [connection.record.id, connection.record.version],
    secrets,
    [...method.uses.variables, ...method.uses.optionalVariables].map((name) => scope.options.host.variable(name)),
    readsUser ? session.userId : null,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
