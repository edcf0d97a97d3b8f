/**
 * How an auth method takes part in a call. A method is compiled once per connector version and is stateless; what
 * belongs to one call lives in its {@link AuthSession}, what outlives it (tokens) behind the credential ports.
 *
 *   once per call      prepare ──► values (a token answer may fill `connection`)
 *   once per attempt   prepare ──► apply ──► send ──► answerChallenge? ──► once more
 *                         ▲                    └── "reauthenticate" by an error rule, at most once ──┐
 *                         └────────────────────────────── reauthenticate ◄───────────────────────────┘
 *
 * `prepare` gets hold of the credential (stage *authenticate*): it returns nothing when it is warm and a promise when a
 * token must be fetched. `apply` puts it onto the request (stage *sign*); the body is rendered by then.
 */

import type { AuthMethod as AuthMethodDefinition } from "@junctor/sdk";
import type { HttpHeaders, HttpPort, HttpTlsIdentity } from "../ports/http.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { Clock, OpenConnection } from "../ports/sources.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import type { Encode } from "../templates/template-compiler.ts";
import type { RenderScope } from "../templates/template-host.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";

/** What a method knows of the call it serves. */
export interface AuthSession {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly connector: { readonly name: string; readonly version: string };
  /** The call's connection as it was when the call began; null when the action is called without one. */
  readonly connection: OpenConnection | null;
  /** The user a token may belong to; null when the caller is not a user. */
  readonly userId: string | null;
  readonly requestId: string;
  /** Open scope with the roots `connection`, `user`, `workspace`, `call`. Add roots with `{ ...scope.context, token }`. */
  readonly scope: RenderScope;
  readonly http: HttpPort;
  readonly clock: Clock;
  /** Base URL of the connection's environment, rendered, without a slash at its end; null where the connector has none. */
  readonly baseUrl: string | null;
  /** The connector's client certificate for this connection; token requests use it too. */
  readonly tls: HttpTlsIdentity | undefined;
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds at which the call gives up. */
  readonly deadline: number;
  /** Makes sure that a value appears in no error, record or buffered response of this call. */
  redact(value: string): void;
  /** Replaces the secrets of this call by value in what a server answered, for templates whose result is no secret. */
  clean(value: Json): Json;
  /**
   * Throws SECRET_HOST_REFUSED unless every workspace secret that the method's templates name may be sent to `url`.
   * For methods with `secretsGoTo: "elsewhere"`, before each of their own requests.
   */
  checkSecretHosts(url: string): void;
  /** Belongs to the method; starts undefined and lives as long as the call (a digest nonce, the token in use). */
  state: unknown;
}

/** What an upstream said when it refused a request. */
export interface AuthChallenge {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** A compiled auth method. */
export interface AuthMethod {
  /** The definition's `type`: `bearer`, `oauth2` … */
  readonly type: string;
  /** What a connection's `authMethod` names: the `id` of the normalised method (`authMethodId` of the SDK). */
  readonly name: string;
  /** Whether it reads `connection`; without, the action may be called without one. */
  readonly needsConnection: boolean;
  /** Whether it reads `user`; then a credential belongs to one user, and anonymous callers are refused. */
  readonly readsUser: boolean;
  /** Whether the workspace secrets it reads travel with the request itself, or to other hosts (a token endpoint). */
  readonly secretsGoTo: "request" | "elsewhere";
  /** Whether it must see the whole body (hmac, sigV4): a streamed body is then collected first. */
  readonly needsBody: boolean;
  /**
   * Makes the credential available: nothing to wait for when it is warm. Fails with AUTHENTICATION_FAILED,
   * TOKEN_REQUEST_FAILED, CONNECTION_UNUSABLE or SECRET_HOST_REFUSED.
   */
  prepare(session: AuthSession): Promise<void> | undefined;
  /** Puts the credential onto one outgoing request. Fails with SIGNING_FAILED. */
  apply(request: OutgoingRequest, session: AuthSession): Promise<void> | undefined;
  /** Values of token answers that join `connection` (definition 3.2 `token.values`), once `prepare` has run. Null: never any. */
  readonly values: ((session: AuthSession) => JsonObject) | null;
  /** Names the credential in cache keys: equal only where the upstream sees the same account. Holds no secret. */
  identity(session: AuthSession): string;
  /** Takes a 401 with a challenge (digest) and says whether a further attempt can answer it. Null: knows no challenges. */
  readonly answerChallenge: ((challenge: AuthChallenge, session: AuthSession) => boolean) | null;
  /** Gets a new credential in place of a refused one; false when there is no way to. Null: the credential is fixed. */
  readonly reauthenticate: ((session: AuthSession) => Promise<boolean>) | null;
}

/** One method of the definition's `connection.auth` (definition 3.1), as normalised. */
export type AuthDefinition = AuthMethodDefinition;

/**
 * Compiles the templates of one method and notes what they read, so that the engine can load secrets and variables
 * beforehand. Every value is rendered with `renderValue(value, scope)` in an open scope.
 */
export interface AuthTemplates {
  /** Name of the connector whose method is compiled. */
  readonly connector: string;
  /** Whether the definition is in compatibility mode (definition 11). */
  readonly imported: boolean;
  /**
   * Compiles a template or tree of templates. `pointer` is relative to the method's definition (`/token`); `roots` are
   * further context roots that the place offers (`oauth`, `token`, `response`, `steps`, `request`). `encode` encodes the
   * interpolations of text for the place where it lands (a URL).
   */
  value(json: Json, pointer: string, roots?: readonly string[], encode?: Encode): CompiledValue;
  /** Whether anything compiled so far reads that root. */
  reads(root: string): boolean;
  /** Says whether a credential of the connector may go to that host: `hosts` of the definition and its literal base URLs. */
  allowsHost(url: { readonly hostname: string; readonly host: string }): boolean;
}

/** Turns one kind of auth definition into a method. */
export interface AuthMethodCompiler {
  readonly type: string;
  /** Fails with DEFINITION_INVALID. */
  compile(definition: AuthDefinition, templates: AuthTemplates): AuthMethod;
}
