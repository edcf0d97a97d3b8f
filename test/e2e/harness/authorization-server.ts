import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, jwtVerify } from "jose";
import { Provider } from "oidc-provider";

/** A real authorization server with an API behind it. */
export interface AuthorizationServer {
  readonly url: string;
  readonly port: number;
  /** Private key of the clients that authenticate by assertion, in PEM. */
  readonly clientKey: string;
  /** Secret of the clients that have one. */
  readonly clientSecret: string;
  /** Grants by name, how often the token endpoint answered well. */
  readonly issued: ReadonlyMap<string, number>;
  /** Starts to answer, once the client's callback address is known. */
  open(redirectUri: string): void;
  /** Ends an access token, as an administrator of the other side would. */
  endAccessToken(token: string): Promise<void>;
  /** Says whether a token is still good. */
  knows(kind: "AccessToken" | "RefreshToken", token: string): Promise<boolean>;
  /** Access tokens that the API was called with, in order. */
  readonly seenTokens: readonly string[];
  /** Queries with which the authorization endpoint was asked, in order. */
  readonly authorizationRequests: readonly URLSearchParams[];
  close(): Promise<void>;
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * Starts `oidc-provider` in this process, with refresh rotation and family revocation, PKCE required, device flow, revocation
 * and a JWT bearer grant of its own; `/api/me` answers with the account of the token.
 */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const clientSecret = `s${createHash("sha256").update(String(process.hrtime.bigint())).digest("hex")}`;
  const issued = new Map<string, number>();
  const seenTokens: string[] = [];
  const authorizationRequests: URLSearchParams[] = [];
  let provider: Provider | undefined;
  let handle: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const server = createServer((request, response) => {
    if (provider === undefined || handle === undefined) return void response.writeHead(503).end();
    if (request.url === "/api/me") return void answerMe(provider, seenTokens, request, response);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    if (pathname === "/auth") authorizationRequests.push(searchParams);
    handle(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    clientKey: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    clientSecret,
    issued,
    seenTokens,
    authorizationRequests,
    open(redirectUri) {
      provider = makeProvider(url, redirectUri, clientSecret, key.publicKey);
      provider.on("grant.success", (ctx) => {
        const grant = ctx.oidc.params.grant_type;
        issued.set(grant, (issued.get(grant) ?? 0) + 1);
      });
      handle = provider.callback();
    },
    async endAccessToken(token) {
      await (await provider?.AccessToken.find(token))?.destroy();
    },
    async knows(kind, token) {
      const found = await provider?.[kind].find(token);
      return found !== undefined && !found.isExpired && found.consumed === undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function makeProvider(url: string, redirectUri: string, secret: string, publicKey: KeyObject): Provider {
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "client-key", use: "sig", alg: "ES256" };
  const common = { response_types: [], redirect_uris: [] };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: "web",
        client_secret: secret,
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: "client_secret_basic",
      },
      {
        client_id: "robot",
        client_secret: secret,
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_post",
        ...common,
      },
      {
        client_id: "signer",
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [jwk] },
        ...common,
      },
      {
        client_id: "television",
        grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        token_endpoint_auth_method: "none",
        ...common,
      },
      {
        client_id: "bearer",
        client_secret: secret,
        grant_types: [jwtBearer],
        token_endpoint_auth_method: "client_secret_post",
        ...common,
      },
    ],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed("refresh_token"),
    scopes: ["openid", "offline_access", "orders"],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: true },
    },
    cookies: { keys: ["only-for-this-test"] },
    ttl: { AccessToken: 3_600, ClientCredentials: 3_600, Session: 600, Grant: 600, Interaction: 600 },
  });
  const keySet = createLocalJWKSet({ keys: [jwk] });
  provider.registerGrantType(
    jwtBearer,
    async (ctx) => {
      const { payload } = await jwtVerify(String(ctx.oidc.params.assertion), keySet, { audience: `${url}/token` });
      const token = new provider.AccessToken({
        accountId: String(payload.sub),
        client: ctx.oidc.client,
        gty: "jwt_bearer",
        grantId: `jwt-${payload.jti}`,
        scope: "orders",
      });
      ctx.body = { access_token: await token.save(), token_type: "Bearer", expires_in: token.expiration };
    },
    ["assertion", "scope"],
  );
  return provider;
}

async function answerMe(
  provider: Provider,
  seenTokens: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
  seenTokens.push(token);
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  const good = found !== undefined && !found.isExpired;
  const account = good ? (found.accountId ?? found.clientId) : undefined;
  response
    .writeHead(good ? 200 : 401, { "content-type": "application/json" })
    .end(JSON.stringify(good ? { account } : { error: "invalid_token" }));
}
