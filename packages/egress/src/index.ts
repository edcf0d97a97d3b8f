export type { AllowRule } from "./allow-rule.ts";
export type { UrlCheck } from "./check-url.ts";
export type { AddressClass, AddressKind } from "./classify-address.ts";
export { classifyAddress } from "./classify-address.ts";
export { createEgress } from "./create-egress.ts";
export type {
  DispatchRequest,
  Egress,
  EgressOptions,
  EgressRequest,
  EgressResponse,
  EgressStats,
  EgressTarget,
  RedirectOptions,
} from "./egress.ts";
export type { EgressErrorCode, EgressErrorDetails, EgressPhase } from "./errors.ts";
export { EGRESS_ERROR_CODES, EgressError } from "./errors.ts";
export type { DispatchCall, DispatchSink, RequestWatcher } from "./exchange.ts";
export type { EgressLimits } from "./limits.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { RequestBody, RequestHeaders, ResponseHeaders, SensitiveNames } from "./message.ts";
export type { EgressPolicy, EgressPolicyOptions } from "./policy.ts";
export { resolvePolicy } from "./policy.ts";
export type { PoolLimits } from "./pools.ts";
export { DEFAULT_POOL_LIMITS } from "./pools.ts";
export type { RedirectCheck, RedirectHop, RedirectQuestion, RedirectStep } from "./redirect.ts";
export type { LookupAddresses, ResolvedAddress } from "./resolve-host.ts";
export type { EgressBody } from "./response-body.ts";
export type { TlsIdentity } from "./tls-identity.ts";
