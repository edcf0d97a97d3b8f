import { AuthorizationResponseError, validateAuthResponse } from "oauth4webapi";
import type { AuthMethod, AuthSession } from "../auth/auth-method.ts";
import { isOAuth1Method } from "../auth/oauth1-method.ts";
import { makeAuthorizationUrl } from "../auth/oauth2/authorization-url.ts";
import { isOAuth2Method } from "../auth/oauth2/oauth2-method.ts";
import { requestTokens } from "../auth/oauth2/obtain-tokens.ts";
import { scrubText } from "../credentials/scrub.ts";
import { TokenError } from "../credentials/token-error.ts";
import type { TokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { finishOAuth1, startOAuth1 } from "./oauth1-legs.ts";
import {
  keepAuthorization,
  makeState,
  type PendingAuthorization,
  type PendingPorts,
  takeAuthorization,
} from "./pending-authorization.ts";

/** What a start of an authorization is asked for. */
export interface AuthorizationWish {
  readonly connectionId: string;
  /** Callback URL of this server, as registered at the authorization server. */
  readonly redirectUri: string;
  /** Value of the cookie that binds the authorization to one browser. */
  readonly browserSession: string;
  readonly returnTo: string | null;
  readonly mode: "redirect" | "popup";
  readonly actorKind: string;
  readonly actorId: string | null;
}

/** Tells whether a method is authorized by a person in a browser. */
export function isInteractive(method: AuthMethod): boolean {
  if (isOAuth2Method(method)) return method.oauth2.grant === "authorizationCode";
  return isOAuth1Method(method) && method.oauth1.legs !== null;
}

/** Begins an authorization and returns the URL to send the browser to. Fails with DEFINITION_INVALID, `TokenError`. */
export async function startAuthorization(
  method: AuthMethod,
  session: AuthSession,
  wish: AuthorizationWish,
  ports: PendingPorts,
): Promise<string> {
  const state = makeState();
  const common = {
    workspaceId: session.workspace.id,
    connectionId: wish.connectionId,
    method: method.name,
    returnTo: wish.returnTo,
    mode: wish.mode,
    actorKind: wish.actorKind,
    actorId: wish.actorId,
  };
  if (isOAuth2Method(method) && isInteractive(method)) {
    const request = await makeAuthorizationUrl(method.oauth2, session, { state, redirectUri: wish.redirectUri });
    const pending: PendingAuthorization = {
      ...common,
      redirectUri: wish.redirectUri,
      codeVerifier: request.codeVerifier,
      issuer: request.issuer.value,
      issuerStated: request.issuer.stated,
      temporaryToken: null,
      temporarySecret: null,
    };
    await keepAuthorization(pending, state, wish.browserSession, ports);
    return request.url;
  }
  if (isOAuth1Method(method) && isInteractive(method)) {
    // OAuth 1.0a knows no state parameter, so it travels in the callback URL.
    const redirectUri = `${wish.redirectUri}?state=${state}`;
    const leg = await startOAuth1(method.oauth1, session, redirectUri);
    const pending: PendingAuthorization = {
      ...common,
      redirectUri,
      codeVerifier: null,
      issuer: "",
      issuerStated: false,
      temporaryToken: leg.token,
      temporarySecret: leg.secret,
    };
    await keepAuthorization(pending, state, wish.browserSession, ports);
    return leg.url;
  }
  throw new ConnectorError("DEFINITION_INVALID", `The method ${method.name} is not authorized in a browser.`, {
    hint: "Set the connection's parameters instead.",
  });
}

/** Makes the session of the connection that an authorization is for, once that is known. */
export type OpenMethod = (
  pending: PendingAuthorization,
) => Promise<{ readonly method: AuthMethod; readonly session: AuthSession }>;

/**
 * Ends an authorization: takes the state, checks the issuer (RFC 9207) and the server's word, and exchanges the code. The
 * tokens are returned, not stored. Fails with AUTHORIZATION_STATE_INVALID, AUTHORIZATION_REFUSED or `TokenError`; whatever
 * fails, the stored credential is untouched and the state is used up.
 */
export async function finishAuthorization(
  parameters: URLSearchParams,
  browserSession: string | undefined,
  open: OpenMethod,
  ports: PendingPorts,
  signal: AbortSignal,
): Promise<{ readonly pending: PendingAuthorization; readonly tokens: TokenSet }> {
  const { pending, state } = await takeAuthorization(parameters, browserSession, ports);
  const { method, session } = await open(pending);
  if (isOAuth1Method(method)) {
    return { pending, tokens: await finishOAuth1(method.oauth1, session, pending, parameters, signal) };
  }
  if (!isOAuth2Method(method)) {
    throw new ConnectorError("AUTHORIZATION_STATE_INVALID", "The connection uses another auth method by now.", {
      hint: "Start again.",
    });
  }
  checkRedirect(parameters, pending, state);
  const code = parameters.get(method.oauth2.codeParameter);
  if (code === null || code === "") {
    throw refused(`The redirect brought no "${method.oauth2.codeParameter}".`);
  }
  try {
    const tokens = await requestTokens(method.oauth2, session, signal, {
      code,
      state,
      redirectUri: pending.redirectUri,
      codeVerifier: pending.codeVerifier ?? undefined,
      callback: Object.fromEntries(parameters),
    });
    return { pending, tokens };
  } catch (error) {
    if (error instanceof TokenError && error.outcome === "needs-authorization") throw refused(error.message, error);
    throw error;
  }
}

function checkRedirect(parameters: URLSearchParams, pending: PendingAuthorization, state: string): void {
  const standard = new URLSearchParams(parameters);
  standard.set("state", state);
  const named = parameters.get("iss");
  // Without a stated issuer a named one must at least live where the person was sent (mix-up defence).
  const sameOrigin = named !== null && URL.parse(named)?.origin === pending.issuer;
  const issuer = !pending.issuerStated && sameOrigin ? named : pending.issuer;
  try {
    validateAuthResponse(
      { issuer, authorization_response_iss_parameter_supported: pending.issuerStated },
      { client_id: "client" },
      standard,
      state,
    );
  } catch (error) {
    if (error instanceof AuthorizationResponseError) {
      throw refused(`The authorization server said ${describe(error.error, error.error_description)}.`, error);
    }
    const reason = named !== null && named !== issuer ? "it names another issuer" : "it is not what RFC 6749 asks for";
    throw refused(`The redirect was refused: ${reason}.`, error);
  }
}

function describe(error: string, description: string | undefined): string {
  return scrubText(description === undefined ? error : `${error}: ${description}`, []);
}

function refused(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError("AUTHORIZATION_REFUSED", message, { cause, hint: "Start connecting the account again." });
}
