import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { sensitiveValues } from "../../credentials/scrub.ts";
import { renderOptionalText } from "../../credentials/token-request.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import { renderValue } from "../../templates/render-value.ts";
import type { AuthSession } from "../auth-method.ts";
import type { CompiledOAuth2 } from "./compile-oauth2.ts";
import { clientOf, joinScopes, tokenScope } from "./obtain-tokens.ts";

/** An authorization request: where to send the browser, and what must be kept until it comes back. */
export interface AuthorizationRequest {
  readonly url: string;
  /** Kept on the server; null with `pkce: "none"`. */
  readonly codeVerifier: string | null;
  /** Issuer that the redirect may name (RFC 9207): the definition's, else the origin of the authorization URL. */
  readonly issuer: { readonly value: string; readonly stated: boolean };
}

/**
 * Makes the authorization URL: the standard query of RFC 6749 and RFC 7636 with the definition's `authorizationParameters`
 * merged over it; null removes, so a renamed parameter is one removal and one addition.
 */
export async function makeAuthorizationUrl(
  method: CompiledOAuth2,
  session: AuthSession,
  request: { readonly state: string; readonly redirectUri: string },
): Promise<AuthorizationRequest> {
  if (method.authorizationUrl === null) {
    throw new ConnectorError("DEFINITION_INVALID", `The method ${method.name} has no authorizationUrl.`);
  }
  const codeVerifier = method.pkce === "none" ? null : generateRandomCodeVerifier();
  const root = { state: request.state, redirectUri: request.redirectUri, codeVerifier: codeVerifier ?? undefined };
  const scope = tokenScope(method, session, root, {});
  const address = renderOptionalText(method.authorizationUrl.url, scope) ?? "";
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new ConnectorError("VALUE_REFUSED", "The authorization URL is not a web address.", {
      hint: "Look at the connection's parameters that it is made of.",
    });
  }
  const query = new Map<string, unknown>([
    ["response_type", "code"],
    ["client_id", clientOf(scope).clientId],
    ["redirect_uri", request.redirectUri],
    ["scope", joinScopes(method)],
    ["state", request.state],
  ]);
  if (codeVerifier !== null) {
    query.set("code_challenge", method.pkce === "S256" ? await calculatePKCECodeChallenge(codeVerifier) : codeVerifier);
    query.set("code_challenge_method", method.pkce);
  }
  for (const [name, value] of method.authorizationParameters) {
    const rendered = value === null ? undefined : renderValue(value, scope);
    if (rendered === undefined || rendered === null || rendered === "") query.delete(name);
    else query.set(name, rendered);
  }
  refuseSecret(query, clientOf(scope).clientSecret);
  const issuer = renderOptionalText(method.issuer, scope);
  return {
    url: appendQuery(address, query, method),
    codeVerifier,
    issuer: { value: issuer ?? url.origin, stated: issuer !== undefined },
  };
}

/** A client secret in a URL that goes through a browser is no secret any more. */
function refuseSecret(query: ReadonlyMap<string, unknown>, secret: string | undefined): void {
  if (
    secret === undefined ||
    !sensitiveValues(query)
      .concat([...query.values()].map(String))
      .includes(secret)
  )
    return;
  throw new ConnectorError(
    "VALUE_REFUSED",
    "The authorization URL would carry the client secret through the browser.",
    {
      hint: 'Remove it from "authorizationParameters".',
    },
  );
}

function appendQuery(address: string, query: ReadonlyMap<string, unknown>, method: CompiledOAuth2): string {
  const parts = [...query].flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeValue(name, String(value), method)}`],
  );
  // Some consoles route behind a hash ("https://host/#/authorize"): the query belongs behind it then.
  return `${address}${address.includes("?") ? "&" : "?"}${parts.join("&")}`;
}

function encodeValue(name: string, value: string, method: CompiledOAuth2): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/%(3A|2F|2C|40)/g, (code) => decodeURIComponent(code));
  // A separator other than the blank stands as it is: servers that want "+" or "," look for the very character.
  if (name === "scope" && method.scopeSeparator !== " ") return method.scopes.map(encode).join(method.scopeSeparator);
  return encode(value);
}
