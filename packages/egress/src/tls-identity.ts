import { createHash } from "node:crypto";

/**
 * Names the client side of a TLS connection: certificate and key for mutual TLS, and the authorities to trust.
 * PEM texts. `ca` replaces the system's authorities for this identity. Verification can't be switched off.
 */
export interface TlsIdentity {
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly ca?: string | readonly string[];
  /** The lowest protocol version. Default "TLSv1.2". */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3";
}

const keys = new WeakMap<TlsIdentity, string>();

/** Derives the part of a pool's key that stands for a TLS identity: a hash, so that no key material sits in a map key. */
export function tlsIdentityKey(identity: TlsIdentity | undefined): string {
  if (identity === undefined) return "";
  const known = keys.get(identity);
  if (known !== undefined) return known;
  const { cert, key, passphrase, ca, minVersion } = identity;
  const digest = createHash("sha256")
    .update(JSON.stringify([cert, key, passphrase, ca, minVersion]))
    .digest("base64url");
  keys.set(identity, digest);
  return digest;
}
