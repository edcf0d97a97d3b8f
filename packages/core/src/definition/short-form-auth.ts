import type {
  ApiKeyAuth,
  AuthMethod,
  JwsAlgorithm,
  OAuth2Auth,
  ShortAuthentication,
  ShortAuthenticationConfig,
  Tree,
  TreeObject,
} from "@junctor/sdk";
import { isTemplate, renameCalls } from "./template-text.ts";

/** Turns the short form's `authentication` into an auth method; undefined for `none`. */
export const shortAuthMethod = (authentication: ShortAuthentication | undefined): AuthMethod | undefined => {
  const config = authentication?.config ?? {};
  switch (authentication?.type) {
    case undefined:
    case "none":
      return undefined;
    case "api_key":
    case "apikey":
      return apiKey(config);
    case "oauth_client_credentials":
      return clientCredentials(config);
    case "jwt":
      return {
        type: "jwt",
        algorithm: (config.algorithm ?? "RS256") as JwsAlgorithm,
        key: text(config.private_key),
        claims: tree(config.claims ?? {}),
        ...(config.jwt_headers === undefined ? {} : { header: tree(config.jwt_headers) }),
      };
    case "oauth_jwt_bearer":
      return jwtBearer(config);
  }
};

const apiKey = (config: ShortAuthenticationConfig): ApiKeyAuth => ({
  type: "apiKey",
  in: config.in ?? "header",
  name: config.key ?? "",
  value: text(config.value),
});

const clientCredentials = (config: ShortAuthenticationConfig): OAuth2Auth => {
  const scope = config.scope ?? "";
  return {
    type: "oauth2",
    grant: "clientCredentials",
    tokenUrl: text(config.token_url),
    clientId: text(config.client_id),
    clientSecret: text(config.client_secret),
    ...(scope === "" || isTemplate(scope) ? {} : { scopes: scope.split(/\s+/).filter((part) => part !== "") }),
    // Scopes are literals; a computed one travels as a parameter of the token request.
    ...(isTemplate(scope) ? { tokenRequest: { body: { scope: text(scope) } } } : {}),
  };
};

const jwtBearer = (config: ShortAuthenticationConfig): OAuth2Auth => ({
  type: "oauth2",
  grant: "jwtBearer",
  tokenUrl: text(config.token_url),
  clientAuthentication: "none",
  // The source keeps a token for as long as it is told to, whatever the answer says.
  token: { expiresIn: Number(config.token_ttl ?? 3600) },
  assertion: {
    algorithm: (config.algorithm ?? "RS256") as JwsAlgorithm,
    key: text(config.private_key),
    claims: {
      iss: text(config.client_id),
      sub: text(config.subject),
      aud: text(config.audience),
      ...tree(config.additional_claims ?? {}),
    },
    ...(config.jwt_headers === undefined ? {} : { header: tree(config.jwt_headers) }),
    lifetime: "PT180S",
  },
});

const text = (template: string | undefined): string =>
  renameCalls(template ?? "", { get_secret: "secret", get_variable: "var" });

const tree = (value: unknown): TreeObject => treeOf(value) as TreeObject;

const treeOf = (value: unknown): Tree => {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, treeOf(member)]));
  }
  return value as Tree;
};
