// Made by packages/contract/scripts/generate-types.ts; `npm run generate` makes it again.

export type ConnectionOwner =
  | {
      readonly kind: "workspace";
    }
  | {
      readonly kind: "user";
      /**
       * Id of the user.
       */
      readonly userId: string;
    };
export type ConnectionAuthorization =
  | {
      readonly kind: "browser";
      /**
       * Page to open in the browser of the person who connects.
       */
      readonly url: string;
      /**
       * When the page ends.
       */
      readonly expiresAt: string;
    }
  | {
      readonly kind: "device";
      /**
       * Code that the person enters.
       */
      readonly userCode: string;
      /**
       * Where the person enters it.
       */
      readonly verificationUri: string;
      /**
       * The same with the code filled in.
       */
      readonly verificationUriComplete: string | null;
      /**
       * When the code ends.
       */
      readonly expiresAt: string;
      /**
       * How often it makes sense to look.
       */
      readonly intervalSeconds: number;
    };
/**
 * The right to do one kind of thing.
 */
export type Scope =
  | "execute"
  | "connectors:read"
  | "connectors:write"
  | "connections:read"
  | "connections:write"
  | "secrets:read"
  | "secrets:write"
  | "variables:read"
  | "variables:write"
  | "callers:read"
  | "callers:write"
  | "repositories:read"
  | "repositories:write"
  | "keys:read"
  | "keys:write"
  | "executions:read"
  | "audit:read"
  | "*"
  | "admin";

/**
 * The body of every error answer, as application/problem+json.
 */
export interface Problem {
  /**
   * URI of the code's entry in the error reference.
   */
  readonly type: string;
  /**
   * The kind of problem, always the same for a code.
   */
  readonly title: string;
  readonly status: number;
  /**
   * Where and why, for this occurrence.
   */
  readonly detail: string;
  /**
   * Stable code of the error catalogue.
   */
  readonly code:
    | "REQUEST_MALFORMED"
    | "REQUEST_INVALID"
    | "REQUEST_TOO_LARGE"
    | "MEDIA_TYPE_UNSUPPORTED"
    | "METHOD_NOT_ALLOWED"
    | "ROUTE_NOT_FOUND"
    | "TOO_MANY_REQUESTS"
    | "OVERLOADED"
    | "UNAUTHENTICATED"
    | "FORBIDDEN"
    | "ORIGIN_REFUSED"
    | "USER_REQUIRED"
    | "USER_TOKEN_INVALID"
    | "CONNECTOR_UNKNOWN"
    | "VERSION_UNKNOWN"
    | "ACTION_UNKNOWN"
    | "CONNECTION_UNKNOWN"
    | "CONNECTION_REQUIRED"
    | "CONNECTION_UNUSABLE"
    | "RESOURCE_UNKNOWN"
    | "CONFLICT"
    | "VERSION_PUBLISHED"
    | "VERSION_STEP_TOO_SMALL"
    | "RESOURCE_LOCKED"
    | "DEFINITION_INVALID"
    | "DEFINITION_UNSUPPORTED"
    | "IMPORT_FAILED"
    | "IMPORT_LIMIT"
    | "INPUT_INVALID"
    | "SECRET_UNKNOWN"
    | "VARIABLE_UNKNOWN"
    | "SECRET_HOST_REFUSED"
    | "TEMPLATE_FAILED"
    | "VALUE_REFUSED"
    | "EGRESS_REFUSED"
    | "CACHE_ONLY"
    | "RATE_LIMITED"
    | "CONCURRENCY_LIMITED"
    | "AUTHENTICATION_FAILED"
    | "TOKEN_REQUEST_FAILED"
    | "SIGNING_FAILED"
    | "UPSTREAM_STATUS"
    | "UPSTREAM_TIMEOUT"
    | "UPSTREAM_UNREACHABLE"
    | "UPSTREAM_TLS_FAILED"
    | "UPSTREAM_TOO_LARGE"
    | "UPSTREAM_INVALID"
    | "UPSTREAM_REDIRECT_REFUSED"
    | "PAGINATION_LIMIT"
    | "OUTPUT_INVALID"
    | "ACTION_TIMEOUT"
    | "CALL_CANCELLED"
    | "STEP_FAILED"
    | "ACTION_UNSUPPORTED"
    | "AUTHORIZATION_STATE_INVALID"
    | "AUTHORIZATION_REFUSED"
    | "SYNC_FAILED"
    | "KEY_UNAVAILABLE"
    | "STORE_UNAVAILABLE"
    | "SHUTTING_DOWN"
    | "INTERNAL";
  /**
   * Part of the call in which the error arose.
   */
  readonly stage:
    | "request"
    | "authorize"
    | "definition"
    | "validate"
    | "plan"
    | "admit"
    | "render"
    | "cache"
    | "budget"
    | "authenticate"
    | "send"
    | "decode"
    | "map-errors"
    | "transform"
    | "filter"
    | "store"
    | "server";
  /**
   * Whether the same request may succeed later without a change.
   */
  readonly retryable: boolean;
  /**
   * Also in the logs and in the header X-Request-Id.
   */
  readonly requestId: string;
  /**
   * What to do next.
   */
  readonly hint?: string;
  /**
   * Seconds after which a repetition makes sense.
   */
  readonly retryAfter?: number;
  /**
   * Code that the connector's own error rule gave.
   */
  readonly connectorCode?: string;
  readonly step?: {
    /**
     * Id of the step of a composite in which it arose.
     */
    readonly name: string;
    /**
     * Position of the step, from 0.
     */
    readonly index: number;
  };
  /**
   * Status that the upstream answered with.
   */
  readonly upstreamStatus?: number;
  readonly errors?: readonly ProblemDetail[];
}
/**
 * One reason within a problem, tied to a place in the caller's document.
 */
export interface ProblemDetail {
  /**
   * JSON pointer (RFC 6901) into the request body, the input or the definition.
   */
  readonly pointer: string;
  /**
   * What is wrong there.
   */
  readonly message: string;
  /**
   * What to do about it.
   */
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
}
/**
 * A connector definition; its own JSON Schema is `connector/v1.json`. Checked by lint, not here.
 */
export interface Definition {
  readonly [k: string]: unknown;
}
export interface ConnectorSource {
  /**
   * Where the version came from.
   */
  readonly kind: "api" | "folder" | "repository" | "import";
  /**
   * Path, repository or document.
   */
  readonly reference?: string;
  /**
   * Whether it changes only through its source.
   */
  readonly locked: boolean;
}
export interface ConnectorSummary {
  /**
   * Name of the connector.
   */
  readonly name: string;
  /**
   * Semantic version.
   */
  readonly version: string;
  /**
   * A draft can be edited, a published version never changes.
   */
  readonly state: "draft" | "published";
  /**
   * SHA-256 of the canonical definition, in hex.
   */
  readonly digest: string;
  readonly source: ConnectorSource;
  /**
   * When the version was first saved.
   */
  readonly createdAt: string;
  /**
   * When it was published; null for a draft.
   */
  readonly publishedAt: string | null;
  /**
   * Title, for people.
   */
  readonly title: string;
  /**
   * Description, for people.
   */
  readonly description?: string;
  readonly actions: readonly ActionSummary[];
}
export interface ActionSummary {
  /**
   * Name of the action.
   */
  readonly name: string;
  /**
   * Title, for people.
   */
  readonly title?: string;
  /**
   * Description, for people.
   */
  readonly description?: string;
}
export interface ConnectorVersionSummary {
  /**
   * Name of the connector.
   */
  readonly name: string;
  /**
   * Semantic version.
   */
  readonly version: string;
  /**
   * A draft can be edited, a published version never changes.
   */
  readonly state: "draft" | "published";
  /**
   * SHA-256 of the canonical definition, in hex.
   */
  readonly digest: string;
  readonly source: ConnectorSource;
  /**
   * When the version was first saved.
   */
  readonly createdAt: string;
  /**
   * When it was published; null for a draft.
   */
  readonly publishedAt: string | null;
}
export interface ConnectorVersion {
  /**
   * Name of the connector.
   */
  readonly name: string;
  /**
   * Semantic version.
   */
  readonly version: string;
  /**
   * A draft can be edited, a published version never changes.
   */
  readonly state: "draft" | "published";
  /**
   * SHA-256 of the canonical definition, in hex.
   */
  readonly digest: string;
  readonly source: ConnectorSource;
  /**
   * When the version was first saved.
   */
  readonly createdAt: string;
  /**
   * When it was published; null for a draft.
   */
  readonly publishedAt: string | null;
  readonly definition: Definition;
}
export interface SavedConnector {
  readonly connector: ConnectorVersion;
  /**
   * What lint has to say; an error stops publishing.
   */
  readonly findings: readonly Finding[];
  /**
   * What changed since the highest published version.
   */
  readonly changes: readonly DefinitionChange[];
}
/**
 * One thing that lint has to say.
 */
export interface Finding {
  /**
   * Id of the lint rule.
   */
  readonly rule: string;
  /**
   * An error stops publishing.
   */
  readonly severity: "error" | "warning" | "info";
  /**
   * JSON pointer into the definition.
   */
  readonly pointer: string;
  /**
   * What is wrong.
   */
  readonly message: string;
  /**
   * What to do about it.
   */
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
}
/**
 * One difference between two definitions.
 */
export interface DefinitionChange {
  /**
   * How much a caller feels it.
   */
  readonly kind: "breaking" | "behavioural" | "additive" | "cosmetic";
  /**
   * JSON pointer into the definition.
   */
  readonly pointer: string;
  /**
   * What changed.
   */
  readonly message: string;
}
export interface LintResult {
  /**
   * Whether there is no finding of severity error.
   */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
}
export interface DiffRequest {
  /**
   * Version to compare with; default: the highest published one.
   */
  readonly from?: string;
  /**
   * Version to compare. Either this or `definition`.
   */
  readonly to?: string;
  readonly definition?: Definition;
}
export interface DiffResult {
  /**
   * Version that was compared with; null when nothing is published yet.
   */
  readonly from: string | null;
  /**
   * Version that was compared.
   */
  readonly to: string;
  /**
   * The smallest version step that the changes need.
   */
  readonly step: "none" | "patch" | "minor" | "major";
  /**
   * Whether the versions are at least that step apart.
   */
  readonly accepted: boolean;
  readonly changes: readonly DefinitionChange[];
}
export interface ConnectorList {
  readonly items: readonly ConnectorSummary[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface ConnectorVersionList {
  readonly items: readonly ConnectorVersionSummary[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface ImportRequest {
  /**
   * The document and what it refers to; references are followed among these files only.
   *
   * @minItems 1
   * @maxItems 2000
   */
  readonly files: readonly ImportFile[];
  /**
   * Format of the document; default: found from the content.
   */
  readonly format?:
    | "openapi"
    | "swagger"
    | "power-platform"
    | "postman"
    | "har"
    | "curl"
    | "gainsight"
    | "gainsight-registry"
    | "camunda-template"
    | "json-sample";
  /**
   * Path of the root document; default: the file that looks like one.
   */
  readonly entry?: string;
  /**
   * Name of the connector; default: from the source.
   */
  readonly name?: string;
  /**
   * Title of the connector; default: from the source.
   */
  readonly title?: string;
  /**
   * Version of the connector; default: from the source.
   */
  readonly version?: string;
  readonly select?: ImportSelection;
}
export interface ImportFile {
  /**
   * Path relative to the others, with forward slashes.
   */
  readonly path: string;
  /**
   * Content as text. Either this or `base64`.
   */
  readonly text?: string;
  /**
   * Content of a binary file, in base64.
   */
  readonly base64?: string;
}
export interface ImportSelection {
  /**
   * Items: Operation id, action name, or `METHOD /path`.
   */
  readonly operations?: readonly string[];
  /**
   * Items: Tag of the source.
   */
  readonly tags?: readonly string[];
  /**
   * Words that must all occur.
   */
  readonly search?: string;
  /**
   * Items: HTTP method.
   */
  readonly methods?: readonly string[];
}
export interface ImportLoss {
  /**
   * JSON pointer into the source.
   */
  readonly pointer: string;
  /**
   * Kind of loss.
   */
  readonly code: string;
  /**
   * Why it is not in the definition, or not followed to the letter.
   */
  readonly reason: string;
  /**
   * What to do about it.
   */
  readonly hint: string;
}
export interface ImportRepair {
  /**
   * JSON pointer into the source.
   */
  readonly pointer: string;
  /**
   * Kind of repair.
   */
  readonly code: string;
  /**
   * What was written.
   */
  readonly from: string;
  /**
   * What it was read as.
   */
  readonly to: string;
}
export interface ImportFinding {
  /**
   * Id of the lint rule.
   */
  readonly rule: string;
  /**
   * How bad it is.
   */
  readonly severity: "error" | "warning" | "advice";
  /**
   * JSON pointer.
   */
  readonly pointer: string;
  /**
   * What is wrong.
   */
  readonly message: string;
  /**
   * What to do about it.
   */
  readonly hint?: string;
  /**
   * Whether the pointer is into the source or the definition.
   */
  readonly about: "source" | "definition";
}
export interface SkippedOperation {
  /**
   * JSON pointer into the source.
   */
  readonly pointer: string;
  /**
   * Why, as a code.
   */
  readonly code: string;
  /**
   * Why, in words.
   */
  readonly reason: string;
}
export interface ImportReport {
  /**
   * Whether there is a definition that may be published.
   */
  readonly ok: boolean;
  /**
   * Format that was read.
   */
  readonly format: string;
  readonly definition: Definition | null;
  /**
   * Further definitions, where the source holds several connectors.
   */
  readonly further: readonly Definition[];
  /**
   * Source facts that the definition does not hold.
   */
  readonly losses: readonly ImportLoss[];
  /**
   * Source facts that are kept, but that a call does not follow to the letter.
   */
  readonly notes: readonly ImportLoss[];
  readonly repairs: readonly ImportRepair[];
  readonly findings: readonly ImportFinding[];
  readonly operations: {
    /**
     * Operations of the source.
     */
    readonly source: number;
    /**
     * Operations that became actions.
     */
    readonly imported: number;
    readonly skipped: readonly SkippedOperation[];
  };
  /**
   * Items: Type of an auth method.
   */
  readonly auth: readonly string[];
}
export interface Connection {
  /**
   * Id of the connection.
   */
  readonly id: string;
  /**
   * Name of the connector.
   */
  readonly connector: string;
  /**
   * What a caller names; unique per connector and owner.
   */
  readonly name: string;
  readonly owner: ConnectionOwner;
  /**
   * Name (or type) of the chosen auth method.
   */
  readonly authMethod: string | null;
  /**
   * Name of the chosen environment.
   */
  readonly environment: string | null;
  /**
   * Parameters that are not secret.
   */
  readonly parameters: {
    readonly [k: string]: unknown;
  };
  /**
   * Parameters that are set and never returned.
   *
   * Items: Name of a parameter.
   */
  readonly secretParameters: readonly string[];
  /**
   * Whether calls can use it.
   */
  readonly status: "active" | "expiring" | "needs-authorization" | "misconfigured" | "pending";
  /**
   * Why the status is what it is; null when active.
   */
  readonly statusReason: string | null;
  /**
   * The account, as the connector's test named it.
   */
  readonly label: string | null;
  /**
   * When the current access token ends, if that is known.
   */
  readonly expiresAt: string | null;
  /**
   * Grows with each write.
   */
  readonly version: number;
  /**
   * When it was created.
   */
  readonly createdAt: string;
  /**
   * When it was last written.
   */
  readonly updatedAt: string;
}
export interface ConnectionCreate {
  /**
   * Name of the connector.
   */
  readonly connector: string;
  /**
   * What a caller names.
   */
  readonly name: string;
  readonly owner?: ConnectionOwner;
  /**
   * Name of an auth method; needed when the connector has several.
   */
  readonly authMethod?: string;
  /**
   * Name of an environment; needed when the connector has several.
   */
  readonly environment?: string;
  /**
   * Values by the connector's `connection.parameters`, secret ones included.
   */
  readonly parameters?: {
    readonly [k: string]: unknown;
  };
  readonly credential?: ImportedCredential;
}
/**
 * Tokens that exist already, from another system or a developer console.
 */
export interface ImportedCredential {
  /**
   * Access token.
   */
  readonly accessToken: string;
  /**
   * Refresh token; without one the access token cannot be renewed.
   */
  readonly refreshToken?: string;
  /**
   * When the access token ends: ISO 8601 or epoch seconds.
   */
  readonly expiresAt?: string | number;
  /**
   * Secret of an OAuth 1.0a token.
   */
  readonly tokenSecret?: string;
  /**
   * Values that a token answer would have brought.
   */
  readonly values?: {
    readonly [k: string]: unknown;
  };
}
export interface ConnectionAuthorize {
  /**
   * Where the browser goes in the end; its origin must be allowed.
   */
  readonly returnTo?: string;
  /**
   * Whether the page is opened in a window of its own.
   */
  readonly mode?: "redirect" | "popup";
}
export interface ConnectionProgress {
  readonly done: boolean;
  /**
   * When to look again; 0 when done.
   */
  readonly waitSeconds: number;
}
export interface ConnectionUpdate {
  /**
   * New name.
   */
  readonly name?: string;
  /**
   * Name of an auth method.
   */
  readonly authMethod?: string;
  /**
   * Name of an environment.
   */
  readonly environment?: string;
  /**
   * Replaces the parameters named here; the others stay. null removes a parameter.
   */
  readonly parameters?: {
    readonly [k: string]: unknown;
  };
  readonly credential?: ImportedCredential;
  /**
   * Refuses the write with CONFLICT if the connection was written since.
   */
  readonly version?: number;
}
export interface ConnectionTest {
  readonly succeeded: boolean;
  /**
   * The account, where the connector names it.
   */
  readonly label: string | null;
  readonly problem: Problem | null;
}
export interface ConnectionList {
  readonly items: readonly Connection[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Workspace {
  /**
   * Id of the workspace.
   */
  readonly id: string;
  /**
   * Name, for people.
   */
  readonly name: string;
  /**
   * When it was created.
   */
  readonly createdAt: string;
}
export interface WorkspaceCreate {
  /**
   * Name, for people.
   */
  readonly name: string;
  /**
   * Id; default: a random one.
   */
  readonly id?: string;
}
export interface WorkspaceCreated {
  readonly workspace: Workspace;
  readonly key: KeyCreated;
}
export interface KeyCreated {
  /**
   * Id of the key.
   */
  readonly id: string;
  /**
   * A publishable key may be seen by a browser.
   */
  readonly kind: "service" | "publishable";
  /**
   * Name, for people.
   */
  readonly name: string;
  /**
   * First characters, to tell keys apart.
   */
  readonly prefix: string;
  /**
   * Items: What the key may do.
   */
  readonly scopes: readonly string[];
  /**
   * Items: Origin that may use a publishable key.
   */
  readonly origins: readonly string[];
  /**
   * When the key ends; null for never.
   */
  readonly expiresAt: string | null;
  /**
   * When it was created.
   */
  readonly createdAt: string;
  /**
   * When it was revoked.
   */
  readonly revokedAt: string | null;
  /**
   * The key. It is shown here and nowhere else.
   */
  readonly key: string;
}
export interface WorkspaceList {
  readonly items: readonly Workspace[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
/**
 * A named value that is written and never read back.
 */
export interface Secret {
  /**
   * Name that templates use.
   */
  readonly name: string;
  /**
   * Hosts the value may be sent to.
   *
   * Items: Exact host name, or `*.suffix`.
   */
  readonly hosts: readonly string[];
  /**
   * Grows with each write.
   */
  readonly version: number;
  /**
   * When it was first written.
   */
  readonly createdAt: string;
  /**
   * When it was last written.
   */
  readonly updatedAt: string;
}
export interface SecretPut {
  /**
   * The value. It is never returned.
   */
  readonly value: string;
  /**
   * Hosts the value may be sent to; an empty list means none.
   *
   * Items: Exact host name, or `*.suffix`.
   */
  readonly hosts: readonly string[];
}
export interface SecretList {
  readonly items: readonly Secret[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Variable {
  /**
   * Name that templates use.
   */
  readonly name: string;
  /**
   * Any JSON value.
   */
  readonly value: unknown;
  /**
   * When it was last written.
   */
  readonly updatedAt: string;
}
export interface VariablePut {
  /**
   * Any JSON value.
   */
  readonly value: unknown;
}
export interface VariableList {
  readonly items: readonly Variable[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Key {
  /**
   * Id of the key.
   */
  readonly id: string;
  /**
   * A publishable key may be seen by a browser.
   */
  readonly kind: "service" | "publishable";
  /**
   * Name, for people.
   */
  readonly name: string;
  /**
   * First characters, to tell keys apart.
   */
  readonly prefix: string;
  /**
   * Items: What the key may do.
   */
  readonly scopes: readonly string[];
  /**
   * Items: Origin that may use a publishable key.
   */
  readonly origins: readonly string[];
  /**
   * When the key ends; null for never.
   */
  readonly expiresAt: string | null;
  /**
   * When it was created.
   */
  readonly createdAt: string;
  /**
   * When it was revoked.
   */
  readonly revokedAt: string | null;
}
export interface KeyCreate {
  /**
   * Name, for people.
   */
  readonly name: string;
  /**
   * Default: service.
   */
  readonly kind?: "service" | "publishable";
  /**
   * Default: ["execute"].
   */
  readonly scopes?: readonly Scope[];
  /**
   * For a publishable key.
   *
   * Items: Origin, as a browser sends it.
   */
  readonly origins?: readonly string[];
  /**
   * When the key ends; default: never.
   */
  readonly expiresAt?: string;
}
export interface KeyList {
  readonly items: readonly Key[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Issuer {
  /**
   * Name of the issuer.
   */
  readonly name: string;
  /**
   * `iss` of the tokens, compared exactly.
   */
  readonly issuer: string;
  /**
   * `aud` of the tokens, compared exactly.
   */
  readonly audience: string;
  /**
   * Algorithms that the tokens may be signed with.
   *
   * @minItems 1
   *
   * Items: RFC 7518 name.
   */
  readonly algorithms: ("HS256" | "RS256" | "ES256" | "EdDSA")[];
  /**
   * Where the key that checks a signature comes from.
   */
  readonly key:
    | {
        readonly kind: "secret";
        /**
         * Name of the workspace secret that both sides share; at least 32 bytes.
         */
        readonly secret: string;
      }
    | {
        readonly kind: "publicKey";
        /**
         * Public key, PEM (SPKI).
         */
        readonly pem: string;
      }
    | {
        readonly kind: "jwks";
        /**
         * Address of a JSON Web Key Set.
         */
        readonly url: string;
      };
  /**
   * Where the user's properties stand; default: the names of OpenID Connect.
   */
  readonly claims?: {
    /**
     * JSON pointer to the user's id.
     */
    readonly id?: string;
    /**
     * JSON pointer to the user's email.
     */
    readonly email?: string;
    /**
     * JSON pointer to the user's name.
     */
    readonly name?: string;
    /**
     * JSON pointer to the user's roles.
     */
    readonly roles?: string;
    /**
     * JSON pointer to the user's groups.
     */
    readonly groups?: string;
  };
  /**
   * Put before a user's id wherever users are told apart: owners of connections, kept answers, rates. Templates see the id without it. Issuers of one workspace need different ones; one may have none.
   */
  readonly subjectPrefix?: string;
  /**
   * Longest life of a token. Default 3600.
   */
  readonly maxLifetimeSeconds?: number;
  /**
   * When it was written.
   */
  readonly updatedAt: string;
}
/**
 * A host application whose user tokens the workspace accepts.
 */
export interface IssuerPut {
  /**
   * `iss` of the tokens, compared exactly.
   */
  readonly issuer: string;
  /**
   * `aud` of the tokens, compared exactly.
   */
  readonly audience: string;
  /**
   * Algorithms that the tokens may be signed with.
   *
   * @minItems 1
   *
   * Items: RFC 7518 name.
   */
  readonly algorithms: ("HS256" | "RS256" | "ES256" | "EdDSA")[];
  /**
   * Where the key that checks a signature comes from.
   */
  readonly key:
    | {
        readonly kind: "secret";
        /**
         * Name of the workspace secret that both sides share; at least 32 bytes.
         */
        readonly secret: string;
      }
    | {
        readonly kind: "publicKey";
        /**
         * Public key, PEM (SPKI).
         */
        readonly pem: string;
      }
    | {
        readonly kind: "jwks";
        /**
         * Address of a JSON Web Key Set.
         */
        readonly url: string;
      };
  /**
   * Where the user's properties stand; default: the names of OpenID Connect.
   */
  readonly claims?: {
    /**
     * JSON pointer to the user's id.
     */
    readonly id?: string;
    /**
     * JSON pointer to the user's email.
     */
    readonly email?: string;
    /**
     * JSON pointer to the user's name.
     */
    readonly name?: string;
    /**
     * JSON pointer to the user's roles.
     */
    readonly roles?: string;
    /**
     * JSON pointer to the user's groups.
     */
    readonly groups?: string;
  };
  /**
   * Put before a user's id wherever users are told apart: owners of connections, kept answers, rates. Templates see the id without it. Issuers of one workspace need different ones; one may have none.
   */
  readonly subjectPrefix?: string;
  /**
   * Longest life of a token. Default 3600.
   */
  readonly maxLifetimeSeconds?: number;
}
export interface IssuerList {
  readonly items: readonly Issuer[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Policy {
  /**
   * Name of the policy.
   */
  readonly name: string;
  /**
   * Name of a connector, or `*`.
   */
  readonly connector: string;
  /**
   * Name of an action, or `*`.
   */
  readonly action: string;
  readonly allow: {
    /**
     * Kinds of caller that may call.
     *
     * Items: Kind of caller.
     */
    readonly callers: ("service" | "user" | "anonymous" | "engine" | "agent")[];
    /**
     * A user needs one of these roles.
     *
     * Items: Name.
     */
    readonly roles?: readonly string[];
    /**
     * A user needs one of these groups.
     *
     * Items: Name.
     */
    readonly groups?: readonly string[];
    /**
     * Pages that may call.
     *
     * Items: Origin, as a browser sends it.
     */
    readonly origins?: readonly string[];
    /**
     * Names of the connections that a call may name; `*` is any. Default: any for service keys and engines; for the others none. A user's own connections need not be listed.
     *
     * Items: Name.
     */
    readonly connections?: readonly string[];
  };
  readonly rateLimit?: {
    /**
     * Calls of one caller in a window.
     */
    readonly limit: number;
    /**
     * Length of the window.
     */
    readonly windowMs: number;
  };
  /**
   * When it was written.
   */
  readonly updatedAt: string;
}
/**
 * Who may call which actions, from where, and how often. The nearest policy decides alone.
 */
export interface PolicyPut {
  /**
   * Name of a connector, or `*`.
   */
  readonly connector: string;
  /**
   * Name of an action, or `*`.
   */
  readonly action: string;
  readonly allow: {
    /**
     * Kinds of caller that may call.
     *
     * Items: Kind of caller.
     */
    readonly callers: ("service" | "user" | "anonymous" | "engine" | "agent")[];
    /**
     * A user needs one of these roles.
     *
     * Items: Name.
     */
    readonly roles?: readonly string[];
    /**
     * A user needs one of these groups.
     *
     * Items: Name.
     */
    readonly groups?: readonly string[];
    /**
     * Pages that may call.
     *
     * Items: Origin, as a browser sends it.
     */
    readonly origins?: readonly string[];
    /**
     * Names of the connections that a call may name; `*` is any. Default: any for service keys and engines; for the others none. A user's own connections need not be listed.
     *
     * Items: Name.
     */
    readonly connections?: readonly string[];
  };
  readonly rateLimit?: {
    /**
     * Calls of one caller in a window.
     */
    readonly limit: number;
    /**
     * Length of the window.
     */
    readonly windowMs: number;
  };
}
export interface PolicyList {
  readonly items: readonly Policy[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Origins {
  /**
   * Pages whose users may call with a user token alone.
   *
   * Items: Origin, as a browser sends it.
   */
  readonly origins: readonly string[];
}
export interface CachePurge {
  /**
   * Connector; default: all of the workspace.
   */
  readonly connector?: string;
}
export interface CachePurged {
  /**
   * Entries that this replica held.
   */
  readonly purged: number;
}
export interface Repository {
  /**
   * Name of the repository.
   */
  readonly name: string;
  /**
   * Address of the repository: HTTPS without user name and password. Plain HTTP only where the outbound policy allows it.
   */
  readonly url: string;
  /**
   * Branch; default: the repository's own.
   */
  readonly branch?: string;
  /**
   * Folder below the repository's root, without `.` and `..`; default: the root.
   */
  readonly folder?: string;
  /**
   * Workspace secret with the access token.
   */
  readonly tokenSecret?: string;
  /**
   * Workspace secret that signs push events; without it there are none.
   */
  readonly webhookSecret?: string;
  /**
   * Where the repository sends push events.
   */
  readonly webhookUrl: string;
  /**
   * What the last synchronisation did.
   */
  readonly state: "new" | "synchronised" | "failed";
  /**
   * Commit that the workspace has.
   */
  readonly commit: string | null;
  /**
   * Why the last synchronisation failed.
   */
  readonly message: string | null;
  /**
   * When it last ended.
   */
  readonly syncedAt: string | null;
}
export interface RepositoryPut {
  /**
   * Address of the repository: HTTPS without user name and password. Plain HTTP only where the outbound policy allows it.
   */
  readonly url: string;
  /**
   * Branch; default: the repository's own.
   */
  readonly branch?: string;
  /**
   * Folder below the repository's root, without `.` and `..`; default: the root.
   */
  readonly folder?: string;
  /**
   * Workspace secret with the access token.
   */
  readonly tokenSecret?: string;
  /**
   * Workspace secret that signs push events; without it there are none.
   */
  readonly webhookSecret?: string;
}
export interface RepositoryList {
  readonly items: readonly Repository[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface SyncResult {
  /**
   * Commit that was read.
   */
  readonly commit: string;
  /**
   * Whether the plan was carried out; all of it or nothing.
   */
  readonly applied: boolean;
  readonly create: {
    /**
     * Name of the connector.
     */
    readonly name: string;
    /**
     * Version that it gets.
     */
    readonly version: string;
    /**
     * File in the repository.
     */
    readonly path: string;
    /**
     * Version that it has now.
     */
    readonly from?: string;
  }[];
  readonly update: {
    /**
     * Name of the connector.
     */
    readonly name: string;
    /**
     * Version that it gets.
     */
    readonly version: string;
    /**
     * File in the repository.
     */
    readonly path: string;
    /**
     * Version that it has now.
     */
    readonly from?: string;
  }[];
  /**
   * Items: Name of the connector.
   */
  readonly remove: readonly string[];
  /**
   * Items: Name of the connector.
   */
  readonly unchanged: readonly string[];
  readonly problems: {
    /**
     * File in the repository.
     */
    readonly path: string;
    /**
     * JSON pointer into it.
     */
    readonly pointer: string;
    /**
     * What is wrong there.
     */
    readonly message: string;
    /**
     * What to do about it.
     */
    readonly hint?: string;
    readonly line?: number;
    readonly column?: number;
  }[];
  /**
   * Items: What to look at; it stops nothing.
   */
  readonly warnings: readonly string[];
}
export interface ExecuteRequest {
  /**
   * The action's input, by its schema. Default: an empty object.
   */
  readonly input?: unknown;
  /**
   * Name or id of the connection.
   */
  readonly connection?: string;
  /**
   * Version of the connector; default: the highest published one.
   */
  readonly version?: string;
  readonly page?: {
    /**
     * `meta.continuation` of the page before.
     */
    readonly continuation?: string;
    /**
     * Read every page.
     */
    readonly all?: boolean;
    /**
     * Most items over all pages.
     */
    readonly limit?: number;
  };
  /**
   * Tell in `meta.trace` what was sent and how long each stage took. Needs the scope connectors:write.
   */
  readonly trace?: boolean;
}
export interface DryRunRequest {
  /**
   * The action's input, by its schema. Default: an empty object.
   */
  readonly input?: unknown;
  /**
   * Name or id of the connection.
   */
  readonly connection?: string;
  /**
   * Version of the connector; default: the highest published one.
   */
  readonly version?: string;
  /**
   * As in a call; has no effect on what is shown but the page.
   */
  readonly page?: {
    readonly [k: string]: unknown;
  };
  readonly as?: PretendedCaller;
}
/**
 * Who would be calling; a dry run only. Needs the scope connectors:write.
 */
export interface PretendedCaller {
  /**
   * Kind of caller.
   */
  readonly kind: "user" | "anonymous";
  readonly user?: {
    /**
     * Id of the user.
     */
    readonly id: string;
    /**
     * E-mail address.
     */
    readonly email?: string;
    /**
     * Name.
     */
    readonly name?: string;
    /**
     * Items: Role.
     */
    readonly roles?: readonly string[];
    /**
     * Items: Group.
     */
    readonly groups?: readonly string[];
    /**
     * Further claims, as templates read them.
     */
    readonly claims?: {
      readonly [k: string]: unknown;
    };
  };
}
export interface ExecuteResult {
  /**
   * The action's output, by its schema; absent when the action has none.
   */
  readonly output?: unknown;
  readonly meta: CallMeta;
}
export interface CallMeta {
  /**
   * Also in the header X-Request-Id.
   */
  readonly requestId: string;
  /**
   * Id of the execution's record.
   */
  readonly executionId: string;
  /**
   * Name of the connector.
   */
  readonly connector: string;
  /**
   * Version that ran.
   */
  readonly version: string;
  /**
   * Name of the action.
   */
  readonly action: string;
  /**
   * Id of the connection.
   */
  readonly connection: string | null;
  readonly durationMs: number;
  /**
   * Requests sent upstream, repetitions included.
   */
  readonly attempts: number;
  /**
   * Status of the upstream's last answer.
   */
  readonly upstreamStatus: number | null;
  /**
   * 200, or the upstream's own where the connector passes its errors on as answers.
   */
  readonly status: number;
  readonly cache: ("hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass") | null;
  readonly timing: {
    /**
     * Waiting for the upstream, all attempts.
     */
    readonly externalMs: number;
    /**
     * Looking into the cache.
     */
    readonly cacheMs: number;
    /**
     * Rendering the answer.
     */
    readonly transformMs: number;
  };
  readonly steps?: readonly StepTiming[];
  /**
   * Pass it as `page.continuation` to read on; absent on the last page.
   */
  readonly continuation?: string;
  readonly trace?: CallTrace;
}
/**
 * What a step of a composite took. Steps that were skipped are not listed.
 */
export interface StepTiming {
  /**
   * Id of the step.
   */
  readonly name: string;
  readonly ms: number;
  /**
   * Waiting for the upstream, all runs of the step.
   */
  readonly externalMs: number;
}
/**
 * What a call sent, secrets masked, and how long its stages took.
 */
export interface CallTrace {
  readonly request: PlannedRequest | null;
  /**
   * Auth method that signed the request; null when it carried no credential.
   */
  readonly auth: string | null;
  readonly unresolved: readonly UnresolvedName[];
  readonly stages: readonly StageTime[];
}
export interface PlannedRequest {
  /**
   * HTTP method.
   */
  readonly method: string;
  /**
   * Absolute URL.
   */
  readonly url: string;
  readonly headers: readonly PlannedHeader[];
  /**
   * JSON for JSON bodies, text for others; a file is described, not shown.
   */
  readonly body?: unknown;
  /**
   * Content type of the body.
   */
  readonly contentType?: string;
}
export interface PlannedHeader {
  /**
   * Name of the header.
   */
  readonly name: string;
  /**
   * Value; a secret is masked.
   */
  readonly value: string;
}
export interface UnresolvedName {
  /**
   * Name as the template reads it.
   */
  readonly name: string;
  /**
   * Where the template stands in the definition.
   */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
}
export interface StageTime {
  /**
   * Stage of the pipeline, or `step <id>` of a composite.
   */
  readonly stage: string;
  readonly ms: number;
  readonly stages?: readonly StageTime[];
}
export interface DryRunResult {
  readonly plan: Plan;
}
/**
 * What a call would send. Nothing was sent, and every secret is masked.
 */
export interface Plan {
  /**
   * Name of the connector.
   */
  readonly connector: string;
  /**
   * Version that would run.
   */
  readonly version: string;
  /**
   * Name of the action.
   */
  readonly action: string;
  /**
   * Id of the connection.
   */
  readonly connection: string | null;
  readonly request: PlannedRequest;
  /**
   * Names in the request's templates that have no value in this call.
   */
  readonly unresolved: readonly UnresolvedName[];
  /**
   * Steps of a composite; the request is the first one's.
   *
   * Items: Id of a step.
   */
  readonly steps?: readonly string[];
  /**
   * Auth method that would sign the request; null when it carries no credential.
   */
  readonly auth: string | null;
  readonly timeoutMs: number;
  /**
   * Most requests that would be sent.
   */
  readonly attempts: number;
  readonly egress: {
    /**
     * Whether the outbound policy would let it go.
     */
    readonly allowed: boolean;
    /**
     * Why not.
     */
    readonly reason?: string;
  };
}
/**
 * The record of one call. It holds no body and no secret.
 */
export interface Execution {
  /**
   * Id of the execution.
   */
  readonly id: string;
  /**
   * Id of the request that caused it.
   */
  readonly requestId: string;
  /**
   * Name of the connector.
   */
  readonly connector: string;
  /**
   * Version that ran.
   */
  readonly connectorVersion: string;
  /**
   * Name of the action.
   */
  readonly action: string;
  /**
   * Id of the connection.
   */
  readonly connectionId: string | null;
  /**
   * Which way in: rest, widget, …
   */
  readonly surface: string;
  /**
   * Kind of caller.
   */
  readonly callerKind: string;
  /**
   * Id of the key, user or engine.
   */
  readonly callerId: string | null;
  /**
   * When it started.
   */
  readonly startedAt: string;
  readonly durationMs: number;
  /**
   * How it ended.
   */
  readonly outcome: "succeeded" | "failed";
  /**
   * Code of the error catalogue.
   */
  readonly errorCode: string | null;
  /**
   * Stage in which it failed.
   */
  readonly errorStage: string | null;
  /**
   * Status of the upstream's last answer.
   */
  readonly upstreamStatus: number | null;
  readonly attempts: number;
  readonly cache: ("hit" | "stale" | "revalidated" | "coalesced" | "miss" | "bypass") | null;
}
export interface ExecutionList {
  readonly items: readonly Execution[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface AuditEntry {
  /**
   * Id of the entry.
   */
  readonly id: string;
  /**
   * When it happened.
   */
  readonly at: string;
  /**
   * Kind of actor.
   */
  readonly actorKind: string;
  /**
   * Id of the key or user.
   */
  readonly actorId: string | null;
  /**
   * What was done, such as `secret.write`.
   */
  readonly event: string;
  /**
   * To what.
   */
  readonly resource: string;
  /**
   * Id of the request.
   */
  readonly requestId: string | null;
  /**
   * Further facts; never a secret.
   */
  readonly detail: {
    readonly [k: string]: unknown;
  };
}
export interface AuditList {
  readonly items: readonly AuditEntry[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
/**
 * The keys that protect secrets, by id; never a key. `rotation` is the latest one.
 */
export interface Encryption {
  /**
   * Master key with which this replica wraps.
   */
  readonly masterKeyId: string;
  /**
   * Replicas that were heard of within the last half minute.
   */
  readonly replicas: readonly MasterKeyHolder[];
  /**
   * Data keys by the master key that they are wrapped with.
   */
  readonly dataKeys: readonly DataKeyCount[];
  readonly rotation: KeyRotation | null;
}
export interface MasterKeyHolder {
  /**
   * Name of the replica: host and process.
   */
  readonly replica: string;
  /**
   * Master key with which it wraps.
   */
  readonly masterKeyId: string;
  /**
   * Items: Master key with which it can unwrap.
   */
  readonly knownMasterKeyIds: readonly string[];
  /**
   * When it was last heard of.
   */
  readonly seenAt: string;
}
export interface DataKeyCount {
  /**
   * Master key.
   */
  readonly masterKeyId: string;
  /**
   * Whether this replica can unwrap with it.
   */
  readonly isKnown: boolean;
  /**
   * Data keys that new values are sealed under.
   */
  readonly current: number;
  /**
   * Data keys that only older values, and backups, need.
   */
  readonly retired: number;
}
export interface KeyRotation {
  /**
   * Id of the rotation.
   */
  readonly id: string;
  /**
   * `master-key` wraps every data key anew; `data-keys` makes new ones and seals every value anew.
   */
  readonly what: "master-key" | "data-keys";
  /**
   * `incomplete`: it has ended, and something stayed as it was; see `problems`.
   */
  readonly state: "running" | "finished" | "incomplete";
  /**
   * Wraps anew also what is under the current master key: for a key service that rotated behind one name.
   */
  readonly force: boolean;
  /**
   * Whose data keys; null for all.
   */
  readonly workspaces: string[] | null;
  /**
   * Master key that wraps.
   */
  readonly masterKeyId: string;
  /**
   * Data keys (`master-key`) or workspaces (`data-keys`) that are done.
   */
  readonly done: number;
  /**
   * How many there are.
   */
  readonly total: number;
  /**
   * Data keys wrapped anew, or values sealed anew.
   */
  readonly changed: number;
  /**
   * Why it does not go on at the moment; it is tried again by itself.
   */
  readonly trouble: string | null;
  /**
   * What stayed as it was; the first hundred.
   */
  readonly problems: readonly KeyRotationProblem[];
  /**
   * How many there are in all.
   */
  readonly problemCount: number;
  /**
   * When it was asked for.
   */
  readonly createdAt: string;
  /**
   * When progress was last noted.
   */
  readonly updatedAt: string;
  /**
   * When it ended.
   */
  readonly finishedAt: string | null;
}
export interface KeyRotationProblem {
  /**
   * Id of the workspace.
   */
  readonly workspace: string;
  /**
   * Such as `data-key:…`, `secret:token` or `connection-credential:…`.
   */
  readonly what: string;
  /**
   * Why it stayed as it was.
   */
  readonly reason: string;
}
export interface KeyRotationCreate {
  /**
   * `master-key` wraps every data key anew; `data-keys` makes new ones and seals every value anew.
   */
  readonly what: "master-key" | "data-keys";
  /**
   * Whose data keys; default: all.
   *
   * @minItems 1
   * @maxItems 10000
   *
   * Items: Id of a workspace.
   */
  readonly workspaces?: readonly string[];
  /**
   * Wraps anew also what is under the current master key: for a key service that rotated behind one name.
   */
  readonly force?: boolean;
}
export interface KeyRotationList {
  readonly items: readonly KeyRotation[];
  /**
   * Pass it as `cursor` to read on; null on the last page.
   */
  readonly cursor: string | null;
}
export interface Health {
  readonly status: "ok";
}
export interface Readiness {
  readonly status: "ready";
  /**
   * Version of Junctor.
   */
  readonly version: string;
}
/**
 * An OpenAPI 3.1 document.
 */
export interface OpenApiDocument {
  readonly [k: string]: unknown;
}

/** What each route takes and answers, by its id. */
export interface Operations {
  /** Call an action: `POST /v1/connectors/{name}/actions/{action}/execute`. */
  readonly executeAction: {
    readonly parameters: { readonly name: string; readonly action: string };
    readonly query: { readonly answer?: "json" | "raw" };
    readonly body: ExecuteRequest | undefined;
    readonly answer: ExecuteResult;
  };
  /** Show what a call would send: `POST /v1/connectors/{name}/actions/{action}/dry-run`. */
  readonly dryRunAction: {
    readonly parameters: { readonly name: string; readonly action: string };
    readonly query: Record<string, never>;
    readonly body: DryRunRequest | undefined;
    readonly answer: DryRunResult;
  };
  /** List the records of calls: `GET /v1/executions`. */
  readonly listExecutions: {
    readonly parameters: Record<string, never>;
    readonly query: { readonly limit?: number; readonly cursor?: string; readonly connector?: string; readonly outcome?: "succeeded" | "failed"; readonly requestId?: string };
    readonly body: undefined;
    readonly answer: ExecutionList;
  };
  /** Read the record of one call: `GET /v1/executions/{id}`. */
  readonly getExecution: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Execution;
  };
  /** List the audit trail: `GET /v1/audit`. */
  readonly listAudit: {
    readonly parameters: Record<string, never>;
    readonly query: { readonly limit?: number; readonly cursor?: string };
    readonly body: undefined;
    readonly answer: AuditList;
  };
  /** List connectors: `GET /v1/connectors`. */
  readonly listConnectors: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectorList;
  };
  /** Save a definition: `POST /v1/connectors`. */
  readonly saveConnector: {
    readonly parameters: Record<string, never>;
    readonly query: { readonly publish?: boolean };
    readonly body: Definition;
    readonly answer: SavedConnector;
  };
  /** Check a definition without saving it: `POST /v1/connectors/lint`. */
  readonly lintConnector: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: Definition;
    readonly answer: LintResult;
  };
  /** Read the current version of a connector: `GET /v1/connectors/{name}`. */
  readonly getConnector: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectorVersion;
  };
  /** Delete a connector with all its versions: `DELETE /v1/connectors/{name}`. */
  readonly deleteConnector: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Compare two versions, or a version with a definition: `POST /v1/connectors/{name}/diff`. */
  readonly diffConnector: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: DiffRequest;
    readonly answer: DiffResult;
  };
  /** List the versions of a connector: `GET /v1/connectors/{name}/versions`. */
  readonly listConnectorVersions: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectorVersionList;
  };
  /** Read one version of a connector: `GET /v1/connectors/{name}/versions/{version}`. */
  readonly getConnectorVersion: {
    readonly parameters: { readonly name: string; readonly version: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectorVersion;
  };
  /** Publish a draft: `POST /v1/connectors/{name}/versions/{version}/publish`. */
  readonly publishConnectorVersion: {
    readonly parameters: { readonly name: string; readonly version: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectorVersion;
  };
  /** Delete a draft: `DELETE /v1/connectors/{name}/versions/{version}`. */
  readonly deleteConnectorDraft: {
    readonly parameters: { readonly name: string; readonly version: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Turn an API description into a definition: `POST /v1/imports`. */
  readonly importConnector: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: ImportRequest;
    readonly answer: ImportReport;
  };
  /** Write a connector as an OpenAPI document: `GET /v1/connectors/{name}/openapi.json`. */
  readonly exportConnector: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: OpenApiDocument;
  };
  /** List connections: `GET /v1/connections`. */
  readonly listConnections: {
    readonly parameters: Record<string, never>;
    readonly query: { readonly connector?: string };
    readonly body: undefined;
    readonly answer: ConnectionList;
  };
  /** Create a connection: `POST /v1/connections`. */
  readonly createConnection: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: ConnectionCreate;
    readonly answer: Connection;
  };
  /** Read a connection: `GET /v1/connections/{id}`. */
  readonly getConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Connection;
  };
  /** Change a connection: `PATCH /v1/connections/{id}`. */
  readonly updateConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: ConnectionUpdate;
    readonly answer: Connection;
  };
  /** Delete a connection and its credentials: `DELETE /v1/connections/{id}`. */
  readonly deleteConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Begin to connect an account: `POST /v1/connections/{id}/authorize`. */
  readonly authorizeConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: ConnectionAuthorize | undefined;
    readonly answer: ConnectionAuthorization;
  };
  /** Look whether a device authorization is done: `POST /v1/connections/{id}/authorize/continue`. */
  readonly continueConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectionProgress;
  };
  /** Test a connection: `POST /v1/connections/{id}/test`. */
  readonly testConnection: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: ConnectionTest;
  };
  /** List workspaces: `GET /v1/workspaces`. */
  readonly listWorkspaces: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: WorkspaceList;
  };
  /** Create a workspace and its first key: `POST /v1/workspaces`. */
  readonly createWorkspace: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: WorkspaceCreate;
    readonly answer: WorkspaceCreated;
  };
  /** List secrets: `GET /v1/secrets`. */
  readonly listSecrets: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: SecretList;
  };
  /** Write a secret: `PUT /v1/secrets/{name}`. */
  readonly putSecret: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: SecretPut;
    readonly answer: Secret;
  };
  /** Delete a secret: `DELETE /v1/secrets/{name}`. */
  readonly deleteSecret: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List variables: `GET /v1/variables`. */
  readonly listVariables: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: VariableList;
  };
  /** Write a variable: `PUT /v1/variables/{name}`. */
  readonly putVariable: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: VariablePut;
    readonly answer: Variable;
  };
  /** Delete a variable: `DELETE /v1/variables/{name}`. */
  readonly deleteVariable: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List keys: `GET /v1/keys`. */
  readonly listKeys: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: KeyList;
  };
  /** Create a key: `POST /v1/keys`. */
  readonly createKey: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: KeyCreate;
    readonly answer: KeyCreated;
  };
  /** Revoke a key: `DELETE /v1/keys/{id}`. */
  readonly revokeKey: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List issuers: `GET /v1/issuers`. */
  readonly listIssuers: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: IssuerList;
  };
  /** Write a issuer: `PUT /v1/issuers/{name}`. */
  readonly putIssuer: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: IssuerPut;
    readonly answer: Issuer;
  };
  /** Delete a issuer: `DELETE /v1/issuers/{name}`. */
  readonly deleteIssuer: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** List policies: `GET /v1/policies`. */
  readonly listPolicies: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: PolicyList;
  };
  /** Write a policy: `PUT /v1/policies/{name}`. */
  readonly putPolicy: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: PolicyPut;
    readonly answer: Policy;
  };
  /** Delete a policy: `DELETE /v1/policies/{name}`. */
  readonly deletePolicy: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Read the workspace's origins: `GET /v1/origins`. */
  readonly getOrigins: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Origins;
  };
  /** Write the workspace's origins: `PUT /v1/origins`. */
  readonly putOrigins: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: Origins;
    readonly answer: Origins;
  };
  /** Drop kept upstream responses: `POST /v1/cache/purge`. */
  readonly purgeCache: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: CachePurge | undefined;
    readonly answer: CachePurged;
  };
  /** List repositories: `GET /v1/repositories`. */
  readonly listRepositories: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: RepositoryList;
  };
  /** Write a repository: `PUT /v1/repositories/{name}`. */
  readonly putRepository: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: RepositoryPut;
    readonly answer: Repository;
  };
  /** Delete a repository: `DELETE /v1/repositories/{name}`. */
  readonly deleteRepository: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: undefined;
  };
  /** Show what a synchronisation would do: `POST /v1/repositories/{name}/plan`. */
  readonly planRepository: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: SyncResult;
  };
  /** Take over what the repository has: `POST /v1/repositories/{name}/sync`. */
  readonly syncRepository: {
    readonly parameters: { readonly name: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: SyncResult;
  };
  /** Say which keys protect secrets: `GET /v1/encryption`. */
  readonly getEncryption: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Encryption;
  };
  /** Rotate the master key or data keys: `POST /v1/encryption/rotations`. */
  readonly createKeyRotation: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: KeyRotationCreate;
    readonly answer: KeyRotation;
  };
  /** List rotations of keys: `GET /v1/encryption/rotations`. */
  readonly listKeyRotations: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: KeyRotationList;
  };
  /** Follow a rotation of keys: `GET /v1/encryption/rotations/{id}`. */
  readonly getKeyRotation: {
    readonly parameters: { readonly id: string };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: KeyRotation;
  };
  /** Say that the process is alive: `GET /healthz`. */
  readonly getHealth: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Health;
  };
  /** Say whether calls are accepted: `GET /readyz`. */
  readonly getReadiness: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: Readiness;
  };
  /** Read this document: `GET /openapi.json`. */
  readonly getOpenApi: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: OpenApiDocument;
  };
  /** Take a backup of the embedded store: `POST /v1/backup`. */
  readonly downloadBackup: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: string;
  };
  /** Read metrics in the Prometheus text format: `GET /metrics`. */
  readonly getMetrics: {
    readonly parameters: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: string;
  };
}
