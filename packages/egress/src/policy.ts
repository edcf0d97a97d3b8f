import type { AllowRule, HostRule } from "./allow-rule.ts";

/** Configures whom an {@link Egress} may reach. Everything that is not public and HTTPS is refused unless named here. */
export interface EgressPolicyOptions {
  /**
   * Opens what is refused by default: `"books.internal"`, `"*.corp.example"`, `"127.0.0.1:8080"`, `"[fd00::1]:8443"`,
   * `"10.0.0.0/8"`, `"10.0.0.0/8:8080,9000-9100"`. A host rule also opens plain HTTP to that host.
   */
  readonly allow?: readonly string[];
  /** Closes hosts and ranges that would be open; wins over `allow`. Same notation. */
  readonly deny?: readonly string[];
  /** If given, only these hosts can be reached at all. Same notation, host rules only. */
  readonly only?: readonly string[];
  /** Ports open everywhere, beside those that a rule names. Default `[443, 80]`; `"any"` leaves only the dangerous ones closed. */
  readonly ports?: readonly (number | string)[] | "any";
  /** Opens plain HTTP to every public host. Default false. */
  readonly allowHttp?: boolean;
  /** PEM texts of certificate authorities trusted beside the system's. */
  readonly trustedAuthorities?: readonly string[];
}

/** Holds a policy with its defaults filled in and its rules parsed; made by `resolvePolicy`. */
export interface EgressPolicy {
  /** Tells policies apart in the key of a pool. */
  readonly id: string;
  readonly allow: readonly AllowRule[];
  readonly deny: readonly AllowRule[];
  readonly only: readonly HostRule[] | undefined;
  readonly ports: ReadonlyArray<readonly [number, number]> | "any";
  readonly allowHttp: boolean;
  readonly trustedAuthorities: readonly string[];
}
