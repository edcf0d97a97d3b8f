export { authMethodId } from "@junctor/sdk";
export { apiKey } from "./auth/api-key.ts";
export { createAuthCompilers } from "./auth/auth-compilers.ts";
export type {
  AuthChallenge,
  AuthDefinition,
  AuthMethod,
  AuthMethodCompiler,
  AuthSession,
  AuthTemplates,
} from "./auth/auth-method.ts";
export { basic } from "./auth/basic.ts";
export { bearer } from "./auth/bearer.ts";
export { none } from "./auth/none.ts";
export { isOAuth1Method } from "./auth/oauth1-method.ts";
export { registeredClientSecrets } from "./auth/oauth2/compile-oauth2.ts";
export { isOAuth2Method, type OAuth2Method } from "./auth/oauth2/oauth2-method.ts";
export { revokeTokens } from "./auth/oauth2/revoke-tokens.ts";
export { addQuery, type OutgoingRequest, readHeader, setHeader } from "./auth/outgoing-request.ts";
export type { TokenPorts } from "./auth/token-method.ts";
export { isNotModified } from "./cache/answer-conditional.ts";
export { cutPart } from "./cache/byte-range.ts";
export type { CacheEntry } from "./cache/cache-entry.ts";
export type {
  CacheAnswer,
  CacheOutcome,
  CacheRequest,
  CacheSettings,
  LoadResponse,
  StoredResponse,
} from "./cache/cache-types.ts";
export { decodeEntry, encodeEntry } from "./cache/entry-codec.ts";
export { createHttpCache, type HttpCache, type HttpCacheOptions } from "./cache/http-cache.ts";
export type { MemoryCacheLimits } from "./cache/memory-cache.ts";
export type { SharedCache } from "./cache/shared-cache.ts";
export { IssuerFault } from "./callers/issuer-fault.ts";
export {
  admitsConnection,
  decidePolicy,
  type Policy,
  type PolicyDecision,
  type PolicyQuestion,
} from "./callers/policy.ts";
export {
  type ClaimMapping,
  type IssuerKey,
  type TrustedIssuer,
  type UserTokenAlgorithm,
  userTokenAlgorithms,
} from "./callers/trusted-issuer.ts";
export { userIdOf } from "./callers/user-id.ts";
export { createUserTokenVerifier, type TokenUser, type UserTokenVerifier } from "./callers/verify-user-token.ts";
export type { CaseDifference } from "./cases/case-difference.ts";
export { type CaseResult, type NamedCaseFile, runCases, validateCaseFile } from "./cases/run-cases.ts";
export { compileAction } from "./compile/compile-action.ts";
export { compileConnector } from "./compile/compile-connector.ts";
export type { CompiledAction, CompiledConnector } from "./compile/compiled-connector.ts";
export { createFile, type FileValue, isFile, openFile } from "./compile/file-input.ts";
export { compileHostRules, type HostRules, matchesHost } from "./compile/host-rules.ts";
export { compileInputValidator, type InputValidator } from "./compile/input-validator.ts";
export { compileOutputFilter, type OutputFilter } from "./compile/output-filter.ts";
export {
  type AuthorizationWish,
  finishAuthorization,
  isInteractive,
  startAuthorization,
} from "./connections/authorize-connection.ts";
export {
  type ConnectionTestScope,
  type PlannedConnectionTest,
  planConnectionTest,
} from "./connections/connection-test.ts";
export {
  continueDeviceFlow,
  type DevicePrompt,
  type DeviceStatus,
  startDeviceFlow,
} from "./connections/device-flow.ts";
export { openAuthSession, type SessionPorts, type SessionWish } from "./connections/open-session.ts";
export type { PendingAuthorization, PendingPorts } from "./connections/pending-authorization.ts";
export { type ImportedTokens, readImportedTokens, storeTokens } from "./connections/store-tokens.ts";
export { connectionPlace, credentialPurpose, parametersPurpose } from "./credentials/connection-place.ts";
export type { CredentialEvent, CredentialEventSink } from "./credentials/credential-events.ts";
export { openDataKey } from "./credentials/data-keys.ts";
export { createVault, secretPurpose, type Vault, type VaultOptions } from "./credentials/envelope-vault.ts";
export {
  type AwsCredentials,
  type AwsKmsOptions,
  createAwsKmsKeyPort,
} from "./credentials/key-ports/aws-kms-key-port.ts";
export { combineKeyPorts } from "./credentials/key-ports/combine-key-ports.ts";
export { createEnvironmentKeyPort } from "./credentials/key-ports/environment-key-port.ts";
export { loadKeyFile, loadOrCreateKeyFile } from "./credentials/key-ports/file-key-port.ts";
export { loadVaultKvKeyPort, type VaultKvOptions } from "./credentials/key-ports/vault-kv-key-port.ts";
export type { VaultAccess } from "./credentials/key-ports/vault-request.ts";
export { createVaultTransitKeyPort, type VaultTransitOptions } from "./credentials/key-ports/vault-transit-key-port.ts";
export { defaultMargins, type RefreshMargins } from "./credentials/refresh-margins.ts";
export { defaultRenewalLimits, type RenewalLimits } from "./credentials/renew-tokens.ts";
export {
  type DataKeyRotation,
  type DataKeyRotationOptions,
  type ResealOptions,
  resealWorkspace,
  rotateDataKey,
} from "./credentials/rotate-data-key.ts";
export {
  type MasterKeyRotation,
  type RotateMasterKeyOptions,
  rotateMasterKey,
} from "./credentials/rotate-master-key.ts";
export type { Sealer } from "./credentials/sealer.ts";
export { TokenError, type TokenOutcome } from "./credentials/token-error.ts";
export { createTokenKeeper, type TokenKeeper, type TokenKeeperOptions } from "./credentials/token-keeper.ts";
export { makeTokenSet, readTokenSet, type TokenSet, writeTokenSet } from "./credentials/token-set.ts";
export { canonicalizeDefinition, digestDefinition } from "./definition/canonicalize-definition.ts";
export { findTooDeep } from "./definition/find-too-deep.ts";
export {
  type Finding,
  type Fix,
  findingsToDetails,
  type PatchOperation,
  type Severity,
} from "./definition/finding.ts";
export { extendPointer, readPointer, toPointer, valueAt } from "./definition/json-pointer.ts";
export { nearestName } from "./definition/nearest-name.ts";
export {
  DEFAULT_ENVIRONMENT,
  isShortForm,
  normalizeDefinition,
  SCHEMA_ADDRESS,
} from "./definition/normalize-definition.ts";
export { derivePermalink, type ShortFormOptions } from "./definition/normalize-short-form.ts";
export { type ParsedDefinition, parseDefinition } from "./definition/parse-definition.ts";
export { noPositions, type Positions, type TextPosition } from "./definition/positions.ts";
export { assumeDefaults } from "./definition/short-form-url.ts";
export {
  checkDefinition,
  type ReadDefinition,
  readDefinition,
  validateDefinition,
} from "./definition/validate-definition.ts";
export type { DefinitionChange, DefinitionChangeKind, VersionStep } from "./diff/change.ts";
export { checkVersionStep, versionStep } from "./diff/check-version-step.ts";
export { type DefinitionDiff, diffDefinitions } from "./diff/diff-definitions.ts";
export { ConnectorError, type ConnectorErrorOptions } from "./errors/connector-error.ts";
export type { Call, Caller, CallerKind, CallMeta, CallResult, StepTiming } from "./execute/call.ts";
export { createEngine } from "./execute/create-engine.ts";
export type {
  DryRun,
  Engine,
  EngineLimits,
  EnginePorts,
  PassThroughFlow,
  PassThroughSink,
} from "./execute/engine.ts";
export { processClock } from "./execute/process-clock.ts";
export { createStoreSources, openConnection, type StoreSources } from "./execute/store-sources.ts";
export { applyFixes } from "./lint/apply-fixes.ts";
export { type LintLevel, type LintOptions, type LintReport, lintDefinition, lintText } from "./lint/lint-definition.ts";
export type { LintProblem, LintRule } from "./lint/rule.ts";
export { lintRules } from "./lint/rules/lint-rules.ts";
export type { ContinuationSealer } from "./pipeline/continuation-sealer.ts";
export { hasLongNumber } from "./pipeline/decode.ts";
export { RateWindows } from "./pipeline/rate-window.ts";
export { secretForms } from "./pipeline/redaction.ts";
export type {
  HttpBody,
  HttpDispatch,
  HttpDispatchCall,
  HttpFailure,
  HttpHeaders,
  HttpPort,
  HttpRedirect,
  HttpRequest,
  HttpResponse,
  HttpSink,
  HttpTarget,
  HttpTlsIdentity,
  HttpWatcher,
} from "./ports/http.ts";
export type { KeyPort } from "./ports/key-port.ts";
export type {
  KeyRotationProblem,
  KeyRotationProgress,
  KeyRotationRecord,
  KeyRotationStore,
  MasterKeyHolder,
} from "./ports/key-rotations.ts";
export type {
  ApiKeyRecord,
  AuditRecord,
  ConnectionRecord,
  ConnectionStatus,
  ConnectorSource,
  ConnectorVersionRecord,
  ExecutionRecord,
  Json,
  JsonObject,
  KeyKind,
  Sealed,
  SecretRecord,
  SettingKind,
  SettingRecord,
  VariableRecord,
  WorkspaceRecord,
} from "./ports/records.ts";
export type {
  AuditSink,
  Clock,
  ConnectionSource,
  ExecutionSink,
  OpenConnection,
  OpenSecret,
  OpenVariable,
  SecretSource,
  VariableSource,
  VersionSource,
} from "./ports/sources.ts";
export type {
  ApiKeyStore,
  AuditStore,
  Change,
  ChangeFeed,
  ChangeKind,
  ConnectionChange,
  ConnectionStore,
  ConnectorStore,
  DataKeyRecord,
  DataKeyStore,
  EphemeralStore,
  ExecutionStore,
  LeaseStore,
  Page,
  PageRequest,
  RateLimitStore,
  ResponseCacheStore,
  SealedEntry,
  SealedPlace,
  SealedStore,
  SecretStore,
  SettingStore,
  Stores,
  VariableStore,
  WorkspaceStore,
} from "./ports/stores.ts";
export { listNamedValues, type NamedValues } from "./templates/list-named-values.ts";
export { type CannedHttp, type CannedReply, createCannedHttp, type SentRequest } from "./testkit/canned-http.ts";
export { createTestEngine, type TestEngine, type TestWorkspace } from "./testkit/test-engine.ts";
