import { constants, createHmac, type KeyObject, sign } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";
import type { JsonObject } from "../ports/records.ts";
import { importKey } from "./import-key.ts";

/** The 13 signature algorithms of RFC 7518 and RFC 8037 that a self-signed token may use. */
export const jwtAlgorithms = Object.freeze([
  "HS256",
  "HS384",
  "HS512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const);
export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

/** Tells whether a text names one of the algorithms. */
export function isJwtAlgorithm(name: string): name is JwtAlgorithm {
  return (jwtAlgorithms as readonly string[]).includes(name);
}

/** What a token is made of; claims and header are signed as they are. */
export interface JwtContent {
  readonly algorithm: JwtAlgorithm;
  /** PEM or JWK of the private key; for HS* the shared secret (UTF-8) or a JWK with `k`. */
  readonly key: string;
  readonly claims: JsonObject;
  /** Members beyond `alg` and `typ`, such as `kid`; may also replace `typ`. */
  readonly header?: JsonObject;
}

const curves: Readonly<Record<string, string>> = { ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" };

/**
 * Signs a JWT in compact form (RFC 7515), synchronously. The key is checked against the algorithm: an RSA algorithm takes
 * an RSA key, an ECDSA algorithm its own curve, EdDSA an Ed25519 or Ed448 key. Fails with SIGNING_FAILED.
 */
export function signJwt(content: JwtContent): string {
  const { algorithm } = content;
  const header = { alg: algorithm, typ: "JWT", ...content.header };
  const input = `${encode(header)}.${encode(content.claims)}`;
  const key = importKey(content.key, algorithm.startsWith("HS") ? "secret" : "private");
  requireKeyFits(algorithm, key);
  return `${input}.${signatureOf(algorithm, key, Buffer.from(input)).toString("base64url")}`;
}

/**
 * Adds `iat`, `exp` and `jti` to claims where they are not given. `lifetimeSeconds` is capped by nothing: servers that
 * want short assertions refuse long ones themselves.
 */
export function withJwtTimes(
  claims: JsonObject,
  times: { readonly nowSeconds: number; readonly lifetimeSeconds: number; readonly id: string },
): JsonObject {
  const iat = typeof claims.iat === "number" ? claims.iat : times.nowSeconds;
  return { iat, exp: iat + times.lifetimeSeconds, jti: times.id, ...claims };
}

function signatureOf(algorithm: JwtAlgorithm, key: KeyObject, input: Buffer): Buffer {
  const hash = `sha${algorithm.slice(2)}`;
  switch (algorithm.slice(0, 2)) {
    case "HS":
      return createHmac(hash, key).update(input).digest();
    case "RS":
      return sign(hash, input, { key, padding: constants.RSA_PKCS1_PADDING });
    case "PS": {
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      return sign(hash, input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
    }
    case "ES":
      return sign(hash, input, { key, dsaEncoding: "ieee-p1363" });
    default:
      return sign(null, input, key);
  }
}

function requireKeyFits(algorithm: JwtAlgorithm, key: KeyObject): void {
  const problem = keyProblem(algorithm, key);
  if (problem === undefined) return;
  throw new ConnectorError("SIGNING_FAILED", `The key does not fit ${algorithm}: ${problem}.`, {
    hint: "Give the key that belongs to the algorithm, or change the algorithm.",
  });
}

function keyProblem(algorithm: JwtAlgorithm, key: KeyObject): string | undefined {
  const type = key.asymmetricKeyType;
  switch (algorithm.slice(0, 2)) {
    case "HS":
      return key.symmetricKeySize === 0 ? "it is empty" : undefined;
    case "RS":
      return type === "rsa" ? undefined : "an RSA key is needed";
    case "PS":
      return type === "rsa" || type === "rsa-pss" ? undefined : "an RSA key is needed";
    case "ES": {
      const curve = curves[algorithm];
      return type === "ec" && key.asymmetricKeyDetails?.namedCurve === curve
        ? undefined
        : `a key on the curve ${curve} is needed`;
    }
    default:
      return type === "ed25519" || type === "ed448" ? undefined : "an Ed25519 or Ed448 key is needed";
  }
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
