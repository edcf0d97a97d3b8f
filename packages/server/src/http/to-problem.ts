import { type ErrorCode, errorCatalogue, type Problem, problemType } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";

/** Answers of the HTTP framework itself, by its own codes, as codes of the catalogue. */
const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "REQUEST_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "MEDIA_TYPE_UNSUPPORTED",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "REQUEST_INVALID",
  FST_ERR_BAD_URL: "REQUEST_INVALID",
  FST_ERR_ASYNC_CONSTRAINT: "REQUEST_INVALID",
  FST_ERR_MAX_PARAM_LENGTH: "REQUEST_INVALID",
};

const frameworkDetails: Partial<Record<ErrorCode, { readonly detail: string; readonly hint: string }>> = {
  REQUEST_TOO_LARGE: {
    detail: "The body is larger than this server accepts.",
    hint: "Send less, or let the operator raise JUNCTOR_BODY_LIMIT.",
  },
  MEDIA_TYPE_UNSUPPORTED: {
    detail: "The content type of the body is not one this route reads.",
    hint: "Send Content-Type: application/json.",
  },
  REQUEST_INVALID: { detail: "The request could not be read.", hint: "Check the URL and the headers." },
};

/** Turns what a handler or the framework threw into an error of the catalogue; what nobody expected becomes INTERNAL. */
export function toConnectorError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const code = frameworkCodes[readCode(error)];
  if (code !== undefined) {
    const { detail, hint } = frameworkDetails[code] ?? { detail: errorCatalogue[code].title, hint: undefined };
    return new ConnectorError(code, detail, { cause: error, ...(hint === undefined ? {} : { hint }) });
  }
  return new ConnectorError("INTERNAL", "Something failed inside Junctor. The server's log has the cause.", {
    cause: error,
    hint: "Report it with the requestId.",
  });
}

/** Builds the problem document of an error (RFC 9457). */
export function toProblem(error: ConnectorError, requestId: string): Problem {
  return {
    type: problemType(error.code),
    title: errorCatalogue[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    stage: error.stage,
    retryable: error.retryable,
    requestId,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    ...(error.connectorCode === undefined ? {} : { connectorCode: error.connectorCode }),
    ...(error.step === undefined ? {} : { step: error.step }),
    ...(error.upstreamStatus === undefined ? {} : { upstreamStatus: error.upstreamStatus }),
    ...(error.details.length === 0 ? {} : { errors: error.details }),
  };
}

function readCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
