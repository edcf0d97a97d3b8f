import type { SourceRule } from "../lint-rule.ts";
import { arrayWithoutItems } from "./array-without-items.ts";
import { basePathInvalid } from "./base-path-invalid.ts";
import { bodyDuplicate } from "./body-duplicate.ts";
import { bodyOnFetch } from "./body-on-fetch.ts";
import { defaultType } from "./default-type.ts";
import { dynamicOperationMissing } from "./dynamic-operation-missing.ts";
import { dynamicParameterMissing } from "./dynamic-parameter-missing.ts";
import { dynamicRequiredMissing } from "./dynamic-required-missing.ts";
import { enumType } from "./enum-type.ts";
import { extensionMisspelt } from "./extension-misspelt.ts";
import { familyRevisionDuplicate } from "./family-revision-duplicate.ts";
import { hostInvalid } from "./host-invalid.ts";
import { internalWithoutDefault } from "./internal-without-default.ts";
import { nextLinkName } from "./next-link-name.ts";
import { notificationContentMissing } from "./notification-content-missing.ts";
import { notificationUrlNotInternal } from "./notification-url-not-internal.ts";
import { notificationUrlNotString } from "./notification-url-not-string.ts";
import { operationIdMissing } from "./operation-id-missing.ts";
import { operationIdNotUnique } from "./operation-id-not-unique.ts";
import { operationIdSanitized } from "./operation-id-sanitized.ts";
import { operationIdTooLong } from "./operation-id-too-long.ts";
import { parameterDuplicate } from "./parameter-duplicate.ts";
import { parameterReserved } from "./parameter-reserved.ts";
import { pathCase } from "./path-case.ts";
import { pathDuplicate } from "./path-duplicate.ts";
import { pathParameterEncoding } from "./path-parameter-encoding.ts";
import { pathParameterMissing } from "./path-parameter-missing.ts";
import { pathParameterNotInTemplate } from "./path-parameter-not-in-template.ts";
import { pathParameterRequired } from "./path-parameter-required.ts";
import { pathQueryOrFragment } from "./path-query-or-fragment.ts";
import { pathTemplateInvalid } from "./path-template-invalid.ts";
import { patternInvalid } from "./pattern-invalid.ts";
import { referenceMissing } from "./reference-missing.ts";
import { replacementNotDeprecated } from "./replacement-not-deprecated.ts";
import { requiredReadOnly } from "./required-read-only.ts";
import { requiredUndeclared } from "./required-undeclared.ts";
import { responseMissing } from "./response-missing.ts";
import { responseSuccessMissing } from "./response-success-missing.ts";
import { responsesSeveralSchemas } from "./responses-several-schemas.ts";
import { schemaTooDeep } from "./schema-too-deep.ts";
import { securityPropertyMissing } from "./security-property-missing.ts";
import { securityScopeUndefined } from "./security-scope-undefined.ts";
import { securityUndefined } from "./security-undefined.ts";
import { summaryTooLong } from "./summary-too-long.ts";
import { webhookUrlMissing } from "./webhook-url-missing.ts";

/** Every rule about sources, in the order of the reference. */
export const sourceRules: readonly SourceRule[] = [
  operationIdMissing,
  operationIdNotUnique,
  operationIdSanitized,
  operationIdTooLong,
  summaryTooLong,
  responseMissing,
  responseSuccessMissing,
  responsesSeveralSchemas,
  arrayWithoutItems,
  pathQueryOrFragment,
  pathTemplateInvalid,
  pathDuplicate,
  pathCase,
  pathParameterMissing,
  pathParameterNotInTemplate,
  pathParameterRequired,
  pathParameterEncoding,
  bodyOnFetch,
  parameterDuplicate,
  bodyDuplicate,
  parameterReserved,
  referenceMissing,
  requiredUndeclared,
  requiredReadOnly,
  internalWithoutDefault,
  defaultType,
  enumType,
  patternInvalid,
  schemaTooDeep,
  securityUndefined,
  securityScopeUndefined,
  securityPropertyMissing,
  hostInvalid,
  basePathInvalid,
  extensionMisspelt,
  dynamicOperationMissing,
  dynamicParameterMissing,
  dynamicRequiredMissing,
  webhookUrlMissing,
  notificationUrlNotString,
  notificationUrlNotInternal,
  notificationContentMissing,
  replacementNotDeprecated,
  familyRevisionDuplicate,
  nextLinkName,
];
