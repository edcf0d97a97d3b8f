import type { ErrorCode } from "./errors.ts";

/** What the error reference says of one code, beyond the catalogue's entry. */
export interface ErrorGuide {
  /** What led to it. */
  readonly cause: string;
  /** What the person who sees it does next. */
  readonly remedy: string;
}

const guide = (cause: string, remedy: string): ErrorGuide => Object.freeze({ cause, remedy });

/** Cause and remedy of every error code; `docs/reference/errors.md` is made from it. */
export const errorGuide: Readonly<Record<ErrorCode, ErrorGuide>> = Object.freeze({
  REQUEST_MALFORMED: guide(
    "The request's body is not JSON text (RFC 8259).",
    "Correct the text at the line and column given in `errors`.",
  ),
  REQUEST_INVALID: guide(
    "The body, the path or the query does not match the schema of the route: an unknown key, a missing one, a wrong type.",
    "Each entry of `errors` names the place and, for an unknown key, the nearest known one. The schemas are in `/openapi.json`.",
  ),
  REQUEST_TOO_LARGE: guide(
    "The body is larger than the server accepts.",
    "Send less, or raise `JUNCTOR_BODY_LIMIT` on the server.",
  ),
  MEDIA_TYPE_UNSUPPORTED: guide(
    "The body came with a content type that the route does not read.",
    "Send `Content-Type: application/json`.",
  ),
  METHOD_NOT_ALLOWED: guide(
    "The path exists, but not with this method.",
    "Use a method that the header `Allow` names.",
  ),
  ROUTE_NOT_FOUND: guide(
    "No route has this path.",
    "Compare the path with `/openapi.json`; mind the server's base path.",
  ),
  TOO_MANY_REQUESTS: guide(
    "The workspace has as many calls in progress as the operator allows.",
    "Repeat after `retryAfter` seconds, send fewer calls at once, or raise `JUNCTOR_WORKSPACE_CONCURRENCY`.",
  ),
  OVERLOADED: guide(
    "The server has as many calls in progress as it accepts over all workspaces.",
    "Repeat after `retryAfter` seconds; add a replica or raise `JUNCTOR_CONCURRENCY`.",
  ),
  UNAUTHENTICATED: guide(
    "There is no key in the request, or it is unknown, expired or revoked. The answer does not say which.",
    "Send `Authorization: Bearer jk_…` with a valid key.",
  ),
  FORBIDDEN: guide(
    "The key is valid, but lacks the scope that the route needs.",
    "Use a key with the scope that `hint` names.",
  ),
  ORIGIN_REFUSED: guide(
    "A browser called with a publishable key from an origin that the key does not list.",
    "Add the origin to the key, or call from one that is listed.",
  ),
  USER_REQUIRED: guide(
    "The action reads `user`, and the call came without one.",
    "Call with a user token, or with an action that does not read the user.",
  ),
  USER_TOKEN_INVALID: guide(
    "The user token is malformed, expired, or not from an issuer that the workspace trusts.",
    "Get a fresh token from the workspace's issuer.",
  ),
  CONNECTOR_UNKNOWN: guide(
    "The workspace has no connector of that name.",
    "List the connectors with `GET /v1/connectors`. `hint` says if the connector is a draft only; to a key that may read connectors it names a similar one.",
  ),
  VERSION_UNKNOWN: guide(
    "The connector has no such version, or none is published and the call did not name a draft.",
    "List the versions, or publish one.",
  ),
  ACTION_UNKNOWN: guide("The connector's version has no action of that name.", "See the actions of the connector."),
  CONNECTION_UNKNOWN: guide(
    "The workspace has no such connection for this connector.",
    "List the connections with `GET /v1/connections`, or create one.",
  ),
  CONNECTION_REQUIRED: guide(
    "The connector's authentication reads connection parameters, and the call named no connection.",
    "Name one in `connection`, or create one.",
  ),
  CONNECTION_UNUSABLE: guide(
    "The connection waits for somebody: it was never authorized, its grant was revoked, a parameter is missing, or its client certificate cannot be used.",
    "Open the connection; `statusReason` or `detail` says what is missing.",
  ),
  RESOURCE_UNKNOWN: guide("The workspace has no such resource.", "List the resources of that kind."),
  CONFLICT: guide(
    "A resource of that name exists, it was changed in the meantime, or something still depends on it.",
    "Read the resource again and decide; `detail` says which of these it is.",
  ),
  VERSION_PUBLISHED: guide("Published versions never change.", "Save the definition under a higher version."),
  VERSION_STEP_TOO_SMALL: guide(
    "The changes since the last published version need a larger step, such as a new major version for a breaking one.",
    "Raise the version as `hint` says, or undo the changes that `errors` lists.",
  ),
  RESOURCE_LOCKED: guide("The connector comes from a repository or folder.", "Change it at its source."),
  DEFINITION_INVALID: guide(
    "Lint found at least one error in the definition.",
    "Correct what `errors` lists; each entry has a pointer and, where text was sent, line and column.",
  ),
  DEFINITION_UNSUPPORTED: guide(
    "The definition is valid, but uses a part that this version of the server cannot run.",
    "Update the server, or avoid the part that `detail` names.",
  ),
  IMPORT_FAILED: guide(
    "The document is not one that the importer can read.",
    "See `detail`; check the document's format.",
  ),
  IMPORT_LIMIT: guide("The document is larger or more deeply nested than the importer accepts.", "Split the document."),
  INPUT_INVALID: guide(
    "The input, or a connection's parameters, does not match the schema of the connector.",
    "Correct what `errors` lists; a pointer begins at the input's root.",
  ),
  SECRET_UNKNOWN: guide(
    "A template names a secret that the workspace does not have. Nothing was sent.",
    "Write the secret with `PUT /v1/secrets/{name}`.",
  ),
  VARIABLE_UNKNOWN: guide(
    "A template names a variable that the workspace does not have. Nothing was sent.",
    "Write the variable with `PUT /v1/variables/{name}`.",
  ),
  SECRET_HOST_REFUSED: guide(
    "A secret or credential would have gone to a host for which it is not meant. Nothing was sent.",
    "Add the host to the secret, or to the connector's `hosts`, if it is right.",
  ),
  TEMPLATE_FAILED: guide(
    "A template raised an error or used up its budget. Nothing was sent, unless the template belongs to the response.",
    "See the pointer, line and column of the template in `errors`.",
  ),
  VALUE_REFUSED: guide(
    "A rendered value cannot stand where the connector puts it, such as a line break in a header. Nothing was sent.",
    "Correct the input that supplied the value; `errors` names the place.",
  ),
  EGRESS_REFUSED: guide(
    "The outbound policy refuses the address: private, a closed port, plain HTTP, or not on the operator's list. Nothing was sent.",
    "If the address is right, let the operator allow exactly it with `JUNCTOR_EGRESS_ALLOW`.",
  ),
  CACHE_ONLY: guide(
    "The request says `Cache-Control: only-if-cached`, and no answer is kept for it that may be used (RFC 9111 section 5.2.1.7).",
    "Leave `only-if-cached` out; the answer is then fetched, and kept if it may be.",
  ),
  RATE_LIMITED: guide(
    "The connector's declared rate limit has no room before the call's timeout.",
    "Repeat after `retryAfter` seconds.",
  ),
  CONCURRENCY_LIMITED: guide(
    "As many calls as allowed are in flight for this connection, connector or workspace.",
    "Repeat after `retryAfter` seconds.",
  ),
  AUTHENTICATION_FAILED: guide(
    "The upstream refused the credential, also after one refresh where that is possible.",
    "Check or renew the connection's credential.",
  ),
  TOKEN_REQUEST_FAILED: guide(
    "The token endpoint refused, could not be reached, or answered with something that holds no token.",
    "Test the connection; check client id, secret and token URL.",
  ),
  SIGNING_FAILED: guide("The key or algorithm cannot sign this request.", "Check the key's format and the algorithm."),
  UPSTREAM_STATUS: guide(
    "The upstream answered with an error status, given in `upstreamStatus`. 400, 404, 409, 410, 422 and 429 are passed on; others become 502.",
    "See the upstream's documentation for that status; correct the input or the connection.",
  ),
  UPSTREAM_TIMEOUT: guide(
    "The upstream accepted the connection but did not answer in time.",
    "Repeat later; raise the action's `timeout` if the upstream is slow by nature.",
  ),
  UPSTREAM_UNREACHABLE: guide(
    "The host has no address, refused the connection, or broke it off.",
    "Check the base URL and whether the upstream runs.",
  ),
  UPSTREAM_TLS_FAILED: guide(
    "The upstream's certificate is not trusted, or no common TLS version exists.",
    "Correct the upstream's certificate, or declare its authority in `connection.tls.ca`.",
  ),
  UPSTREAM_TOO_LARGE: guide(
    "The answer is larger than the limit, as sent or after decompression.",
    "Ask for less, page through the list, or let the operator raise the limit.",
  ),
  UPSTREAM_INVALID: guide(
    "The answer's body is not what its content type, or the action's `decode`, says.",
    "Check the upstream; set `response.decode` if it labels its answers wrongly.",
  ),
  UPSTREAM_REDIRECT_REFUSED: guide(
    "The upstream redirected to an address that the policy or the connector does not allow, or too often.",
    "Add the host to the connector's `hosts` if it is right.",
  ),
  PAGINATION_LIMIT: guide(
    "The list has more pages or items than allowed.",
    "Read it page by page, or raise `maxPages`.",
  ),
  OUTPUT_INVALID: guide(
    "The upstream's answer, after the connector's transformation, does not match the action's output schema.",
    "Correct the connector's `response` or `output`.",
  ),
  ACTION_TIMEOUT: guide(
    "The action did not finish within its `timeout`, repetitions and waiting included.",
    "Repeat later, or raise the action's `timeout`.",
  ),
  CALL_CANCELLED: guide("The caller closed the connection before the answer.", "Nothing, if that was intended."),
  STEP_FAILED: guide("A step of a composite action failed; `detail` names it.", "See the step's own error."),
  ACTION_UNSUPPORTED: guide("The server cannot run this kind of action.", "Update the server or use another action."),
  AUTHORIZATION_STATE_INVALID: guide(
    "The redirect does not belong to an authorization that was started here in the last minutes.",
    "Start the authorization again.",
  ),
  AUTHORIZATION_REFUSED: guide(
    "The person or the authorization server refused.",
    "Start again and consent; check the client's registration and scopes.",
  ),
  SYNC_FAILED: guide(
    "The repository could not be read or holds an invalid definition.",
    "See `detail`; nothing was changed.",
  ),
  KEY_UNAVAILABLE: guide(
    "The master key that protects the workspace's secrets is not configured on this server, or the key service that holds it does not answer or refuses. The message says which.",
    "Configure the master key with which the secrets were written; for a key service see the guide `keep-the-master-key`. When the service is back, the next call works.",
  ),
  STORE_UNAVAILABLE: guide("The database does not answer.", "Repeat later; check the database."),
  SHUTTING_DOWN: guide(
    "The server is being stopped and takes no new calls.",
    "Repeat; another replica or the restarted server answers.",
  ),
  INTERNAL: guide(
    "A fault in Junctor. The server's log has the cause under the `requestId`.",
    "Report it with the log lines of that request.",
  ),
});
