import type { ErrorCode } from "@junctor/contract";
import type { EgressErrorCode } from "@junctor/egress";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpFailure } from "../ports/http.ts";

/** What each refusal or failure of the outbound side means to the caller. */
const CODES: Readonly<Record<EgressErrorCode, ErrorCode>> = {
  EGRESS_URL_INVALID: "EGRESS_REFUSED",
  EGRESS_REQUEST_INVALID: "VALUE_REFUSED",
  EGRESS_SCHEME_REFUSED: "EGRESS_REFUSED",
  EGRESS_HOST_REFUSED: "EGRESS_REFUSED",
  EGRESS_ADDRESS_REFUSED: "EGRESS_REFUSED",
  EGRESS_PORT_REFUSED: "EGRESS_REFUSED",
  EGRESS_REDIRECT_REFUSED: "UPSTREAM_REDIRECT_REFUSED",
  EGRESS_TOO_MANY_REDIRECTS: "UPSTREAM_REDIRECT_REFUSED",
  EGRESS_IDENTITY_INVALID: "CONNECTION_UNUSABLE",
  EGRESS_DNS_FAILED: "UPSTREAM_UNREACHABLE",
  EGRESS_CONNECT_REFUSED: "UPSTREAM_UNREACHABLE",
  EGRESS_CONNECTION_LOST: "UPSTREAM_UNREACHABLE",
  EGRESS_TLS_FAILED: "UPSTREAM_TLS_FAILED",
  EGRESS_TIMEOUT: "UPSTREAM_TIMEOUT",
  EGRESS_HEADERS_TOO_LARGE: "UPSTREAM_TOO_LARGE",
  EGRESS_BODY_TOO_LARGE: "UPSTREAM_TOO_LARGE",
  EGRESS_DECOMPRESSION_BOMB: "UPSTREAM_TOO_LARGE",
  EGRESS_DECOMPRESSION_FAILED: "UPSTREAM_INVALID",
  EGRESS_RESPONSE_INVALID: "UPSTREAM_INVALID",
  EGRESS_ABORTED: "CALL_CANCELLED",
  EGRESS_OVERLOADED: "OVERLOADED",
  EGRESS_CLOSED: "SHUTTING_DOWN",
};

/** A transport failure, with what the retry rule needs to know. */
export interface SendFailure {
  readonly error: ConnectorError;
  /** False: certainly no byte of the request reached the peer. */
  readonly sent: boolean;
}

/** Reads what the outbound port rejected with; anything else is a fault of ours and stays one. */
export function describeSendFailure(failure: unknown): SendFailure {
  if (failure instanceof ConnectorError) return { error: failure, sent: false };
  if (!isHttpFailure(failure)) {
    const error = new ConnectorError("INTERNAL", "The request failed in an unexpected way.", { cause: failure });
    return { error, sent: true };
  }
  const code = CODES[failure.code as EgressErrorCode];
  const options = { cause: failure, ...(failure.hint !== undefined && { hint: failure.hint }) };
  return { error: new ConnectorError(code, failure.message, options), sent: failure.sent };
}

function isHttpFailure(failure: unknown): failure is HttpFailure {
  return failure instanceof Error && Object.hasOwn(CODES, String((failure as Partial<HttpFailure>).code));
}
