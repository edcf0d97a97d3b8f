import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { checkAddress, type Destination } from "./check-url.ts";
import { EgressError } from "./errors.ts";
import type { EgressPolicy } from "./policy.ts";

/** Holds one address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves a host name to all its addresses; rejects if there are none. */
export type LookupAddresses = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** Asks the operating system's resolver (hosts file, search domains and DNS), as other programs on the machine do. */
export async function lookupSystem(hostname: string): Promise<readonly ResolvedAddress[]> {
  const found = await lookup(hostname, { all: true, order: "verbatim" });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** Shares one answer among the connections that ask for the same name at the same moment; nothing is kept after it came. */
export function shareLookups(lookupAddresses: LookupAddresses): LookupAddresses {
  const running = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const shared = running.get(hostname);
    if (shared !== undefined) return shared;
    const started = lookupAddresses(hostname).finally(() => running.delete(hostname));
    running.set(hostname, started);
    return started;
  };
}

/**
 * Finds the addresses that a connection may go to. One refused address among the answers refuses the name: an answer that mixes
 * public and private addresses is either an attack or a mistake.
 */
export async function resolveHost(
  to: Destination,
  policy: EgressPolicy,
  lookupAddresses: LookupAddresses,
): Promise<readonly ResolvedAddress[]> {
  const family = isIP(to.hostname);
  const found = family === 0 ? await ask(to.hostname, lookupAddresses) : [literal(to.hostname, family)];
  for (const { address } of found) {
    const refused = checkAddress(address, to, policy);
    if (refused !== undefined) throw refused;
  }
  return found;
}

async function ask(hostname: string, lookupAddresses: LookupAddresses): Promise<readonly ResolvedAddress[]> {
  let found: readonly ResolvedAddress[];
  try {
    found = await lookupAddresses(hostname);
  } catch (cause) {
    throw new EgressError("EGRESS_DNS_FAILED", `The host name ${hostname} could not be resolved.`, {
      hostname,
      hint: "Check the spelling of the host, and that the server's resolver knows it.",
      cause,
    });
  }
  if (found.length > 0) return found;
  throw new EgressError("EGRESS_DNS_FAILED", `The host name ${hostname} has no address.`, {
    hostname,
    hint: "Check the spelling of the host, and that it has an A or AAAA record.",
  });
}

function literal(address: string, family: number): ResolvedAddress {
  return { address, family: family === 6 ? 6 : 4 };
}
