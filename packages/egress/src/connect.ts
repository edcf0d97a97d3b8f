import type { LookupFunction, Socket } from "node:net";
import { createSecureContext, getCACertificates, type SecureContext, type SecureContextOptions } from "node:tls";
import { buildConnector } from "undici";
import { checkTlsIdentity } from "./check-tls-identity.ts";
import { checkAddress, type Destination } from "./check-url.ts";
import { describeTlsAlert } from "./describe-tls-alert.ts";
import { EgressError } from "./errors.ts";
import type { EgressPolicy } from "./policy.ts";
import { type LookupAddresses, type ResolvedAddress, resolveHost } from "./resolve-host.ts";
import type { TlsIdentity } from "./tls-identity.ts";

/** Configures how a pool connects. */
export interface ConnectOptions {
  readonly to: Destination;
  readonly policy: EgressPolicy;
  readonly tls: TlsIdentity | undefined;
  readonly lookup: LookupAddresses;
  readonly connectMs: number;
}

/**
 * Builds the function with which a pool opens its connections:
 *
 *     resolve ─► classify every address ─► connect to exactly those (one after the other, RFC 8305) ─► check the peer ─► TLS
 *
 * The socket library never resolves a name: it is handed the checked addresses, so a second, different DNS answer has no one
 * who asks for it. TLS still verifies the certificate against the host name.
 */
export function buildCheckedConnector(options: ConnectOptions): buildConnector.connector {
  const { to, policy, connectMs } = options;
  let context: SecureContext | undefined;
  let session: Buffer | undefined;

  function open(addresses: readonly ResolvedAddress[], leftMs: number): buildConnector.connector {
    if (to.secure) {
      if (options.tls !== undefined) checkTlsIdentity(options.tls);
      context ??= createSecureContext(contextOptions(options.tls, policy));
    }
    return buildConnector({
      rejectUnauthorized: true,
      ...(context !== undefined && { secureContext: context }),
      ...(session !== undefined && { session }),
      allowH2: false,
      timeout: leftMs,
      autoSelectFamily: true,
      lookup: (_hostname, asked, callback) => answerPinned(addresses, asked.all === true, callback),
    });
  }

  return (undiciOptions, callback) => {
    const started = performance.now();
    const leftMs = (): number => Math.max(1, Math.round(connectMs - (performance.now() - started)));
    const fail = (error: unknown): void => callback(describeConnectError(toError(error), to, connectMs), null);
    withTimeout(resolveHost(to, policy, options.lookup), connectMs, to)
      .then((addresses) => {
        open(addresses, leftMs())({ ...undiciOptions, hostname: to.hostname }, (error, socket) => {
          if (error !== null) return fail(error);
          const stray = checkPeer(socket, addresses, to, policy);
          if (stray === undefined) {
            socket.on("session", (fresh: Buffer) => {
              session = fresh;
            });
            return callback(null, socket);
          }
          socket.destroy();
          fail(stray);
        });
      })
      .catch(fail);
  };
}

function answerPinned(pinned: readonly ResolvedAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  const [first] = pinned;
  if (first === undefined) callback(new Error("No checked address."), "", 4);
  else if (all) callback(null, [...pinned]);
  else callback(null, first.address, first.family);
}

/** Looks once more where the connection really went, so that a change in the socket library can't open the guard unseen. */
function checkPeer(
  socket: Socket,
  addresses: readonly ResolvedAddress[],
  to: Destination,
  policy: EgressPolicy,
): EgressError | undefined {
  const peer = socket.remoteAddress;
  if (peer === undefined || addresses.some(({ address }) => address === peer)) return undefined;
  return checkAddress(peer, to, policy);
}

function contextOptions(tls: TlsIdentity | undefined, policy: EgressPolicy): SecureContextOptions {
  const ca = tls?.ca ?? systemAuthorities(policy);
  return {
    minVersion: tls?.minVersion ?? "TLSv1.2",
    ...(ca !== undefined && { ca: typeof ca === "string" ? ca : [...ca] }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    ...(tls?.passphrase !== undefined && { passphrase: tls.passphrase }),
  };
}

/** Adds the operator's authorities to the system's; undefined leaves Node's default in place. */
function systemAuthorities(policy: EgressPolicy): readonly string[] | undefined {
  if (policy.trustedAuthorities.length === 0) return undefined;
  return [...getCACertificates("default"), ...policy.trustedAuthorities];
}

function withTimeout<T>(promise: Promise<T>, ms: number, to: Destination): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(connectTimeout(to, ms)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function connectTimeout(to: Destination, ms: number, cause?: unknown): EgressError {
  return new EgressError("EGRESS_TIMEOUT", `No connection to ${to.hostname}:${to.port} within ${ms} ms.`, {
    hostname: to.hostname,
    phase: "connect",
    hint: "Check that the host is up and that the server's network reaches it.",
    ...(cause !== undefined && { cause }),
  });
}

function describeConnectError(error: Error, to: Destination, connectMs: number): EgressError {
  if (error instanceof EgressError) return error;
  const code = readCode(error);
  const where = `${to.hostname}:${to.port}`;
  const details = { hostname: to.hostname, cause: error };
  if (code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT") return connectTimeout(to, connectMs, error);
  if (isTlsFailure(code, error)) {
    return new EgressError("EGRESS_TLS_FAILED", `TLS with ${where} failed: ${error.message}`, {
      ...details,
      hint: tlsHint(code),
    });
  }
  if (code === "ECONNRESET" || code === "EPIPE") {
    const hint = to.secure
      ? "The peer may expect plain HTTP, another TLS version, or a client certificate."
      : "Check that the port is the right one.";
    return new EgressError("EGRESS_CONNECTION_LOST", `${where} closed the connection while it was being made.`, {
      ...details,
      hint,
    });
  }
  return new EgressError("EGRESS_CONNECT_REFUSED", `No connection to ${where}: ${code || error.message}.`, {
    ...details,
    hint: "Check host and port, and that the service is running.",
  });
}

/** Node wraps the attempts of several addresses into one AggregateError; its first code is the telling one. */
function readCode(error: Error): string {
  const code = Reflect.get(error, "code");
  if (typeof code === "string") return code;
  const nested = error instanceof AggregateError ? error.errors[0] : undefined;
  return nested instanceof Error ? readCode(nested) : "";
}

function isTlsFailure(code: string, error: Error): boolean {
  return (
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|CRL_|INVALID_CA|PATH_LENGTH)/.test(
      code,
    ) || /TLS|SSL|certificate/.test(error.message)
  );
}

function tlsHint(code: string): string {
  switch (code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "The certificate is for another host name. Check the host; verification can't be switched off.";
    case "CERT_HAS_EXPIRED":
      return "The peer's certificate has expired; its owner must renew it.";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return "The certificate's authority isn't known. Add it as `ca` of the TLS identity, or to the operator's trusted authorities.";
    default:
      return (
        describeTlsAlert(code) ??
        "Check the peer's certificate and TLS version, and whether it expects a client certificate."
      );
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
