import { describeTlsAlert } from "./describe-tls-alert.ts";
import { EgressError, type EgressErrorCode, type EgressErrorDetails } from "./errors.ts";

interface Description {
  readonly code: EgressErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly phase?: "headers" | "body" | "connect";
}

/** What undici and Node report, in the words of a caller. Codes: undici's `lib/core/errors.js`, Node's `errors` page. */
const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  UND_ERR_HEADERS_TIMEOUT: {
    code: "EGRESS_TIMEOUT",
    phase: "headers",
    message: "The peer accepted the request but sent no response head in time.",
    hint: "Give the call more time, or ask the upstream for less at once.",
  },
  UND_ERR_BODY_TIMEOUT: {
    code: "EGRESS_TIMEOUT",
    phase: "body",
    message: "The peer stopped sending in the middle of the response body.",
    hint: "Try again; if it persists, tell the owner of the API.",
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: "EGRESS_HEADERS_TOO_LARGE",
    message: "The response head is larger than allowed.",
    hint: "Raise maxHeaderBytes if the peer is trusted.",
  },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    code: "EGRESS_RESPONSE_INVALID",
    message: "The response body is shorter or longer than its Content-Length.",
    hint: "Try again; if it persists, tell the owner of the API.",
  },
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: {
    code: "EGRESS_REQUEST_INVALID",
    message: "The request body doesn't have the length that its Content-Length header says.",
    hint: "Leave the header out; egress writes it.",
  },
  UND_ERR_INVALID_ARG: {
    code: "EGRESS_REQUEST_INVALID",
    message: "The request can't be sent as it is",
    hint: "Check method, path and headers for characters that aren't allowed there.",
  },
  UND_ERR_NOT_SUPPORTED: {
    code: "EGRESS_REQUEST_INVALID",
    message: "The request uses something that isn't supported",
    hint: "Leave it out.",
  },
  UND_ERR_DESTROYED: { code: "EGRESS_CLOSED", message: "This egress is closed.", hint: "The server is stopping." },
  UND_ERR_CLOSED: { code: "EGRESS_CLOSED", message: "This egress is closed.", hint: "The server is stopping." },
};

const LOST: Description = {
  code: "EGRESS_CONNECTION_LOST",
  message: "The peer closed the connection before the response was complete.",
  hint: "Whether the peer acted on the request is unknown; repeat it only if that is safe.",
};

/** Says how far the exchange had come. */
export interface TransportState {
  readonly sent: boolean;
  readonly secure: boolean;
}

const NO_CERTIFICATE =
  "The peer may expect a client certificate, or another one than it was shown (many servers close without a word), or it failed.";

/** Turns what undici or the socket reports into an {@link EgressError}; one that is already one keeps its words. */
export function describeTransportError(error: Error, { sent, secure }: TransportState): EgressError {
  if (error instanceof EgressError) return error;
  const code = readCode(error);
  const details = { sent, cause: error };
  const known = DESCRIPTIONS[code];
  if (known !== undefined) return build(known, error, details);
  if (error.name === "HTTPParserError" || /^bad (upgrade|response)/.test(error.message)) {
    const hint = "The peer may not speak HTTP/1.1 on this port, or a proxy in between is broken.";
    return new EgressError("EGRESS_RESPONSE_INVALID", "The response is not valid HTTP/1.1.", { ...details, hint });
  }
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) {
    const hint =
      describeTlsAlert(code) ?? "The peer may expect a client certificate, or another one than it was shown.";
    return new EgressError("EGRESS_TLS_FAILED", `TLS failed: ${error.message}`, { ...details, hint });
  }
  return build(secure && heardNothing(error) ? { ...LOST, hint: NO_CERTIFICATE } : LOST, error, details);
}

/** undici attaches the counts of the socket to its own errors. */
function heardNothing(error: Error): boolean {
  const socket: unknown = Reflect.get(error, "socket");
  return typeof socket === "object" && socket !== null && Reflect.get(socket, "bytesRead") === 0;
}

function build(known: Description, error: Error, details: EgressErrorDetails): EgressError {
  const explained = known.code === "EGRESS_REQUEST_INVALID" && !known.message.endsWith(".");
  const message = explained ? `${known.message}: ${error.message}.` : known.message;
  return new EgressError(known.code, message, {
    ...details,
    // A request that undici refused to write was never sent.
    sent: known.code === "EGRESS_REQUEST_INVALID" ? false : (details.sent ?? false),
    hint: known.hint,
    ...(known.phase !== undefined && { phase: known.phase }),
  });
}

function readCode(error: Error): string {
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : "";
}
