import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpTlsIdentity } from "../ports/http.ts";

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

function text(name: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null || value === "") return {};
  if (typeof value === "string") return { [name]: value };
  throw new ConnectorError("VALUE_REFUSED", `The TLS setting "${name}" is not text.`, {
    hint: "Certificates and keys are PEM texts.",
  });
}
