import type { LintRule } from "../rule.ts";
import { anyHostWithCredentials } from "./any-host-with-credentials.ts";
import { bodyOnGet } from "./body-on-get.ts";
import { cacheOnWrite } from "./cache-on-write.ts";
import { compatibilityMode } from "./compatibility-mode.ts";
import { computedHost } from "./computed-host.ts";
import { computedSecretName } from "./computed-secret-name.ts";
import { credentialLiteral } from "./credential-literal.ts";
import { defaultNotAllowed } from "./default-not-allowed.ts";
import { deprecatedWithoutReplacement } from "./deprecated-without-replacement.ts";
import { duplicateStep } from "./duplicate-step.ts";
import { eachOverText } from "./each-over-text.ts";
import { eachShadowsRoot } from "./each-shadows-root.ts";
import { environmentValues } from "./environment-values.ts";
import { filterWithoutData } from "./filter-without-data.ts";
import { forwardedQuery } from "./forwarded-query.ts";
import { hiddenRequired } from "./hidden-required.ts";
import { invalidBaseUrl } from "./invalid-base-url.ts";
import { invalidPattern } from "./invalid-pattern.ts";
import { jsonInText } from "./json-in-text.ts";
import { literalCondition } from "./literal-condition.ts";
import { manualAuthorization } from "./manual-authorization.ts";
import { missingBaseUrl } from "./missing-base-url.ts";
import { missingConnectorDescription } from "./missing-connector-description.ts";
import { missingDescription } from "./missing-description.ts";
import { missingOutput } from "./missing-output.ts";
import { missingSchemaAddress } from "./missing-schema-address.ts";
import { missingTitle } from "./missing-title.ts";
import { misspeltKeyword } from "./misspelt-keyword.ts";
import { openObject } from "./open-object.ts";
import { optionalInPath } from "./optional-in-path.ts";
import { outsideReference } from "./outside-reference.ts";
import { paddedExpression } from "./padded-expression.ts";
import { paginationNotPlaced } from "./pagination-not-placed.ts";
import { paginationWithoutEnd } from "./pagination-without-end.ts";
import { pathWithoutSlash } from "./path-without-slash.ts";
import { plainHttp } from "./plain-http.ts";
import { queryInPath } from "./query-in-path.ts";
import { requiredUndeclared } from "./required-undeclared.ts";
import { retryWithoutKey } from "./retry-without-key.ts";
import { schemaCircle } from "./schema-circle.ts";
import { secretInUrl } from "./secret-in-url.ts";
import { secretNotAllowedHere } from "./secret-not-allowed-here.ts";
import { secretNotWriteOnly } from "./secret-not-write-only.ts";
import { slowPattern } from "./slow-pattern.ts";
import { stepCallsItself } from "./step-calls-itself.ts";
import { templateSyntax } from "./template-syntax.ts";
import { textBody } from "./text-body.ts";
import { triggerWithoutDedupe } from "./trigger-without-dedupe.ts";
import { undeclaredConnection } from "./undeclared-connection.ts";
import { undeclaredInput } from "./undeclared-input.ts";
import { undeclaredStep } from "./undeclared-step.ts";
import { unknownAction } from "./unknown-action.ts";
import { unknownAuthMethod } from "./unknown-auth-method.ts";
import { unknownFilter } from "./unknown-filter.ts";
import { unknownName } from "./unknown-name.ts";
import { unknownSource } from "./unknown-source.ts";
import { unusedDefinition } from "./unused-definition.ts";
import { unusedInput } from "./unused-input.ts";
import { unusedParameter } from "./unused-parameter.ts";
import { unverifiedWebhook } from "./unverified-webhook.ts";
import { zeroDuration } from "./zero-duration.ts";

/** All rules, by subject: templates, requests, references, schemas, settings, words. */
export const lintRules: readonly LintRule[] = Object.freeze([
  templateSyntax,
  unknownName,
  undeclaredInput,
  undeclaredConnection,
  undeclaredStep,
  unknownFilter,
  computedSecretName,
  secretNotAllowedHere,
  secretInUrl,
  optionalInPath,
  literalCondition,
  paddedExpression,
  textBody,
  jsonInText,
  eachShadowsRoot,
  eachOverText,
  pathWithoutSlash,
  queryInPath,
  bodyOnGet,
  missingBaseUrl,
  invalidBaseUrl,
  plainHttp,
  computedHost,
  anyHostWithCredentials,
  retryWithoutKey,
  paginationNotPlaced,
  paginationWithoutEnd,
  cacheOnWrite,
  filterWithoutData,
  manualAuthorization,
  credentialLiteral,
  unknownAction,
  unknownSource,
  unknownAuthMethod,
  outsideReference,
  schemaCircle,
  duplicateStep,
  stepCallsItself,
  openObject,
  secretNotWriteOnly,
  hiddenRequired,
  requiredUndeclared,
  misspeltKeyword,
  invalidPattern,
  slowPattern,
  defaultNotAllowed,
  unusedInput,
  unusedParameter,
  unusedDefinition,
  zeroDuration,
  environmentValues,
  unverifiedWebhook,
  triggerWithoutDedupe,
  deprecatedWithoutReplacement,
  compatibilityMode,
  forwardedQuery,
  missingSchemaAddress,
  missingTitle,
  missingDescription,
  missingOutput,
  missingConnectorDescription,
]);
