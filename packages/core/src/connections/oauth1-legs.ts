import type { AuthSession } from "../auth/auth-method.ts";
import { type CompiledOAuth1, oauth1Settings } from "../auth/oauth1-method.ts";
import { type OAuth1Settings, signOAuth1 } from "../auth/oauth1-signature.ts";
import { type CredentialAnswer, sendCredentialRequest } from "../credentials/credential-exchange.ts";
import { judgeAnswer } from "../credentials/judge-answer.ts";
import { requireTokenHost } from "../credentials/token-request.ts";
import { makeTokenSet, type TokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import type { PendingAuthorization } from "./pending-authorization.ts";

/** First leg of OAuth 1.0a (RFC 5849 section 2.1): temporary credentials, and where the person authorizes them. */
export async function startOAuth1(
  oauth1: CompiledOAuth1,
  session: AuthSession,
  callback: string,
): Promise<{ readonly url: string; readonly token: string; readonly secret: string }> {
  const { legs } = oauth1;
  if (legs === null) throw new ConnectorError("DEFINITION_INVALID", "The method has no three legs.");
  const answer = await leg(oauth1, legs.requestTokenUrl, session, { callback }, session.signal);
  const { token, secret } = readPair(answer, "request token");
  const url = new URL(renderAddress(legs.authorizationUrl, session));
  url.searchParams.set("oauth_token", token);
  return { url: url.href, token, secret };
}

/** Third leg (RFC 5849 section 2.3): the verifier of the redirect for the token of the account. */
export async function finishOAuth1(
  oauth1: CompiledOAuth1,
  session: AuthSession,
  pending: PendingAuthorization,
  parameters: URLSearchParams,
  signal: AbortSignal,
): Promise<TokenSet> {
  const verifier = parameters.get("oauth_verifier");
  if (oauth1.legs === null || verifier === null || parameters.get("oauth_token") !== pending.temporaryToken) {
    throw new ConnectorError(
      "AUTHORIZATION_REFUSED",
      "The redirect brought no verifier for the token that was asked for.",
      {
        hint: "Start connecting the account again.",
      },
    );
  }
  const settings = { token: pending.temporaryToken ?? "", tokenSecret: pending.temporarySecret ?? "", verifier };
  const answer = await leg(oauth1, oauth1.legs.accessTokenUrl, session, settings, signal);
  const { token, secret } = readPair(answer, "token request");
  return makeTokenSet({
    accessToken: token,
    tokenSecret: secret,
    obtainedAt: answer.sentAt,
    grantId: session.clock.newId(),
  });
}

async function leg(
  oauth1: CompiledOAuth1,
  address: CompiledValue,
  session: AuthSession,
  extra: Partial<OAuth1Settings>,
  signal: AbortSignal | undefined,
): Promise<CredentialAnswer> {
  const url = renderAddress(address, session);
  const isLiteral = address.node.kind === "literal";
  requireTokenHost(url, { computed: !isLiteral, ownClient: false, allowsHost: oauth1.allowsHost });
  const authorization = signOAuth1({ method: "POST", url: new URL(url) }, oauth1Settings(oauth1, session, extra));
  return sendCredentialRequest(
    { what: "OAuth 1.0a request", method: "POST", url, headers: ["authorization", authorization], body: null },
    session,
    signal ?? AbortSignal.timeout(15_000),
  );
}

function renderAddress(value: CompiledValue, session: AuthSession): string {
  const url = renderValue(value, session.scope);
  if (typeof url === "string" && URL.canParse(url)) return url;
  throw new ConnectorError("VALUE_REFUSED", "An address of the OAuth 1.0a method is not a URL.", {
    hint: "Look at the connection's parameters that it is made of.",
  });
}

function readPair(answer: CredentialAnswer, what: string): { readonly token: string; readonly secret: string } {
  const body = answer.body !== null && typeof answer.body === "object" ? (answer.body as Record<string, unknown>) : {};
  const { oauth_token: token, oauth_token_secret: secret } = body;
  const complete = typeof token === "string" && typeof secret === "string";
  const failure = judgeAnswer(answer, {
    what,
    presentsGrant: false,
    stated: undefined,
    hasToken: complete,
    secrets: [],
  });
  if (failure !== undefined) throw failure;
  return { token: String(token), secret: String(secret) };
}
