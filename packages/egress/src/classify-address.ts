import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Names what an address is for. Only `public` is open by default; see {@link isOpenable} for the rest.
 *
 * `tunnel` stands for 6to4, Teredo, ISATAP and local NAT64: they can carry a packet to an IPv4 address that isn't visible.
 */
export type AddressKind =
  | "public"
  | "private"
  | "loopback"
  | "shared"
  | "link-local"
  | "metadata"
  | "benchmark"
  | "documentation"
  | "protocol"
  | "reserved"
  | "tunnel"
  | "unspecified"
  | "multicast"
  | "broadcast"
  | "invalid";

/** Describes an address. */
export interface AddressClass {
  readonly kind: AddressKind;
  /** Says why in words fit for an error message, with the range and its source. */
  readonly reason: string;
  /** The address that a packet ends at: the IPv4 address inside a mapped or translated one, else the address. */
  readonly effective: string;
  /** Bytes of `effective`: 4 or 16. Empty if invalid. */
  readonly bytes: readonly number[];
}

interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
  readonly kind: AddressKind;
  readonly reason: string;
}

const range = (cidr: string, kind: AddressKind, what: string): Range => {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return { bytes: address.toByteArray(), bits, kind, reason: `${what} (${cidr})` };
};

/** First match counts, so single addresses stand before the ranges around them. Source: IANA special-purpose registries. */
const IPV4_RANGES: readonly Range[] = [
  range("169.254.169.254/32", "metadata", "cloud metadata service"),
  range("169.254.170.2/32", "metadata", "AWS container credentials"),
  range("169.254.170.23/32", "metadata", "AWS pod credentials"),
  range("169.254.0.23/32", "metadata", "Tencent metadata service"),
  range("100.100.100.200/32", "metadata", "Alibaba metadata service"),
  range("192.0.0.192/32", "metadata", "Oracle metadata service"),
  range("168.63.129.16/32", "metadata", "Azure platform service"),
  range("0.0.0.0/8", "unspecified", "this network, RFC 1122"),
  range("10.0.0.0/8", "private", "private network, RFC 1918"),
  range("100.64.0.0/10", "shared", "carrier-grade NAT, RFC 6598"),
  range("127.0.0.0/8", "loopback", "loopback, RFC 1122"),
  range("169.254.0.0/16", "link-local", "link-local, RFC 3927"),
  range("172.16.0.0/12", "private", "private network, RFC 1918"),
  range("192.0.0.0/24", "protocol", "protocol assignments, RFC 6890"),
  range("192.0.2.0/24", "documentation", "documentation, RFC 5737"),
  range("192.88.99.0/24", "tunnel", "6to4 relay, RFC 7526"),
  range("192.168.0.0/16", "private", "private network, RFC 1918"),
  range("198.18.0.0/15", "benchmark", "benchmarking, RFC 2544"),
  range("198.51.100.0/24", "documentation", "documentation, RFC 5737"),
  range("203.0.113.0/24", "documentation", "documentation, RFC 5737"),
  range("224.0.0.0/4", "multicast", "multicast, RFC 5771"),
  range("255.255.255.255/32", "broadcast", "broadcast, RFC 919"),
  range("240.0.0.0/4", "reserved", "reserved, RFC 1112"),
];

const IPV6_RANGES: readonly Range[] = [
  range("fd00:ec2::254/128", "metadata", "AWS metadata service"),
  range("fd00:ec2::23/128", "metadata", "AWS pod credentials"),
  range("fd20:ce::254/128", "metadata", "Google metadata service"),
  range("::1/128", "loopback", "loopback, RFC 4291"),
  range("::/128", "unspecified", "unspecified, RFC 4291"),
  range("100::/64", "reserved", "discard only, RFC 6666"),
  range("2001::/23", "protocol", "protocol assignments, RFC 2928"),
  range("2001:db8::/32", "documentation", "documentation, RFC 3849"),
  range("3fff::/20", "documentation", "documentation, RFC 9637"),
  range("fc00::/7", "private", "unique local, RFC 4193"),
  range("fe80::/10", "link-local", "link-local, RFC 4291"),
  range("fec0::/10", "private", "site-local, RFC 3879"),
  range("ff00::/8", "multicast", "multicast, RFC 4291"),
  range("2000::/3", "public", "global unicast"),
];

interface Embedding {
  readonly bytes: readonly number[];
  readonly bits: number;
  readonly form: string;
  /** Reads the IPv4 addresses that a packet may end at. */
  readonly decode: (bytes: readonly number[]) => ReadonlyArray<readonly number[]>;
  /** Whether the form is in ordinary use, so that a public address inside is public. */
  readonly usable: boolean;
}

const last4 = (bytes: readonly number[]): ReadonlyArray<readonly number[]> => [bytes.slice(12)];
const embedding = (cidr: string, form: string, usable: boolean, decode: Embedding["decode"] = last4): Embedding => {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return { bytes: address.toByteArray(), bits, form, decode, usable };
};

/** IPv6 forms that carry an IPv4 address. RFC 8215 leaves the position open (RFC 6052 section 2.2), so both usual ones are read. */
const EMBEDDINGS: readonly Embedding[] = [
  embedding("::ffff:0:0/96", "IPv4-mapped, RFC 4291", true),
  embedding("::ffff:0:0:0/96", "IPv4-translated, RFC 2765", false),
  embedding("::/96", "IPv4-compatible, RFC 4291", false),
  embedding("64:ff9b::/96", "NAT64, RFC 6052", true),
  embedding("64:ff9b:1::/48", "local NAT64, RFC 8215", false, decodeLocalNat64),
  embedding("2002::/16", "6to4, RFC 3056", false, (b) => [b.slice(2, 6)]),
  embedding("2001::/32", "Teredo, RFC 4380", false, (b) => [b.slice(12).map((byte) => byte ^ 0xff), b.slice(4, 8)]),
];

function decodeLocalNat64(bytes: readonly number[]): ReadonlyArray<readonly number[]> {
  const around = [6, 7, 9, 10].map((at) => bytes[at] ?? 0);
  const written = [bytes.slice(12), around].filter((address) => address.some((byte) => byte !== 0));
  return written.length === 0 ? [around] : written;
}

/** Says whether the first `bits` bits of two addresses of the same family are equal. */
export function matchesPrefix(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  if (bytes.length !== prefix.length) return false;
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== prefix[i]) return false;
  const rest = bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((bytes[whole] ?? 0) & mask) === ((prefix[whole] ?? 0) & mask);
}

/** Classifies an address in its usual notation (a resolver's answer, or the host of a parsed URL without brackets). */
export function classifyAddress(address: string): AddressClass {
  const family = isIP(address);
  if (family === 0 || address.includes("%")) {
    return { kind: "invalid", reason: "not an IP address in its usual notation", effective: address, bytes: [] };
  }
  const bytes = readBytes(address, family);
  return family === 4 ? classifyIpv4(bytes) : classifyIpv6(bytes, address);
}

/** The URL parser writes IPv6 in hexadecimal only; ipaddr.js would read the compatible form `::8.8.8.8` as the mapped one. */
function readBytes(address: string, family: number): readonly number[] {
  const written = family === 6 ? new URL(`https://[${address}]`).hostname.slice(1, -1) : address;
  return ipaddr.parse(written).toByteArray();
}

function classifyIpv4(bytes: readonly number[]): AddressClass {
  const effective = bytes.join(".");
  for (const entry of IPV4_RANGES) {
    if (matchesPrefix(bytes, entry.bytes, entry.bits)) {
      return { kind: entry.kind, reason: entry.reason, effective, bytes };
    }
  }
  return { kind: "public", reason: "global unicast", effective, bytes };
}

function classifyIpv6(bytes: readonly number[], address: string): AddressClass {
  for (const entry of IPV6_RANGES.slice(0, 5)) {
    if (matchesPrefix(bytes, entry.bytes, entry.bits)) {
      return { kind: entry.kind, reason: entry.reason, effective: address, bytes };
    }
  }
  for (const entry of EMBEDDINGS) {
    if (matchesPrefix(bytes, entry.bytes, entry.bits)) return classifyEmbedded(entry, bytes, address);
  }
  if (isIsatap(bytes)) {
    const inner = classifyIpv4(bytes.slice(12));
    const reason = `ISATAP, RFC 5214, around ${inner.effective}: ${inner.reason}`;
    return { kind: inner.kind === "public" ? "tunnel" : inner.kind, reason, effective: address, bytes };
  }
  for (const entry of IPV6_RANGES) {
    if (matchesPrefix(bytes, entry.bytes, entry.bits)) {
      return { kind: entry.kind, reason: entry.reason, effective: address, bytes };
    }
  }
  return { kind: "reserved", reason: "not allocated as global unicast (outside 2000::/3)", effective: address, bytes };
}

function classifyEmbedded(form: Embedding, bytes: readonly number[], address: string): AddressClass {
  const inner = form.decode(bytes).map(classifyIpv4);
  const closed = inner.find((entry) => entry.kind !== "public");
  const shown = closed ?? inner[0];
  const reason = `${form.form}, around ${shown?.effective}: ${shown?.reason}`;
  if (form.usable && shown !== undefined) return { ...shown, reason };
  return { kind: closed?.kind ?? "tunnel", reason, effective: address, bytes };
}

/** The interface identifier of an ISATAP address is 0000:5efe or 0200:5efe and then an IPv4 address. */
function isIsatap(bytes: readonly number[]): boolean {
  return ((bytes[8] ?? 1) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
}

/** Says who can open a kind of address: nobody, a rule naming the very address, a range rule, or a host rule too. */
export function isOpenable(kind: AddressKind): "never" | "address" | "range" | "host" {
  switch (kind) {
    case "public":
    case "private":
    case "loopback":
    case "shared":
      return "host";
    case "link-local":
    case "benchmark":
    case "documentation":
    case "protocol":
    case "reserved":
    case "tunnel":
      return "range";
    case "metadata":
      return "address";
    case "unspecified":
    case "multicast":
    case "broadcast":
    case "invalid":
      return "never";
  }
}
