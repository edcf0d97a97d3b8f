import { ConnectorError } from "../errors/connector-error.ts";
import type { CallState } from "../pipeline/call-state.ts";
import type { Call } from "./call.ts";

/**
 * Turns whatever ended a call into its error: a `ConnectorError`, in which no secret of the call is left. Anything else is
 * a fault of ours; its text stays in `cause`, for the log, and does not reach the caller.
 */
export function describeFailure(thrown: unknown, call: Call, state: CallState | null): ConnectorError {
  const error = toConnectorError(thrown, call);
  const redaction = state?.redaction;
  if (redaction === undefined || redaction.empty) return error;
  const texts = [error.message, error.hint ?? "", JSON.stringify(error.details)];
  if (!texts.some((text) => redaction.occursIn(text))) return error;
  return new ConnectorError(error.code, redaction.clean(error.message), {
    status: error.status,
    stage: error.stage,
    retryable: error.retryable,
    details: error.details.map((detail) => ({
      ...detail,
      message: redaction.clean(detail.message),
      ...(detail.hint !== undefined && { hint: redaction.clean(detail.hint) }),
    })),
    ...(error.hint !== undefined && { hint: redaction.clean(error.hint) }),
    ...(error.upstreamStatus !== undefined && { upstreamStatus: error.upstreamStatus }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error.step !== undefined && { step: error.step }),
    ...(error.isWritten && { isWritten: true }),
    ...(error.connectorCode !== undefined && { connectorCode: error.connectorCode }),
  });
}

function toConnectorError(thrown: unknown, call: Call): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  if (call.signal?.aborted === true) {
    return new ConnectorError("CALL_CANCELLED", "The caller went away before the call was finished.", {
      cause: thrown,
    });
  }
  return new ConnectorError("INTERNAL", "The call failed inside Junctor.", { cause: thrown });
}
