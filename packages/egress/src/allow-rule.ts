import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { type AddressClass, isOpenable, matchesPrefix } from "./classify-address.ts";
import { DANGEROUS_PORTS, includesPort, type PortRanges, parsePorts } from "./ports.ts";

/** Lists the ports of a rule; undefined means the ports of the policy, `"any"` every port that isn't dangerous. */
export type RulePorts = PortRanges | "any" | undefined;

/** Matches a host as it is written in a URL. A suffix starts with a dot and matches any depth below, not the name itself. */
export interface HostRule {
  readonly kind: "host" | "suffix";
  readonly name: string;
  readonly ports: RulePorts;
}

/** Matches a resolved or literal address. */
export interface RangeRule {
  readonly kind: "range";
  readonly bytes: readonly number[];
  readonly bits: number;
  readonly ports: RulePorts;
}

/** Opens (or, in `deny`, closes) hosts or addresses. */
export type AllowRule = HostRule | RangeRule;

const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Parses one rule: `name`, `*.suffix`, an address, a CIDR range, each with an optional `:ports`.
 * IPv6 with ports is bracketed: `[fd00::1]:8443`, `[fd00::/8]:8443`. Throws a RangeError that names what is wrong.
 */
export function parseAllowRule(text: string): AllowRule {
  if (/[@\\?#\s]|\/\//.test(text.trim())) throw notARule(text);
  const { host, ports } = splitPorts(text.trim().toLowerCase());
  if (host.includes("/")) return parseRange(text, host, ports);
  const family = isIP(host);
  if (family !== 0) {
    return { kind: "range", bytes: ipaddr.parse(host).toByteArray(), bits: family === 4 ? 32 : 128, ports };
  }
  const suffix = host.startsWith("*.");
  // The URL parser turns an international name into the form that is compared later.
  const name = URL.parse(`https://${suffix ? host.slice(2) : host}`)?.hostname ?? "";
  if (!HOST.test(name) || isIP(name) !== 0) {
    throw notARule(text);
  }
  return suffix ? { kind: "suffix", name: `.${name}`, ports } : { kind: "host", name, ports };
}

function notARule(text: string): RangeError {
  return new RangeError(
    `"${text}" is not an egress rule. Write a host ("books.internal"), a suffix ("*.corp.example"), an address ("10.0.0.5") or a range ("10.0.0.0/8"), each with an optional ":port".`,
  );
}

function splitPorts(text: string): { readonly host: string; readonly ports: RulePorts } {
  const bracketed = /^\[([^\]]*)\](?::(.+))?$/.exec(text);
  const plain = /^([^:]*)(?::([^:]+))?$/.exec(text);
  const match = bracketed ?? plain;
  if (match === null) return { host: text, ports: undefined };
  const host = match[1] ?? "";
  if (match[2] === undefined) return { host, ports: undefined };
  if (match[2] === "*") return { host, ports: "any" };
  const ports = parsePorts(match[2]);
  if (ports === undefined) {
    throw new RangeError(
      `"${text}" has no valid port list after the colon. Write "host:8080" or "host:8080,9000-9100".`,
    );
  }
  return { host, ports };
}

function parseRange(text: string, host: string, ports: RulePorts): RangeRule {
  const slash = host.lastIndexOf("/");
  const address = host.slice(0, slash);
  const bits = /^\d{1,3}$/.test(host.slice(slash + 1)) ? Number(host.slice(slash + 1)) : Number.NaN;
  const family = isIP(address);
  if (family === 0 || !(bits <= (family === 4 ? 32 : 128))) {
    throw new RangeError(`"${text}" is not a CIDR range. Write for instance "10.0.0.0/8" or "fd00::/8".`);
  }
  const bytes = ipaddr.parse(address).toByteArray();
  const mask = { bytes, bits };
  for (let bit = bits; bit < bytes.length * 8; bit++) {
    if (((mask.bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) {
      throw new RangeError(`"${text}" has bits set beyond its prefix. Write the first address of the range.`);
    }
  }
  return { kind: "range", bytes, bits, ports };
}

/** Says whether a rule covers a port, given the ports that the policy opens everywhere. */
export function ruleCoversPort(rule: AllowRule, port: number, policyPorts: PortRanges | "any"): boolean {
  if (rule.ports !== undefined && rule.ports !== "any") return includesPort(rule.ports, port);
  if (DANGEROUS_PORTS.has(port)) return false;
  return rule.ports === "any" || policyPorts === "any" || includesPort(policyPorts, port);
}

/** Says whether a host rule matches a host name in its URL form. */
export function ruleMatchesHost(rule: AllowRule, hostname: string): boolean {
  if (rule.kind === "host") return rule.name === hostname;
  return rule.kind === "suffix" && hostname.length > rule.name.length && hostname.endsWith(rule.name);
}

/** Says whether a range rule contains an address, looked at as the address where a packet ends. */
export function ruleMatchesAddress(rule: AllowRule, address: AddressClass): boolean {
  return rule.kind === "range" && matchesPrefix(address.bytes, rule.bytes, rule.bits);
}

/** Says whether a rule that matches is strong enough to open a kind of address. */
export function ruleOpensKind(rule: AllowRule, address: AddressClass): boolean {
  switch (isOpenable(address.kind)) {
    case "never":
      return false;
    case "address":
      return rule.kind === "range" && rule.bits === rule.bytes.length * 8;
    case "range":
      return rule.kind === "range";
    case "host":
      return true;
  }
}
