import { authenticateClient, signAssertion } from "../../credentials/client-authentication.ts";
import { type CredentialAnswer, sendCredentialRequest } from "../../credentials/credential-exchange.ts";
import { runCredentialSteps } from "../../credentials/credential-steps.ts";
import { judgeAnswer } from "../../credentials/judge-answer.ts";
import { TokenError } from "../../credentials/token-error.ts";
import { type ReadTokens, readTokens } from "../../credentials/token-reading.ts";
import {
  type CompiledTokenRequest,
  connectionWith,
  renderOptionalText,
  requireTokenHost,
  writeTokenRequest,
} from "../../credentials/token-request.ts";
import { makeTokenSet, type TokenSet } from "../../credentials/token-set.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { JsonObject } from "../../ports/records.ts";
import { renderValue } from "../../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../../templates/template-host.ts";
import type { AuthSession } from "../auth-method.ts";
import type { CompiledEndpoint, CompiledOAuth2 } from "./compile-oauth2.ts";

/** What templates see as `oauth`; absent members are undefined. */
export interface OAuthRoot {
  readonly redirectUri?: string | undefined;
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly codeVerifier?: string | undefined;
  readonly deviceCode?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  /** Parameters of the redirect. */
  readonly callback?: Readonly<Record<string, string>> | undefined;
}

/** Seconds a token is taken to last when nothing says how long, and it can be renewed. */
const silentLifetimeMs = 3_300_000;
/** Lifetime of a token that ends by what its server does, not by a clock we can read. */
const unknownEnd = null;

/** Asks for new tokens by the method's grant, without an old one. */
export async function requestTokens(
  method: CompiledOAuth2,
  session: AuthSession,
  signal: AbortSignal,
  root: OAuthRoot = {},
): Promise<TokenSet> {
  const scope = tokenScope(method, session, root, {});
  const standard = grantParameters(method, scope, session, root);
  const exchange = { method, session, signal, scope, root, known: null, presentsGrant: presentsGrant(method) };
  return runExchange(exchange, method.tokenRequest, method.tokenUrl, standard, "token request");
}

/** Renews tokens by the refresh token, or by whatever the definition's `refreshRequest` sends instead. */
export async function refreshTokens(
  method: CompiledOAuth2,
  session: AuthSession,
  signal: AbortSignal,
  known: TokenSet,
): Promise<TokenSet> {
  const root = { accessToken: known.accessToken, refreshToken: known.refreshToken ?? undefined };
  const scope = tokenScope(method, session, root, known.values);
  const standard: [string, string | undefined][] = [
    ["grant_type", "refresh_token"],
    ["refresh_token", known.refreshToken ?? undefined],
  ];
  const exchange = { method, session, signal, scope, root, known, presentsGrant: true };
  return runExchange(
    exchange,
    method.refreshRequest,
    method.refreshUrl ?? method.tokenUrl,
    standard,
    "refresh request",
  );
}

/** Binds the roots of token requests: `oauth`, and `connection` with the values of earlier answers. */
export function tokenScope(
  method: CompiledOAuth2,
  session: AuthSession,
  root: OAuthRoot,
  values: JsonObject,
): RenderScope {
  const bound = bindRoots(session.scope, { connection: connectionWith(session, values) });
  const client = {
    clientId: renderOptionalText(method.clientId, bound),
    clientSecret: renderOptionalText(method.clientSecret, bound),
  };
  if (client.clientSecret !== undefined) session.redact(client.clientSecret);
  return bindRoots(bound, { oauth: { ...client, scope: joinScopes(method), ...root } });
}

/** Joins the scopes as the server wants them; undefined when there are none. */
export function joinScopes(method: CompiledOAuth2): string | undefined {
  return method.scopes.length === 0 ? undefined : method.scopes.join(method.scopeSeparator);
}

/** Renders an endpoint and makes sure that the client's secret may go there. */
export function endpointUrl(method: CompiledOAuth2, endpoint: CompiledEndpoint, scope: RenderScope): string {
  const url = renderValue(endpoint.url, scope);
  if (typeof url !== "string") {
    throw new TokenError("The address of the authorization server is absent.", {
      outcome: "misconfigured",
      hint: "Fill in the connection's parameters that the address is made of.",
    });
  }
  requireTokenHost(url, { computed: endpoint.computed, ownClient: method.ownClient, allowsHost: method.allowsHost });
  return url;
}

/** The rendered client, as `authenticateClient` takes it. */
export function clientOf(scope: RenderScope): { clientId: string | undefined; clientSecret: string | undefined } {
  return scope.context.oauth as { clientId: string | undefined; clientSecret: string | undefined };
}

function presentsGrant(method: CompiledOAuth2): boolean {
  return method.grant === "authorizationCode" || method.grant === "deviceCode";
}

function grantParameters(
  method: CompiledOAuth2,
  scope: RenderScope,
  session: AuthSession,
  root: OAuthRoot,
): [string, string | undefined][] {
  const scopes: [string, string | undefined] = ["scope", joinScopes(method)];
  switch (method.grant) {
    case "authorizationCode":
      return [
        ["grant_type", "authorization_code"],
        ["code", root.code],
        ["redirect_uri", root.redirectUri],
        ["code_verifier", root.codeVerifier],
      ];
    case "deviceCode":
      return [
        ["grant_type", "urn:ietf:params:oauth:grant-type:device_code"],
        ["device_code", root.deviceCode],
      ];
    case "clientCredentials":
      return [["grant_type", "client_credentials"], scopes];
    case "password":
      return [["grant_type", "password"], scopes];
    case "jwtBearer": {
      const assertion = method.assertion === null ? undefined : signAssertion(method.assertion, scope, session);
      return [["grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"], ["assertion", assertion], scopes];
    }
    case "tokenExchange":
      return [
        ["grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"],
        ["subject_token_type", "urn:ietf:params:oauth:token-type:access_token"],
        scopes,
      ];
  }
}

interface Exchange {
  readonly method: CompiledOAuth2;
  readonly session: AuthSession;
  readonly signal: AbortSignal;
  readonly scope: RenderScope;
  readonly root: OAuthRoot;
  readonly known: TokenSet | null;
  readonly presentsGrant: boolean;
}

async function runExchange(
  exchange: Exchange,
  request: CompiledTokenRequest,
  endpoint: CompiledEndpoint,
  standard: ReadonlyArray<readonly [string, string | undefined]>,
  what: string,
): Promise<TokenSet> {
  const { method, session, scope, signal } = exchange;
  const url = endpointUrl(method, endpoint, scope);
  const client = await authenticateClient(
    request.clientAuthentication,
    clientOf(scope),
    (defaults) => signClientAssertion(method, scope, session, defaults),
    url,
  );
  const written = writeTokenRequest(request, url, standard, client, scope, what);
  for (const secret of written.secrets) session.redact(secret);
  const answer = await sendCredentialRequest(written, session, signal);
  const first = readTokens(method.token, answer, bindRoots(scope, { response: answer, steps: {} }), session);
  const hasToken = first.accessToken !== undefined || first.error !== undefined;
  const failure = judgeAnswer(answer, {
    what,
    presentsGrant: exchange.presentsGrant,
    stated: first.error,
    // With further steps the first answer need not bring the token itself.
    hasToken: hasToken || (method.afterToken.length > 0 && answer.status < 300),
    secrets: written.secrets,
  });
  if (failure !== undefined) throw failure;
  const { read, last } = await runAfterToken(exchange, first, answer, written.secrets);
  return buildTokens(exchange, read, last);
}

function signClientAssertion(
  method: CompiledOAuth2,
  scope: RenderScope,
  session: AuthSession,
  defaults: JsonObject,
): string {
  if (method.assertion !== null) return signAssertion(method.assertion, scope, session, defaults);
  throw new ConnectorError("DEFINITION_INVALID", 'private_key_jwt needs "assertion" with the key to sign with.', {
    details: [{ pointer: "/assertion", message: "Required with private_key_jwt." }],
  });
}

/** Runs `afterToken`; what its last answer says replaces what the first said, member by member. */
async function runAfterToken(
  exchange: Exchange,
  first: ReadTokens,
  answer: CredentialAnswer,
  secrets: readonly string[],
): Promise<{ readonly read: ReadTokens; readonly last: CredentialAnswer }> {
  const { method, session, signal } = exchange;
  if (method.afterToken.length === 0) return { read: first, last: answer };
  const root: OAuthRoot = {
    ...exchange.root,
    accessToken: first.accessToken ?? exchange.root.accessToken,
    refreshToken: first.refreshToken ?? exchange.root.refreshToken,
  };
  const scope = tokenScope(method, session, root, { ...exchange.known?.values, ...first.values });
  const bound = bindRoots(scope, { response: answer });
  const what = "after-token";
  const ran = await runCredentialSteps(method.afterToken, bound, session, {
    what,
    signal,
    allowsHost: method.allowsHost,
  });
  if (ran.last === undefined) return { read: first, last: answer };
  const then = readTokens(method.token, ran.last, bindRoots(scope, { response: ran.last, steps: ran.steps }), session);
  const failure = judgeAnswer(ran.last, {
    what: `${what} request`,
    presentsGrant: false,
    stated: then.error,
    hasToken: true,
    secrets: [...secrets, ...ran.secrets],
  });
  if (failure !== undefined) throw failure;
  const read: ReadTokens = {
    accessToken: then.accessToken ?? first.accessToken,
    refreshToken: then.refreshToken ?? first.refreshToken,
    expiresAt: then.expiresAt ?? first.expiresAt,
    refreshExpiresAt: then.refreshExpiresAt ?? first.refreshExpiresAt,
    values: { ...first.values, ...then.values },
    error: undefined,
  };
  return { read, last: ran.last };
}

function buildTokens(exchange: Exchange, read: ReadTokens, last: CredentialAnswer): TokenSet {
  const { method, known, session } = exchange;
  if (read.accessToken === undefined) {
    throw new TokenError(`${last.host} gave no access token.`, {
      outcome: "misconfigured",
      inDoubt: true,
      hint: 'Say in "token.accessToken" where the answer holds it.',
    });
  }
  // No new refresh token means that the old one stays (RFC 6749 section 6).
  const refreshToken = read.refreshToken ?? known?.refreshToken ?? null;
  const renewable = refreshToken !== null || method.renewsByRequest || !presentsGrant(method);
  const silent = renewable ? last.sentAt + silentLifetimeMs : unknownEnd;
  return makeTokenSet({
    accessToken: read.accessToken,
    refreshToken,
    expiresAt: read.expiresAt ?? silent,
    refreshExpiresAt:
      read.refreshExpiresAt ?? (read.refreshToken === undefined ? (known?.refreshExpiresAt ?? null) : null),
    obtainedAt: last.sentAt,
    values: { ...known?.values, ...read.values },
    grantId: known?.grantId ?? session.clock.newId(),
  });
}
