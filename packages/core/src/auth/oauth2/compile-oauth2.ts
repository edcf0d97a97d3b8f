import { authMethodId, type OAuth2Auth } from "@junctor/sdk";
import { type CompiledAssertion, compileAssertion } from "../../credentials/client-authentication.ts";
import { type CompiledCredentialStep, compileCredentialSteps } from "../../credentials/credential-steps.ts";
import { type CompiledTokenReading, compileTokenReading } from "../../credentials/token-reading.ts";
import { type CompiledTokenRequest, compileTokenRequest, isHostComputed } from "../../credentials/token-request.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { Json } from "../../ports/records.ts";
import type { CompiledValue, TemplateUses } from "../../templates/compiled-value.ts";
import { encodeUrlPart } from "../../templates/encode-url.ts";
import { type CompiledApply, compileApply } from "../apply-credential.ts";
import type { AuthTemplates } from "../auth-method.ts";
import { recordUses } from "../record-uses.ts";

/** The grants of definition 3.2. */
export type OAuth2Grant = OAuth2Auth["grant"];

/** A URL of the authorization server, with whether a template decides its host. */
export interface CompiledEndpoint {
  readonly url: CompiledValue;
  readonly computed: boolean;
}

/** An `oauth2` method (definition 3.2), compiled. */
export interface CompiledOAuth2 {
  readonly name: string;
  readonly connector: string;
  /** Whether it came with a connector in compatibility mode, whose source keeps tokens by a rule of its own. */
  readonly imported: boolean;
  readonly grant: OAuth2Grant;
  readonly authorizationUrl: CompiledEndpoint | null;
  readonly tokenUrl: CompiledEndpoint;
  readonly refreshUrl: CompiledEndpoint | null;
  readonly revocationUrl: CompiledEndpoint | null;
  /** Issuer that a redirect must name (RFC 9207); null: the origin of the authorization URL. */
  readonly issuer: CompiledValue | null;
  readonly clientId: CompiledValue | null;
  readonly clientSecret: CompiledValue | null;
  /** Whether both come from the connection itself: then its own parameters may name the host they go to. */
  readonly ownClient: boolean;
  readonly scopes: readonly string[];
  readonly scopeSeparator: string;
  readonly pkce: "S256" | "plain" | "none";
  readonly authorizationParameters: ReadonlyArray<readonly [name: string, value: CompiledValue | null]>;
  readonly codeParameter: string;
  readonly tokenRequest: CompiledTokenRequest;
  readonly refreshRequest: CompiledTokenRequest;
  /** Whether the definition says how to renew, so that no refresh token is needed for it. */
  readonly renewsByRequest: boolean;
  readonly assertion: CompiledAssertion | null;
  readonly token: CompiledTokenReading;
  readonly afterToken: readonly CompiledCredentialStep[];
  readonly apply: CompiledApply | null;
  readonly hasValues: boolean;
  readonly uses: TemplateUses;
  readonly allowsHost: AuthTemplates["allowsHost"];
}

/** Names of the workspace secrets that hold the OAuth client registered for a connector. */
export function registeredClientSecrets(connector: string): { readonly id: string; readonly secret: string } {
  return { id: `oauth.${connector}.client-id`, secret: `oauth.${connector}.client-secret` };
}

/** Compiles an `oauth2` method. Fails with DEFINITION_INVALID. */
export function compileOAuth2(definition: OAuth2Auth, given: AuthTemplates): CompiledOAuth2 {
  const templates = recordUses(given);
  const { grant } = definition;
  const endpoint = (
    name: "authorizationUrl" | "tokenUrl" | "refreshUrl" | "revocationUrl",
  ): CompiledEndpoint | null => {
    const source = definition[name];
    if (source === undefined) return null;
    return { url: templates.value(source, `/${name}`, [], encodeUrlPart), computed: isHostComputed(source) };
  };
  const tokenUrl = endpoint("tokenUrl");
  if (tokenUrl === null) throw missing("tokenUrl", grant);
  const authorizationUrl = endpoint("authorizationUrl");
  if (authorizationUrl === null && (grant === "authorizationCode" || grant === "deviceCode")) {
    throw missing("authorizationUrl", grant);
  }
  if (
    definition.assertion === undefined &&
    grant === "jwtBearer" &&
    definition.tokenRequest?.body?.assertion === undefined
  ) {
    throw missing("assertion", grant);
  }
  const client = compileClient(definition, templates);
  const authentication = definition.clientAuthentication ?? "client_secret_post";
  const assertion =
    definition.assertion === undefined
      ? null
      : compileAssertion(definition.assertion, templates, "/assertion", ["oauth"]);
  const roots = ["oauth", "response"];
  return Object.freeze({
    name: authMethodId(definition),
    connector: templates.connector,
    imported: templates.imported,
    grant,
    authorizationUrl,
    tokenUrl,
    refreshUrl: endpoint("refreshUrl"),
    revocationUrl: endpoint("revocationUrl"),
    issuer: definition.issuer === undefined ? null : templates.value(definition.issuer, "/issuer"),
    ...client,
    scopes: definition.scopes ?? [],
    scopeSeparator: definition.scopeSeparator ?? " ",
    pkce: definition.pkce ?? "S256",
    authorizationParameters: Object.entries(definition.authorizationParameters ?? {}).map(
      ([name, value]): readonly [string, CompiledValue | null] => [
        name,
        value === null ? null : templates.value(value as Json, `/authorizationParameters/${name}`, ["oauth"]),
      ],
    ),
    codeParameter: definition.codeParameter ?? "code",
    tokenRequest: compileTokenRequest(definition.tokenRequest, authentication, templates, "/tokenRequest"),
    refreshRequest: compileTokenRequest(definition.refreshRequest, authentication, templates, "/refreshRequest"),
    renewsByRequest: definition.refreshRequest?.body !== undefined || definition.refreshRequest?.query !== undefined,
    assertion,
    token: compileTokenReading(definition.token, templates, "/token"),
    afterToken: compileCredentialSteps(definition.afterToken ?? [], templates, "/afterToken", roots),
    apply: compileApply(definition.apply, templates, ["token"]),
    hasValues: definition.token?.values !== undefined,
    uses: templates.uses(),
    allowsHost: given.allowsHost,
  });
}

function compileClient(definition: OAuth2Auth, templates: AuthTemplates) {
  const registered = registeredClientSecrets(templates.connector);
  const authentication = definition.clientAuthentication ?? "client_secret_post";
  // An assertion grant identifies itself by the assertion; a client is only sent along where the definition names one.
  const needsClient = definition.grant !== "jwtBearer" || definition.clientId !== undefined;
  const needsSecret = authentication === "client_secret_post" || authentication === "client_secret_basic";
  const compile = (source: string | undefined, pointer: string, secret: string) =>
    templates.value(source ?? `{{ secret('${secret}') }}`, pointer);
  const clientId = needsClient ? compile(definition.clientId, "/clientId", registered.id) : null;
  const wantsSecret =
    needsClient && (definition.clientSecret !== undefined || (needsSecret && definition.clientId === undefined));
  const clientSecret = wantsSecret ? compile(definition.clientSecret, "/clientSecret", registered.secret) : null;
  const isOwn = (value: CompiledValue | null) =>
    value !== null && value.uses.secrets.length === 0 && value.uses.roots.includes("connection");
  return { clientId, clientSecret, ownClient: isOwn(clientId) && (clientSecret === null || isOwn(clientSecret)) };
}

function missing(setting: string, grant: OAuth2Grant): ConnectorError {
  return new ConnectorError("DEFINITION_INVALID", `The grant ${grant} needs "${setting}".`, {
    details: [{ pointer: `/${setting}`, message: `Required with the grant ${grant}.` }],
  });
}
