import type { EgressError, EgressErrorCode } from "./errors.ts";

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
