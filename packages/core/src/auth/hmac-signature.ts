import { createHmac } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";

/** Names of keyed hashes that a definition may use, and what OpenSSL calls their hash. */
export const hmacAlgorithms = Object.freeze({
  "hmac-md5": "md5",
  "hmac-sha1": "sha1",
  "hmac-sha224": "sha224",
  "hmac-sha256": "sha256",
  "hmac-sha384": "sha384",
  "hmac-sha512": "sha512",
} as const);
export type HmacAlgorithm = keyof typeof hmacAlgorithms;
export type HmacEncoding = "hex" | "base64" | "base64url";

/** Tells whether a text names a keyed hash. */
export function isHmacAlgorithm(name: string): name is HmacAlgorithm {
  return Object.hasOwn(hmacAlgorithms, name);
}

/**
 * Computes a keyed hash (RFC 2104) of the canonical string that a definition declares. Text counts as UTF-8.
 * Fails with SIGNING_FAILED on an empty key, which would sign for everybody.
 */
export function signHmac(
  payload: string | Uint8Array,
  key: string | Uint8Array,
  algorithm: HmacAlgorithm,
  encoding: HmacEncoding,
): string {
  if (key.length === 0) {
    throw new ConnectorError("SIGNING_FAILED", "The key of the HMAC signature is empty.", {
      hint: "Give the connection its signing key.",
    });
  }
  return createHmac(hmacAlgorithms[algorithm], key).update(payload).digest(encoding);
}
