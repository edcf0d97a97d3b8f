export type { UrlCheck } from "./check-url.ts";
export type {
  DispatchCall,
  DispatchRequest,
  DispatchSink,
  Egress,
  EgressBody,
  EgressOptions,
  EgressRequest,
  EgressResponse,
  EgressStats,
  EgressTarget,
  PoolLimits,
  RedirectOptions,
  RequestBody,
  RequestHeaders,
  ResponseHeaders,
  SensitiveNames,
} from "./egress.ts";
export type { EgressErrorCode, EgressErrorDetails, EgressPhase } from "./errors.ts";
export { EGRESS_ERROR_CODES, EgressError } from "./errors.ts";
export type { EgressLimits } from "./limits.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { EgressPolicy, EgressPolicyOptions } from "./policy.ts";
export type { RedirectCheck, RedirectHop, RedirectQuestion, RedirectStep } from "./redirect.ts";
export type { LookupAddresses, ResolvedAddress } from "./resolve-host.ts";
export type { TlsIdentity } from "./tls-identity.ts";
