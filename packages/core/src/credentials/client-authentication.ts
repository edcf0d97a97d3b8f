import type { Assertion, ClientAuthentication } from "@junctor/sdk";
import { ClientSecretBasic, ClientSecretPost, None, TlsClientAuth } from "oauth4webapi";
import type { AuthSession, AuthTemplates } from "../auth/auth-method.ts";
import { isJwtAlgorithm, type JwtAlgorithm, signJwt, withJwtTimes } from "../auth/sign-jwt.ts";
import { compileDuration } from "../compile/duration.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import type { RenderScope } from "../templates/template-host.ts";

/** A JWT assertion of the definition, compiled: for `jwtBearer`, `private_key_jwt` and the `jwt` method. */
export interface CompiledAssertion {
  readonly algorithm: JwtAlgorithm;
  readonly key: CompiledValue;
  readonly claims: CompiledValue;
  readonly header: CompiledValue | null;
  readonly lifetimeMs: number;
}

/** Compiles an assertion. `roots` are the further context roots of the place. */
export function compileAssertion(
  assertion: Pick<Assertion, "algorithm" | "key" | "claims" | "header" | "lifetime">,
  templates: AuthTemplates,
  pointer: string,
  roots: readonly string[],
): CompiledAssertion {
  if (!isJwtAlgorithm(assertion.algorithm)) {
    throw new ConnectorError(
      "DEFINITION_INVALID",
      `"${assertion.algorithm}" at ${pointer} is no signature algorithm.`,
      {
        details: [
          { pointer: `${pointer}/algorithm`, message: "Not an algorithm of RFC 7518.", hint: "For instance RS256." },
        ],
      },
    );
  }
  return Object.freeze({
    algorithm: assertion.algorithm,
    key: templates.value(assertion.key, `${pointer}/key`, roots),
    claims: templates.value(assertion.claims as Json, `${pointer}/claims`, roots),
    header:
      assertion.header === undefined ? null : templates.value(assertion.header as Json, `${pointer}/header`, roots),
    lifetimeMs: compileDuration(assertion.lifetime ?? "PT3M", `${pointer}/lifetime`),
  });
}

/** Renders and signs an assertion; `defaults` are claims that the definition's own claims replace. */
export function signAssertion(
  assertion: CompiledAssertion,
  scope: RenderScope,
  session: Pick<AuthSession, "clock" | "redact">,
  defaults: JsonObject = {},
): string {
  const key = renderValue(assertion.key, scope);
  if (typeof key !== "string" || key === "") {
    throw new ConnectorError("SIGNING_FAILED", "The key of the assertion is absent.", {
      hint: "Give the connection its private key.",
    });
  }
  session.redact(key);
  const claims = { ...defaults, ...((renderValue(assertion.claims, scope) ?? {}) as JsonObject) };
  const header = assertion.header === null ? {} : ((renderValue(assertion.header, scope) ?? {}) as JsonObject);
  const times = {
    nowSeconds: Math.floor(session.clock.now() / 1_000),
    lifetimeSeconds: Math.round(assertion.lifetimeMs / 1_000),
    id: session.clock.newId(),
  };
  return signJwt({ algorithm: assertion.algorithm, key, claims: withJwtTimes(claims, times), header });
}

/** The client as rendered for one request. */
export interface OAuthClient {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

/** What client authentication adds to a request. */
export interface ClientCredentials {
  readonly parameters: ReadonlyArray<readonly [name: string, value: string]>;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
}

/**
 * Authenticates the client (RFC 6749 section 2.3, RFC 7523, RFC 8705). `sign` makes the assertion of `private_key_jwt`.
 * A client without id authenticates as nobody, which the grants that need no client allow.
 */
export async function authenticateClient(
  method: ClientAuthentication,
  client: OAuthClient,
  sign: (defaults: JsonObject) => string,
  audience: string,
): Promise<ClientCredentials> {
  const { clientId, clientSecret } = client;
  if (clientId === undefined || clientId === "") return { parameters: [], headers: [] };
  if (method === "private_key_jwt") {
    const assertion = sign({ iss: clientId, sub: clientId, aud: audience });
    return {
      headers: [],
      parameters: [
        ["client_id", clientId],
        ["client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        ["client_assertion", assertion],
      ],
    };
  }
  const body = new URLSearchParams();
  const headers = new Headers();
  await standardMethod(method, clientSecret)({ issuer: audience }, { client_id: clientId }, body, headers);
  return { parameters: [...body], headers: [...headers] };
}

function standardMethod(method: ClientAuthentication, secret: string | undefined) {
  if (method === "tls_client_auth") return TlsClientAuth();
  if (method === "none") return None();
  // Some servers want the secret as user name and no password, so an absent secret is an empty one with Basic.
  if (method === "client_secret_basic")
    return secret === undefined || secret === "" ? emptySecretBasic : ClientSecretBasic(secret);
  return secret === undefined || secret === "" ? None() : ClientSecretPost(secret);
}

const emptySecretBasic: ReturnType<typeof ClientSecretBasic> = (_server, client, _body, headers) => {
  headers.set("authorization", `Basic ${Buffer.from(`${encodeURIComponent(client.client_id)}:`).toString("base64")}`);
};
