import { authenticateClient, signAssertion } from "../../credentials/client-authentication.ts";
import { sendCredentialRequest } from "../../credentials/credential-exchange.ts";
import { judgeAnswer } from "../../credentials/judge-answer.ts";
import { TokenError } from "../../credentials/token-error.ts";
import { standardTokenRequest, writeTokenRequest } from "../../credentials/token-request.ts";
import type { TokenSet } from "../../credentials/token-set.ts";
import type { JsonObject } from "../../ports/records.ts";
import type { AuthSession } from "../auth-method.ts";
import type { CompiledOAuth2 } from "./compile-oauth2.ts";
import { clientOf, endpointUrl, joinScopes, requestTokens, tokenScope } from "./obtain-tokens.ts";

/** What a person needs to authorize on another device (RFC 8628 section 3.2). Times are epoch milliseconds. */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string | null;
  readonly expiresAt: number;
  readonly intervalMs: number;
}

/** Outcome of one look at whether the person has authorized. */
export type DevicePoll =
  | { readonly kind: "pending"; readonly slowDown: boolean }
  | { readonly kind: "done"; readonly tokens: TokenSet };

/** Starts a device authorization. Fails with `TokenError`. */
export async function startDeviceAuthorization(
  method: CompiledOAuth2,
  session: AuthSession,
  signal: AbortSignal,
): Promise<DeviceAuthorization> {
  const scope = tokenScope(method, session, {}, {});
  const url = endpointUrl(method, method.authorizationUrl ?? method.tokenUrl, scope);
  const authentication = method.tokenRequest.clientAuthentication;
  const standard = standardTokenRequest(authentication);
  const sign = (defaults: JsonObject) => {
    if (method.assertion !== null) return signAssertion(method.assertion, scope, session, defaults);
    throw new TokenError('private_key_jwt needs "assertion" with the key to sign with.', { outcome: "misconfigured" });
  };
  const client = await authenticateClient(authentication, clientOf(scope), sign, url);
  const what = "device authorization request";
  const written = writeTokenRequest(standard, url, [["scope", joinScopes(method)]], client, scope, what);
  const answer = await sendCredentialRequest(written, session, signal);
  const body = answer.body !== null && typeof answer.body === "object" ? (answer.body as Record<string, unknown>) : {};
  const { device_code: deviceCode, user_code: userCode } = body;
  const verificationUri = body.verification_uri ?? body.verification_url;
  const complete =
    typeof deviceCode === "string" && typeof userCode === "string" && typeof verificationUri === "string";
  const failure = judgeAnswer(answer, {
    what,
    presentsGrant: false,
    stated: undefined,
    hasToken: complete,
    secrets: written.secrets,
  });
  if (failure !== undefined) throw failure;
  const lifetime = typeof body.expires_in === "number" ? body.expires_in : 600;
  const interval = typeof body.interval === "number" ? body.interval : 5;
  return {
    deviceCode: String(deviceCode),
    userCode: String(userCode),
    verificationUri: String(verificationUri),
    verificationUriComplete: typeof body.verification_uri_complete === "string" ? body.verification_uri_complete : null,
    expiresAt: answer.sentAt + lifetime * 1_000,
    intervalMs: interval * 1_000,
  };
}

/** Asks once whether the person has authorized (RFC 8628 section 3.5). Fails with `TokenError` when that cannot happen any more. */
export async function pollDeviceAuthorization(
  method: CompiledOAuth2,
  session: AuthSession,
  signal: AbortSignal,
  deviceCode: string,
): Promise<DevicePoll> {
  try {
    return { kind: "done", tokens: await requestTokens(method, session, signal, { deviceCode }) };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.serverCode === "authorization_pending") return { kind: "pending", slowDown: false };
    if (error.serverCode === "slow_down") return { kind: "pending", slowDown: true };
    throw error;
  }
}
