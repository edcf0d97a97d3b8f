/**
 * The catalogue of error codes. Every error that leaves Junctor, on any surface, carries one of these codes; a code
 * never changes its meaning and a retired one is never reused. `docs/reference/errors.md` has a heading for each,
 * held by a test. Response shape: RFC 9457 (problem details).
 */

/** Every part of a call or of the management API in which an error can arise, in the order of a call. */
export const errorStages = [
  "request",
  "authorize",
  "definition",
  "validate",
  "plan",
  "admit",
  "render",
  "cache",
  "budget",
  "authenticate",
  "send",
  "decode",
  "map-errors",
  "transform",
  "filter",
  "store",
  "server",
] as const;

/** The part in which an error arose. */
export type ErrorStage = (typeof errorStages)[number];

/** What the catalogue says of one code. */
export interface ErrorEntry {
  /** HTTP status on the management API and on `execute`. */
  readonly status: number;
  /** Short, constant summary of the kind of problem (RFC 9457 `title`). */
  readonly title: string;
  /** Whether repeating the same request later may succeed without a change. */
  readonly retryable: boolean;
  readonly stage: ErrorStage;
}

const entry = (status: number, stage: ErrorStage, title: string, retryable = false): ErrorEntry =>
  Object.freeze({ status, title, retryable, stage });

/** Every error code with its HTTP status, stage, title and whether a repetition may help. */
export const errorCatalogue = Object.freeze({
  // The request to Junctor itself
  REQUEST_MALFORMED: entry(400, "request", "The request body is not valid JSON"),
  REQUEST_INVALID: entry(400, "request", "The request does not match its schema"),
  REQUEST_TOO_LARGE: entry(413, "request", "The request body is too large"),
  MEDIA_TYPE_UNSUPPORTED: entry(415, "request", "The content type of the request is not supported"),
  METHOD_NOT_ALLOWED: entry(405, "request", "This path does not take this method"),
  ROUTE_NOT_FOUND: entry(404, "request", "There is no such path"),
  TOO_MANY_REQUESTS: entry(429, "admit", "Too many requests", true),
  OVERLOADED: entry(503, "admit", "The server has no capacity for this call", true),
  // Who is calling
  UNAUTHENTICATED: entry(401, "authorize", "No valid credential was presented"),
  FORBIDDEN: entry(403, "authorize", "The caller may not do this"),
  ORIGIN_REFUSED: entry(403, "authorize", "This origin may not call the workspace"),
  USER_REQUIRED: entry(401, "authorize", "The action reads the user, and the caller is anonymous"),
  USER_TOKEN_INVALID: entry(401, "authorize", "The user token was refused"),
  // Things that are not there, or are in the way
  CONNECTOR_UNKNOWN: entry(404, "plan", "There is no such connector"),
  VERSION_UNKNOWN: entry(404, "plan", "There is no such version of the connector"),
  ACTION_UNKNOWN: entry(404, "plan", "The connector has no such action"),
  CONNECTION_UNKNOWN: entry(404, "plan", "There is no such connection"),
  CONNECTION_REQUIRED: entry(400, "plan", "The action needs a connection"),
  CONNECTION_UNUSABLE: entry(409, "plan", "The connection cannot be used until somebody acts"),
  RESOURCE_UNKNOWN: entry(404, "store", "There is no such resource"),
  CONFLICT: entry(409, "store", "The resource was changed or exists already"),
  VERSION_PUBLISHED: entry(409, "definition", "A published version cannot be changed"),
  VERSION_STEP_TOO_SMALL: entry(409, "definition", "The change needs a larger version step"),
  RESOURCE_LOCKED: entry(409, "store", "The resource is managed by a repository"),
  // Definitions
  DEFINITION_INVALID: entry(422, "definition", "The definition has errors"),
  DEFINITION_UNSUPPORTED: entry(422, "definition", "The definition needs a part that this server does not have"),
  IMPORT_FAILED: entry(422, "definition", "The document could not be imported"),
  IMPORT_LIMIT: entry(422, "definition", "The document exceeds a limit of the importer"),
  // Before anything is sent
  INPUT_INVALID: entry(400, "validate", "The input does not match the action's schema"),
  SECRET_UNKNOWN: entry(422, "plan", "A secret that the connector names does not exist"),
  VARIABLE_UNKNOWN: entry(422, "plan", "A variable that the connector names does not exist"),
  SECRET_HOST_REFUSED: entry(422, "plan", "A credential may not be sent to this host"),
  TEMPLATE_FAILED: entry(422, "render", "A template of the connector failed"),
  VALUE_REFUSED: entry(422, "render", "A value cannot stand in the place where the connector puts it"),
  EGRESS_REFUSED: entry(403, "send", "The outbound policy refuses this address"),
  CACHE_ONLY: entry(504, "cache", "The caller wants a kept answer, and none may be used"),
  // The upstream
  RATE_LIMITED: entry(429, "budget", "The upstream's rate limit leaves no room within the timeout", true),
  CONCURRENCY_LIMITED: entry(429, "budget", "Too many calls are in flight for this limit", true),
  AUTHENTICATION_FAILED: entry(502, "authenticate", "The upstream did not accept the credential"),
  TOKEN_REQUEST_FAILED: entry(502, "authenticate", "The token endpoint did not give a usable answer", true),
  SIGNING_FAILED: entry(422, "authenticate", "The request could not be signed"),
  UPSTREAM_STATUS: entry(502, "map-errors", "The upstream answered with an error"),
  UPSTREAM_TIMEOUT: entry(504, "send", "The upstream did not answer in time", true),
  UPSTREAM_UNREACHABLE: entry(502, "send", "The upstream could not be reached", true),
  UPSTREAM_TLS_FAILED: entry(502, "send", "A trusted TLS connection to the upstream was not possible"),
  UPSTREAM_TOO_LARGE: entry(502, "send", "The upstream's answer exceeds the size limit"),
  UPSTREAM_INVALID: entry(502, "decode", "The upstream's answer could not be decoded"),
  UPSTREAM_REDIRECT_REFUSED: entry(502, "send", "The upstream redirected to an address that is refused"),
  PAGINATION_LIMIT: entry(502, "transform", "The list exceeds the page or item limit"),
  OUTPUT_INVALID: entry(502, "filter", "The output does not match the action's schema"),
  ACTION_TIMEOUT: entry(504, "send", "The action did not finish within its timeout", true),
  CALL_CANCELLED: entry(499, "send", "The caller went away before the call was finished"),
  STEP_FAILED: entry(502, "send", "A step of the action failed"),
  ACTION_UNSUPPORTED: entry(501, "plan", "This kind of action cannot be executed by this server"),
  // Authorization flow of connections
  AUTHORIZATION_STATE_INVALID: entry(
    400,
    "authorize",
    "The authorization was not started here, is too old, or was used",
  ),
  AUTHORIZATION_REFUSED: entry(400, "authorize", "The authorization server refused the authorization"),
  // Repository registry
  SYNC_FAILED: entry(422, "definition", "The repository could not be applied"),
  // The server
  KEY_UNAVAILABLE: entry(503, "store", "The key that protects secrets is not available", true),
  STORE_UNAVAILABLE: entry(503, "store", "The database is not available", true),
  SHUTTING_DOWN: entry(503, "server", "The server is stopping", true),
  INTERNAL: entry(500, "server", "Something failed inside Junctor"),
} as const);

/** A code of the catalogue. A connector's own error codes (`errors[].code`) travel in `connectorCode` beside it. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Builds the `type` of a problem document: a URI that names the code and is the same for ever. */
export const problemType = (code: ErrorCode): string => `urn:junctor:error:${code}`;
