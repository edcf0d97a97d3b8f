import { createHash } from "node:crypto";
import { type AllowRule, parseAllowRule } from "./allow-rule.ts";
import { type PortRanges, parsePorts } from "./ports.ts";

/** Configures whom an {@link Egress} may reach. Everything that is not public, HTTPS and port 443 is refused unless named here. */
export interface EgressPolicyOptions {
  /**
   * Opens what is refused by default: `"books.internal"`, `"*.corp.example"`, `"127.0.0.1:8080"`, `"[fd00::1]:8443"`,
   * `"10.0.0.0/8"`, `"10.0.0.0/8:8080,9000-9100"`. A rule also opens plain HTTP to what it matches. A host rule opens private,
   * loopback and shared addresses; link-local and other special ranges need a range rule, metadata services their very address.
   */
  readonly allow?: readonly string[];
  /** Closes hosts and ranges that would be open; wins over `allow`. Same notation; without ports it closes all of them. */
  readonly deny?: readonly string[];
  /** If given, only these hosts (or literal addresses) can be reached at all. Same notation. */
  readonly only?: readonly string[];
  /** Ports open everywhere, beside those that a rule names. Default `[443, 80]`; `"any"` leaves only the dangerous ones closed. */
  readonly ports?: ReadonlyArray<number | string> | "any";
  /** Opens plain HTTP to every public host. Default false. */
  readonly allowHttp?: boolean;
  /** PEM texts of certificate authorities trusted beside the system's. Default none. */
  readonly trustedAuthorities?: readonly string[];
}

/** Holds a policy with its defaults filled in and its rules parsed; made by {@link resolvePolicy}. */
export interface EgressPolicy {
  /** Tells policies apart in the key of a pool; equal policies have equal ids. */
  readonly id: string;
  readonly allow: readonly AllowRule[];
  readonly deny: readonly AllowRule[];
  readonly only: readonly AllowRule[] | undefined;
  readonly ports: PortRanges | "any";
  readonly allowHttp: boolean;
  readonly trustedAuthorities: readonly string[];
}

/** Fills in the defaults and parses the rules; throws a RangeError that names the first wrong one. */
export function resolvePolicy(options: EgressPolicyOptions = {}): EgressPolicy {
  const { allow = [], deny = [], only, ports = [443, 80], allowHttp = false, trustedAuthorities = [] } = options;
  const identity = JSON.stringify([allow, deny, only, ports, allowHttp, trustedAuthorities]);
  return Object.freeze({
    id: createHash("sha256").update(identity).digest("base64url").slice(0, 16),
    allow: allow.map(parseAllowRule),
    deny: deny.map(parseAllowRule),
    only: only?.map(parseAllowRule),
    ports: ports === "any" ? ports : ports.flatMap(parsePortEntry),
    allowHttp,
    trustedAuthorities: [...trustedAuthorities],
  });
}

function parsePortEntry(entry: number | string): PortRanges {
  const ranges = parsePorts(String(entry));
  if (ranges === undefined) throw new RangeError(`"${entry}" is not a port. Write 8443 or "8000-8999".`);
  return ranges;
}
