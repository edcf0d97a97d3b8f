/**
 * Lists every code that egress can answer with. A code never changes its meaning; a retired one is never used again.
 *
 * Refusals by the policy (nothing was sent): URL_INVALID, REQUEST_INVALID, SCHEME, HOST, ADDRESS, PORT, REDIRECT.
 * Our own TLS identity cannot be shown (nothing was sent): IDENTITY_INVALID.
 * Failures of the network or the peer: the rest.
 */
export const EGRESS_ERROR_CODES = [
  "EGRESS_URL_INVALID",
  "EGRESS_REQUEST_INVALID",
  "EGRESS_SCHEME_REFUSED",
  "EGRESS_HOST_REFUSED",
  "EGRESS_ADDRESS_REFUSED",
  "EGRESS_PORT_REFUSED",
  "EGRESS_REDIRECT_REFUSED",
  "EGRESS_TOO_MANY_REDIRECTS",
  "EGRESS_IDENTITY_INVALID",
  "EGRESS_DNS_FAILED",
  "EGRESS_CONNECT_REFUSED",
  "EGRESS_CONNECTION_LOST",
  "EGRESS_TLS_FAILED",
  "EGRESS_TIMEOUT",
  "EGRESS_HEADERS_TOO_LARGE",
  "EGRESS_BODY_TOO_LARGE",
  "EGRESS_DECOMPRESSION_BOMB",
  "EGRESS_DECOMPRESSION_FAILED",
  "EGRESS_RESPONSE_INVALID",
  "EGRESS_ABORTED",
  "EGRESS_OVERLOADED",
  "EGRESS_CLOSED",
] as const;

/** Names one way in which an outbound request can fail. */
export type EgressErrorCode = (typeof EGRESS_ERROR_CODES)[number];

/** Names the part of a request in which time ran out. */
export type EgressPhase = "connect" | "headers" | "body" | "total";

/** Describes an {@link EgressError} while it is being made. */
export interface EgressErrorDetails {
  readonly url?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly hint?: string;
  readonly phase?: EgressPhase;
  readonly sent?: boolean;
  readonly cause?: unknown;
}

/**
 * Reports why an outbound request was refused or failed.
 *
 * `url` has neither credentials nor query, so it can be logged. `sent` is the retry rule's input: false means that no byte of
 * the request can have reached the peer; true means that it may have been acted upon.
 */
export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly code: EgressErrorCode;
  readonly url: string | undefined;
  readonly hostname: string | undefined;
  readonly address: string | undefined;
  readonly hint: string | undefined;
  readonly phase: EgressPhase | undefined;
  readonly sent: boolean;

  constructor(code: EgressErrorCode, message: string, details: EgressErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.url = details.url;
    this.hostname = details.hostname;
    this.address = details.address;
    this.hint = details.hint;
    this.phase = details.phase;
    this.sent = details.sent ?? false;
  }
}

/** Copies an error with details that only an outer layer knows, such as the URL; what is already set stays. */
export function withDetails(error: EgressError, details: EgressErrorDetails): EgressError {
  const copy = new EgressError(error.code, error.message, {
    ...details,
    ...definedDetails(error),
    sent: details.sent ?? error.sent,
  });
  if (error.stack !== undefined) copy.stack = error.stack;
  return copy;
}

function definedDetails(error: EgressError): EgressErrorDetails {
  return {
    ...(error.url !== undefined && { url: error.url }),
    ...(error.hostname !== undefined && { hostname: error.hostname }),
    ...(error.address !== undefined && { address: error.address }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.phase !== undefined && { phase: error.phase }),
    ...(error.cause !== undefined && { cause: error.cause }),
  };
}

/** Strips user information, query and fragment, which may hold credentials, from a URL that goes into an error. */
export function describeUrl(url: URL | string): string {
  const parsed = typeof url === "string" ? URL.parse(url) : url;
  if (parsed === null) return "(not a URL)";
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
