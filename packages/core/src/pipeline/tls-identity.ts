import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpTlsIdentity } from "../ports/http.ts";
import type { CallState } from "./call-state.ts";
import { checkSecretHosts } from "./check-secret-hosts.ts";
import { mayCarryCredential } from "./may-carry-credential.ts";

const identities = new WeakMap<object, { readonly print: string; readonly identity: HttpTlsIdentity }>();

/**
 * Gives the TLS identity that the connector's `connection.tls` rendered to. The same settings of the same owner (a
 * connection, or the connector where there is none) give the same object, so that connections to the peer are reused.
 */
export function tlsIdentityOf(owner: object, rendered: unknown): HttpTlsIdentity | undefined {
  if (rendered === undefined || rendered === null || typeof rendered !== "object") return undefined;
  const { certificate, key, passphrase, ca } = rendered as Readonly<Record<string, unknown>>;
  const settings = {
    ...text("cert", certificate),
    ...text("key", key),
    ...text("passphrase", passphrase),
    ...text("ca", ca),
  };
  if (Object.keys(settings).length === 0) return undefined;
  const print = JSON.stringify(settings);
  const present = identities.get(owner);
  if (present?.print === print) return present.identity;
  const identity: HttpTlsIdentity = Object.freeze(settings);
  identities.set(owner, { print, identity });
  return identity;
}

/**
 * Chooses what the request that is about to be sent shows of the TLS identity. A client certificate is a credential: it goes
 * where the others may go, and nowhere else.
 *
 *   host of the base URL, declared host ─┬─► certificate, key and authorities
 *                                        └─ `auth: false` ─► the authorities alone, by which its server is known
 *   any other host ─┬─ of a redirect, or `auth: false` ─► nothing
 *                   └─ of the request itself ─► SECRET_HOST_REFUSED
 */
export function chooseTlsIdentity(state: CallState): HttpTlsIdentity | undefined {
  const { tls, connector } = state;
  if (tls === undefined) return undefined;
  const anonymous = state.action.exchange.request.auth === false || tls.cert === undefined;
  const url = new URL(state.request?.url ?? "");
  if (!mayCarryCredential(state, url)) {
    if (anonymous || url.origin !== state.plan?.origin) return undefined;
    throw new ConnectorError("SECRET_HOST_REFUSED", `The client certificate may not be shown to ${url.host}.`, {
      hint: `Add "${url.host}" to the connector's "hosts", or send the request with "auth": false.`,
    });
  }
  if (anonymous) return authoritiesOf(tls);
  if (connector.tls !== null) checkSecretHosts(state, connector.tls.uses.secrets, url);
  return tls;
}

const authorities = new WeakMap<HttpTlsIdentity, HttpTlsIdentity>();

/** The same identity without its certificate: one object per identity, so that connections are reused. */
function authoritiesOf(identity: HttpTlsIdentity): HttpTlsIdentity | undefined {
  const { ca } = identity;
  if (ca === undefined) return undefined;
  const present = authorities.get(identity);
  if (present !== undefined) return present;
  const alone: HttpTlsIdentity = Object.freeze({ ca });
  authorities.set(identity, alone);
  return alone;
}

function text(name: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null || value === "") return {};
  if (typeof value === "string") return { [name]: value };
  throw new ConnectorError("VALUE_REFUSED", `The TLS setting "${name}" is not text.`, {
    hint: "Certificates and keys are PEM texts.",
  });
}
