import { constants, createHmac, sign } from "node:crypto";
import { percentEncode } from "../templates/encode-url.ts";
import { importKey } from "./import-key.ts";

/**
 * OAuth 1.0a request signing (RFC 5849 section 3). The signature base string is
 *
 *   METHOD & encode(base URI) & encode(sorted parameters of query, form body and Authorization header)
 *
 * Pure: timestamp and nonce are arguments.
 */

/** Signature methods of RFC 5849, and HMAC-SHA256, which several providers require. */
export type OAuth1SignatureMethod = "HMAC-SHA1" | "HMAC-SHA256" | "RSA-SHA1" | "PLAINTEXT";

/** What a signature covers. */
export interface OAuth1Request {
  readonly method: string;
  readonly url: URL;
  /** Parameters of a body sent as `application/x-www-form-urlencoded`; other bodies are not signed. */
  readonly form?: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Who signs, and how. */
export interface OAuth1Settings {
  readonly consumerKey: string;
  /** Shared secret; with RSA-SHA1 the private key in PEM. */
  readonly consumerSecret: string;
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly signatureMethod: OAuth1SignatureMethod;
  readonly realm?: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly nonce: string;
  /** `oauth_callback` of the first leg. */
  readonly callback?: string;
  /** `oauth_verifier` of the third leg. */
  readonly verifier?: string;
  /** Adds `oauth_version="1.0"`, which is optional in RFC 5849 but expected by some servers. Default true. */
  readonly version?: boolean;
}

/** Signs a request and returns the value of its `Authorization` header. */
export function signOAuth1(request: OAuth1Request, settings: OAuth1Settings): string {
  const parameters = protocolParameters(settings);
  const base = oauth1BaseString(request, parameters);
  const signed: [string, string][] = [...parameters, ["oauth_signature", makeSignature(base, settings)]];
  const fields = signed.map(([name, value]) => `${name}="${percentEncode(value)}"`);
  if (settings.realm !== undefined) fields.unshift(`realm="${settings.realm.replace(/["\\]/g, "\\$&")}"`);
  return `OAuth ${fields.join(", ")}`;
}

/** Builds the signature base string of RFC 5849 section 3.4.1 from a request and the `oauth_` parameters. */
export function oauth1BaseString(
  request: OAuth1Request,
  parameters: ReadonlyArray<readonly [name: string, value: string]>,
): string {
  const { url } = request;
  const all = [...url.searchParams, ...(request.form ?? []), ...parameters]
    .map(([name, value]): [string, string] => [percentEncode(name), percentEncode(value)])
    .sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  // URL leaves out the default port and lower-cases scheme and host, which is what section 3.4.1.2 asks for.
  const baseUri = `${url.protocol}//${url.host}${url.pathname}`;
  return [request.method.toUpperCase(), percentEncode(baseUri), percentEncode(all)].join("&");
}

function protocolParameters(settings: OAuth1Settings): [string, string][] {
  const parameters: [string, string][] = [["oauth_consumer_key", settings.consumerKey]];
  if (settings.token !== undefined) parameters.push(["oauth_token", settings.token]);
  parameters.push(["oauth_signature_method", settings.signatureMethod]);
  parameters.push(["oauth_timestamp", String(settings.timestamp)], ["oauth_nonce", settings.nonce]);
  if (settings.callback !== undefined) parameters.push(["oauth_callback", settings.callback]);
  if (settings.verifier !== undefined) parameters.push(["oauth_verifier", settings.verifier]);
  if (settings.version !== false) parameters.push(["oauth_version", "1.0"]);
  return parameters;
}

function makeSignature(base: string, settings: OAuth1Settings): string {
  const secret = `${percentEncode(settings.consumerSecret)}&${percentEncode(settings.tokenSecret ?? "")}`;
  switch (settings.signatureMethod) {
    case "HMAC-SHA1":
      return createHmac("sha1", secret).update(base).digest("base64");
    case "HMAC-SHA256":
      return createHmac("sha256", secret).update(base).digest("base64");
    case "RSA-SHA1": {
      const key = importKey(settings.consumerSecret, "private");
      return sign("sha1", Buffer.from(base), { key, padding: constants.RSA_PKCS1_PADDING }).toString("base64");
    }
    case "PLAINTEXT":
      return secret;
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
