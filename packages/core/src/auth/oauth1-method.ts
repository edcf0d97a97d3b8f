import { randomBytes } from "node:crypto";
import { authMethodId, type OAuth1Auth } from "@junctor/sdk";
import { readTokenSet } from "../credentials/token-set.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { encodeUrlPart } from "../templates/encode-url.ts";
import { renderValue } from "../templates/render-value.ts";
import type { AuthMethod, AuthMethodCompiler, AuthSession, AuthTemplates } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { type OAuth1Settings, type OAuth1SignatureMethod, signOAuth1 } from "./oauth1-signature.ts";
import { type OutgoingRequest, readHeader, setHeader } from "./outgoing-request.ts";
import { type RecordingTemplates, recordUses } from "./record-uses.ts";
import { bodyText } from "./request-body.ts";

/** An `oauth1` method (definition 3.1), compiled. */
export interface CompiledOAuth1 {
  readonly signatureMethod: OAuth1SignatureMethod;
  readonly consumerKey: CompiledValue;
  readonly consumerSecret: CompiledValue | null;
  readonly token: CompiledValue | null;
  readonly tokenSecret: CompiledValue | null;
  readonly realm: CompiledValue | null;
  /** The three legs; null where the connection brings its token. */
  readonly legs: {
    readonly requestTokenUrl: CompiledValue;
    readonly authorizationUrl: CompiledValue;
    readonly accessTokenUrl: CompiledValue;
  } | null;
  readonly allowsHost: AuthTemplates["allowsHost"];
}

/** An `oauth1` method with what the authorization flow needs of it. */
export interface OAuth1Method extends AuthMethod {
  readonly oauth1: CompiledOAuth1;
}

/** Tells whether a compiled method is an `oauth1` one. */
export function isOAuth1Method(method: AuthMethod): method is OAuth1Method {
  return method.type === "oauth1" && "oauth1" in method;
}

/** Compiles `oauth1` (RFC 5849): each attempt is signed with the consumer's and the token's secret. */
export const oauth1Compiler: AuthMethodCompiler = {
  type: "oauth1",
  compile(definition, given) {
    if (definition.type !== "oauth1") throw new TypeError("not an oauth1 definition");
    const templates = recordUses(given);
    const oauth1 = compileOAuth1(definition, templates);
    const method = createFixedMethod({
      type: definition.type,
      name: authMethodId(definition),
      uses: templates.uses(),
      // The token of the three legs is stored with the connection.
      ...(oauth1.legs !== null && { needsConnection: true }),
      apply(request: OutgoingRequest, session: AuthSession): undefined {
        const url = new URL(request.url);
        const isForm = /^application\/x-www-form-urlencoded/i.test(readHeader(request, "content-type") ?? "");
        const form = isForm ? [...new URLSearchParams(bodyText(request))] : [];
        const header = signOAuth1({ method: request.method, url, form }, oauth1Settings(oauth1, session));
        setHeader(request, "Authorization", header);
      },
    });
    return Object.freeze({ ...method, oauth1 });
  },
};

function compileOAuth1(definition: OAuth1Auth, templates: RecordingTemplates): CompiledOAuth1 {
  const optional = (name: "consumerSecret" | "token" | "tokenSecret" | "realm") => {
    const source = definition[name];
    return source === undefined ? null : templates.value(source, `/${name}`);
  };
  const { requestTokenUrl, authorizationUrl, accessTokenUrl } = definition;
  const url = (source: string, name: string) => templates.value(source, `/${name}`, [], encodeUrlPart);
  const hasLegs = requestTokenUrl !== undefined && authorizationUrl !== undefined && accessTokenUrl !== undefined;
  return Object.freeze({
    signatureMethod: definition.signatureMethod ?? "HMAC-SHA1",
    consumerKey: templates.value(definition.consumerKey, "/consumerKey"),
    consumerSecret: optional("consumerSecret"),
    token: optional("token"),
    tokenSecret: optional("tokenSecret"),
    realm: optional("realm"),
    legs: hasLegs
      ? {
          requestTokenUrl: url(requestTokenUrl, "requestTokenUrl"),
          authorizationUrl: url(authorizationUrl, "authorizationUrl"),
          accessTokenUrl: url(accessTokenUrl, "accessTokenUrl"),
        }
      : null,
    allowsHost: templates.allowsHost,
  });
}

/** Renders what a signature needs; `extra` holds the parameters of a leg (`callback`, `verifier`, a temporary token). */
export function oauth1Settings(
  oauth1: CompiledOAuth1,
  session: AuthSession,
  extra: Partial<OAuth1Settings> = {},
): OAuth1Settings {
  const text = (value: CompiledValue | null): string | undefined => {
    const rendered = value === null ? undefined : renderValue(value, session.scope);
    return typeof rendered === "string" && rendered !== "" ? rendered : undefined;
  };
  const stored = readTokenSet(session.connection?.credential ?? null);
  const consumerKey = text(oauth1.consumerKey);
  if (consumerKey === undefined) {
    throw new ConnectorError("SIGNING_FAILED", "The consumer key is absent.", {
      hint: "Fill in the connection's parameters.",
    });
  }
  const token = text(oauth1.token) ?? stored?.accessToken;
  if (token === undefined && oauth1.legs !== null && extra.token === undefined && extra.callback === undefined) {
    throw new ConnectorError("CONNECTION_UNUSABLE", "The connection has not been authorized yet.", {
      hint: "Authorize the connection.",
    });
  }
  const secrets = {
    consumerSecret: text(oauth1.consumerSecret) ?? "",
    tokenSecret: text(oauth1.tokenSecret) ?? stored?.tokenSecret,
  };
  for (const secret of [secrets.consumerSecret, secrets.tokenSecret]) if (secret) session.redact(secret);
  const realm = text(oauth1.realm);
  return {
    consumerKey,
    consumerSecret: secrets.consumerSecret,
    ...(token !== undefined && extra.callback === undefined && { token }),
    ...(secrets.tokenSecret != null && { tokenSecret: secrets.tokenSecret }),
    ...(realm !== undefined && { realm }),
    signatureMethod: oauth1.signatureMethod,
    timestamp: Math.floor(session.clock.now() / 1_000),
    nonce: randomBytes(16).toString("hex"),
    ...extra,
  };
}
