import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { EgressError } from "./errors.ts";
import type { TlsIdentity } from "./tls-identity.ts";

const expiries = new WeakMap<TlsIdentity, number>();

/**
 * Refuses a TLS identity that no peer could accept, before a connection is opened (EGRESS_IDENTITY_INVALID): texts that are no
 * PEM, a key that the passphrase does not open or that belongs to another certificate, a certificate that has ended. A peer
 * would close without a word, often after the request was sent. Read once per identity; only the end is compared each time.
 */
export function checkTlsIdentity(identity: TlsIdentity, now: number = Date.now()): void {
  let expiry = expiries.get(identity);
  if (expiry === undefined) {
    expiry = readExpiry(identity);
    expiries.set(identity, expiry);
  }
  if (now <= expiry) return;
  const day = new Date(expiry).toISOString().slice(0, 10);
  throw refuse(
    `it expired on ${day}.`,
    "Get a new certificate from whoever issued it, and put it into the connection.",
  );
}

/** Epoch milliseconds; never for an identity that shows no certificate. */
function readExpiry({ cert, key, passphrase, ca }: TlsIdentity): number {
  for (const authority of typeof ca === "string" ? [ca] : (ca ?? [])) readCertificate(authority, "the authority");
  if (cert === undefined && key === undefined) return Number.POSITIVE_INFINITY;
  if (cert === undefined) throw refuse("there is a key, but no certificate.", "Give the connection both.");
  if (key === undefined) throw refuse("it has no private key.", "Give the connection both, certificate and key.");
  const certificate = readCertificate(cert, "it");
  if (!certificate.checkPrivateKey(readKey(key, passphrase))) {
    const hint =
      "Give the connection the key that the certificate was issued for; of a chain, its own certificate comes first.";
    throw refuse("the key belongs to another certificate.", hint);
  }
  return Date.parse(certificate.validTo);
}

function readCertificate(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    const hint = 'It begins with "-----BEGIN CERTIFICATE-----", with line breaks as in the file.';
    throw refuse(`${what} is not a certificate in PEM.`, hint, cause);
  }
}

function readKey(key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key, format: "pem", ...(passphrase !== undefined && { passphrase }) });
  } catch (cause) {
    if (!key.includes("ENCRYPTED")) {
      const hint = 'A key begins with "-----BEGIN PRIVATE KEY-----", with line breaks as in the file.';
      throw refuse("its key is not a private key in PEM.", hint, cause);
    }
    const missing = passphrase === undefined || passphrase === "";
    const reason = missing
      ? "its key is encrypted, and there is no passphrase."
      : "the passphrase does not open its key.";
    throw refuse(reason, "Give the connection the passphrase of the key, or a key without one.", cause);
  }
}

const refuse = (reason: string, hint: string, cause?: unknown): EgressError =>
  new EgressError("EGRESS_IDENTITY_INVALID", `The client certificate can't be used: ${reason}`, {
    hint,
    ...(cause !== undefined && { cause }),
  });
