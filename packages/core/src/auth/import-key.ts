import { createHash, createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";

/** What a key text is read as: an asymmetric private or public key, or the bytes of a shared secret. */
export type KeyUse = "private" | "public" | "secret";

/** Most keys held at once; the oldest makes room. */
const capacity = 500;
/** Imported keys by use and SHA-256 of their text: parsing PEM costs far more than signing with HMAC. */
const imported = new Map<string, KeyObject>();

/**
 * Imports a key and keeps it: PEM (PKCS#8, PKCS#1, SEC1, SPKI), a JWK as JSON text, or for `secret` any text, whose UTF-8
 * bytes count. Line breaks written as `\n` inside a PEM, as environment files have them, are read as line breaks.
 * Fails with SIGNING_FAILED; the message never holds the key.
 */
export function importKey(text: string, use: KeyUse): KeyObject {
  const id = `${use}:${createHash("sha256").update(text).digest("base64url")}`;
  const known = imported.get(id);
  if (known !== undefined) return known;
  const key = parseKey(text, use);
  if (imported.size >= capacity) imported.delete(imported.keys().next().value ?? "");
  imported.set(id, key);
  return key;
}

function parseKey(text: string, use: KeyUse): KeyObject {
  const jwk = text.trimStart().startsWith("{") ? parseJwk(text) : undefined;
  try {
    if (use === "secret") {
      return createSecretKey(typeof jwk?.k === "string" ? Buffer.from(jwk.k, "base64url") : Buffer.from(text, "utf8"));
    }
    const source = jwk === undefined ? text.replaceAll("\\n", "\n") : { key: jwk, format: "jwk" as const };
    return use === "private" ? createPrivateKey(source) : createPublicKey(source);
  } catch {
    // The cause is dropped on purpose: OpenSSL quotes parts of what it could not read.
    throw new ConnectorError("SIGNING_FAILED", `The ${use} key could not be read.`, {
      hint: "Give the key as PEM text (-----BEGIN … KEY-----) without a passphrase, or as a JWK in JSON.",
    });
  }
}

function parseJwk(text: string): JsonWebKeyObject | undefined {
  try {
    return JSON.parse(text) as JsonWebKeyObject;
  } catch {
    return undefined;
  }
}
interface JsonWebKeyObject {
  readonly kty?: string;
  readonly k?: string;
  readonly [member: string]: unknown;
}
