import { authMethodId } from "@junctor/sdk";
import type { AuthDefinition, AuthMethod, AuthSession } from "./auth-method.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import type { RecordingTemplates } from "./record-uses.ts";

/** What a method without tokens does; the rest is the same for all of them. */
export interface FixedCredential {
  apply(request: OutgoingRequest, session: AuthSession): void;
  identity(session: AuthSession): string;
  readonly needsBody?: boolean;
  readonly answerChallenge?: AuthMethod["answerChallenge"];
}

/** Makes a method whose credential is at hand: nothing to prepare, nothing to renew. */
export function fixedCredential(
  definition: AuthDefinition,
  templates: RecordingTemplates,
  method: FixedCredential,
): AuthMethod {
  const { roots } = templates.uses();
  return Object.freeze({
    type: definition.type,
    name: authMethodId(definition),
    needsConnection: roots.includes("connection"),
    readsUser: roots.includes("user"),
    secretsGoTo: "request" as const,
    needsBody: method.needsBody ?? false,
    prepare: () => undefined,
    apply(request: OutgoingRequest, session: AuthSession) {
      method.apply(request, session);
      return undefined;
    },
    values: null,
    identity: method.identity,
    answerChallenge: method.answerChallenge ?? null,
    reauthenticate: null,
  });
}

/**
 * Names a fixed credential by the connection and its version, so that changed parameters are another identity; without a
 * connection by the workspace; with the user where the method reads one.
 */
export function identifyByConnection(session: AuthSession): string {
  const { connection } = session;
  const place = connection === null ? `workspace:${session.workspace.id}` : `connection:${connection.record.id}`;
  return `${place}@${connection?.record.version ?? 0}/${session.userId ?? ""}`;
}
