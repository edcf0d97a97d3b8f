const PEER_REFUSED = "The peer refused the client certificate";

/** What TLS alerts say of a client certificate (RFC 8446 section 6.2), by the name that OpenSSL gives them. */
const ALERTS: Readonly<Record<string, string>> = {
  CERTIFICATE_REQUIRED: "The peer wants a client certificate and was shown none. Give the connection one.",
  CERTIFICATE_EXPIRED: `${PEER_REFUSED}: it has expired. Give the connection a new one.`,
  CERTIFICATE_REVOKED: `${PEER_REFUSED}: it was revoked. Give the connection a new one.`,
  CERTIFICATE_UNKNOWN: `${PEER_REFUSED}. Ask the owner of the API which ones it takes.`,
  UNKNOWN_CA: `${PEER_REFUSED}: it doesn't know the authority that issued it. Check that it is the one for this API, with its intermediate certificates.`,
  BAD_CERTIFICATE: `${PEER_REFUSED}: it can't be verified. Check that it is the one for this API, with its intermediate certificates.`,
  UNSUPPORTED_CERTIFICATE: `${PEER_REFUSED}: it doesn't take this kind.`,
  ACCESS_DENIED: `${PEER_REFUSED}: its holder has no access.`,
  HANDSHAKE_FAILURE:
    "The peer broke off the handshake: it may want a client certificate, or another TLS version or cipher.",
};

/** Says what to do about an alert with which the peer ended TLS; undefined where the error is none. */
export function describeTlsAlert(code: string): string | undefined {
  const name = /_ALERT_([A-Z_]+)$/.exec(code)?.[1];
  return name === undefined ? undefined : ALERTS[name];
}
