import { EgressError, type EgressErrorCode } from "./errors.ts";

/** Counts what an Egress did since it was created. */
export interface EgressCounters {
  requests: number;
  /** Requests that the policy, or their own form, did not let out. */
  refused: number;
  /** Requests that went wrong at the peer or on the way. */
  failed: number;
}

const REFUSALS: ReadonlySet<EgressErrorCode> = new Set<EgressErrorCode>([
  "EGRESS_URL_INVALID",
  "EGRESS_REQUEST_INVALID",
  "EGRESS_SCHEME_REFUSED",
  "EGRESS_HOST_REFUSED",
  "EGRESS_ADDRESS_REFUSED",
  "EGRESS_PORT_REFUSED",
  "EGRESS_REDIRECT_REFUSED",
]);

/** Adds an error to the right counter. */
export function countError(counters: EgressCounters, error: EgressError): void {
  if (REFUSALS.has(error.code)) counters.refused++;
  else counters.failed++;
}

/** Counts what ended a request and returns it as an error of egress, which it is unless something unforeseen was thrown. */
export function countFailure(counters: EgressCounters, thrown: unknown): EgressError {
  const error =
    thrown instanceof EgressError
      ? thrown
      : new EgressError("EGRESS_REQUEST_INVALID", `The request can't be sent: ${String(thrown)}.`, { cause: thrown });
  countError(counters, error);
  return error;
}
