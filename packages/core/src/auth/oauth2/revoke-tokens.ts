import { authenticateClient, signAssertion } from "../../credentials/client-authentication.ts";
import { sendCredentialRequest } from "../../credentials/credential-exchange.ts";
import { scrubText } from "../../credentials/scrub.ts";
import { TokenError } from "../../credentials/token-error.ts";
import { standardTokenRequest, writeTokenRequest } from "../../credentials/token-request.ts";
import type { TokenSet } from "../../credentials/token-set.ts";
import type { AuthSession } from "../auth-method.ts";
import type { CompiledOAuth2 } from "./compile-oauth2.ts";
import { clientOf, endpointUrl, tokenScope } from "./obtain-tokens.ts";

/**
 * Revokes a grant at the server (RFC 7009): the refresh token where there is one, which ends its access tokens too, else the
 * access token. False when the method has no `revocationUrl`. Fails with `TokenError`; revoking twice is no failure.
 */
export async function revokeTokens(
  method: CompiledOAuth2,
  session: AuthSession,
  tokens: TokenSet,
  signal: AbortSignal,
): Promise<boolean> {
  if (method.revocationUrl === null) return false;
  const scope = tokenScope(method, session, { accessToken: tokens.accessToken }, tokens.values);
  const url = endpointUrl(method, method.revocationUrl, scope);
  const { clientAuthentication } = method.tokenRequest;
  const { assertion } = method;
  const client = await authenticateClient(
    clientAuthentication,
    clientOf(scope),
    (defaults) => (assertion === null ? "" : signAssertion(assertion, scope, session, defaults)),
    url,
  );
  const standard = standardTokenRequest(clientAuthentication);
  const parameters: [string, string][] = [
    ["token", tokens.refreshToken ?? tokens.accessToken],
    ["token_type_hint", tokens.refreshToken === null ? "access_token" : "refresh_token"],
  ];
  const written = writeTokenRequest(standard, url, parameters, client, scope, "revocation request");
  const answer = await sendCredentialRequest(written, session, signal);
  if (answer.status >= 200 && answer.status < 300) return true;
  throw new TokenError(
    `${answer.host} answered the revocation request with status ${answer.status}: ${scrubText(answer.text, written.secrets)}`,
    { outcome: answer.status >= 500 ? "temporary" : "misconfigured", upstreamStatus: answer.status },
  );
}
