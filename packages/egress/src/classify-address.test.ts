import { describe, expect, test } from "vitest";
import { type AddressKind, classifyAddress, isOpenable } from "./classify-address.ts";

/** Range edges stand beside their outside neighbours, so that a prefix that is a bit too short or too long fails. */
const TABLE: ReadonlyArray<readonly [address: string, kind: AddressKind]> = [
  // IPv4: this network
  ["0.0.0.0", "unspecified"],
  ["0.0.0.1", "unspecified"],
  ["0.255.255.255", "unspecified"],
  ["1.0.0.0", "public"],
  // private
  ["9.255.255.255", "public"],
  ["10.0.0.0", "private"],
  ["10.1.2.3", "private"],
  ["10.255.255.255", "private"],
  ["11.0.0.0", "public"],
  ["172.15.255.255", "public"],
  ["172.16.0.0", "private"],
  ["172.17.0.1", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.0", "public"],
  ["192.167.255.255", "public"],
  ["192.168.0.0", "private"],
  ["192.168.255.255", "private"],
  ["192.169.0.0", "public"],
  // carrier-grade NAT
  ["100.63.255.255", "public"],
  ["100.64.0.0", "shared"],
  ["100.100.100.199", "shared"],
  ["100.127.255.255", "shared"],
  ["100.128.0.0", "public"],
  // loopback
  ["126.255.255.255", "public"],
  ["127.0.0.0", "loopback"],
  ["127.0.0.1", "loopback"],
  ["127.1.1.1", "loopback"],
  ["127.255.255.255", "loopback"],
  ["128.0.0.0", "public"],
  // link-local
  ["169.253.255.255", "public"],
  ["169.254.0.0", "link-local"],
  ["169.254.169.253", "link-local"],
  ["169.254.255.255", "link-local"],
  ["169.255.0.0", "public"],
  // metadata
  ["169.254.169.254", "metadata"],
  ["169.254.170.2", "metadata"],
  ["169.254.170.23", "metadata"],
  ["169.254.0.23", "metadata"],
  ["100.100.100.200", "metadata"],
  ["192.0.0.192", "metadata"],
  ["168.63.129.16", "metadata"],
  ["168.63.129.15", "public"],
  // protocol assignments
  ["191.255.255.255", "public"],
  ["192.0.0.0", "protocol"],
  ["192.0.0.8", "protocol"],
  ["192.0.0.171", "protocol"],
  ["192.0.0.255", "protocol"],
  ["192.0.1.0", "public"],
  // documentation
  ["192.0.2.0", "documentation"],
  ["192.0.2.255", "documentation"],
  ["192.0.3.0", "public"],
  ["198.51.99.255", "public"],
  ["198.51.100.0", "documentation"],
  ["198.51.100.255", "documentation"],
  ["198.51.101.0", "public"],
  ["203.0.112.255", "public"],
  ["203.0.113.0", "documentation"],
  ["203.0.113.255", "documentation"],
  ["203.0.114.0", "public"],
  // 6to4 relay
  ["192.88.98.255", "public"],
  ["192.88.99.1", "tunnel"],
  ["192.88.100.0", "public"],
  // benchmarking
  ["198.17.255.255", "public"],
  ["198.18.0.0", "benchmark"],
  ["198.19.255.255", "benchmark"],
  ["198.20.0.0", "public"],
  // multicast, reserved, broadcast
  ["223.255.255.255", "public"],
  ["224.0.0.0", "multicast"],
  ["224.0.0.251", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.0", "reserved"],
  ["255.255.255.254", "reserved"],
  ["255.255.255.255", "broadcast"],
  // ordinary
  ["8.8.8.8", "public"],
  ["93.184.216.34", "public"],
  // IPv6: special addresses
  ["::", "unspecified"],
  ["0:0:0:0:0:0:0:0", "unspecified"],
  ["::1", "loopback"],
  ["0000:0000:0000:0000:0000:0000:0000:0001", "loopback"],
  // metadata
  ["fd00:ec2::254", "metadata"],
  ["fd00:ec2::23", "metadata"],
  ["fd20:ce::254", "metadata"],
  ["fd00:ec2::255", "private"],
  // IPv4-mapped, in both notations
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:a9fe:a9fe", "metadata"],
  ["::ffff:169.254.1.1", "link-local"],
  ["::ffff:0.0.0.0", "unspecified"],
  ["::ffff:255.255.255.255", "broadcast"],
  ["::ffff:8.8.8.8", "public"],
  ["::FFFF:192.168.1.1", "private"],
  // IPv4-translated and IPv4-compatible
  ["::ffff:0:127.0.0.1", "loopback"],
  ["::ffff:0:8.8.8.8", "tunnel"],
  ["::127.0.0.1", "loopback"],
  ["::10.0.0.1", "private"],
  ["::8.8.8.8", "tunnel"],
  ["::2", "unspecified"],
  // NAT64
  ["64:ff9b::127.0.0.1", "loopback"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b::10.0.0.1", "private"],
  ["64:ff9b::169.254.169.254", "metadata"],
  ["64:ff9b::8.8.8.8", "public"],
  ["64:ff9b:0:0:0:1::", "reserved"],
  // local NAT64: the IPv4 address in the last 32 bits, or around the u-octet
  ["64:ff9b:1::10.0.0.1", "private"],
  ["64:ff9b:1:7f00:0:100::", "loopback"],
  ["64:ff9b:1:808:8:800:808:808", "tunnel"],
  ["64:ff9b:2::1", "reserved"],
  // 6to4
  ["2002:7f00:1::", "loopback"],
  ["2002:a00:1::1", "private"],
  ["2002:a9fe:a9fe::", "metadata"],
  ["2002:c0a8:101::1", "private"],
  ["2002:808:808::1", "tunnel"],
  // Teredo: server in bytes 4 to 7, client inverted in the last four
  ["2001:0:7f00:1::f7f7:f7f7", "loopback"],
  ["2001:0:808:808::80ff:fffe", "loopback"],
  ["2001:0:808:808::f5ff:fffe", "private"],
  ["2001:0:808:808::f7f7:f7f7", "tunnel"],
  // ISATAP
  ["2a00:1450:4001::5efe:10.0.0.1", "private"],
  ["2a00:1450:4001::200:5efe:127.0.0.1", "loopback"],
  ["2a00:1450:4001::5efe:8.8.8.8", "tunnel"],
  ["fe80::5efe:10.0.0.1", "private"],
  // protocol assignments
  ["2001:1::1", "protocol"],
  ["2001:2::1", "protocol"],
  ["2001:10::1", "protocol"],
  ["2001:20::1", "protocol"],
  ["2001:1ff:ffff::1", "protocol"],
  ["2001:200::1", "public"],
  // documentation and discard
  ["2001:db7:ffff::1", "public"],
  ["2001:db8::", "documentation"],
  ["2001:db8:ffff:ffff::1", "documentation"],
  ["2001:db9::1", "public"],
  ["3fff::1", "documentation"],
  ["3fff:fff:ffff::1", "documentation"],
  ["3fff:1000::1", "public"],
  ["100::1", "reserved"],
  ["100:0:0:1::1", "reserved"],
  // unique local, link-local, site-local, multicast
  ["fbff::1", "reserved"],
  ["fc00::1", "private"],
  ["fd12:3456:789a::1", "private"],
  ["fdff:ffff::1", "private"],
  ["fe00::1", "reserved"],
  ["fe80::1", "link-local"],
  ["febf:ffff::1", "link-local"],
  ["fec0::1", "private"],
  ["feff::1", "private"],
  ["ff02::1", "multicast"],
  ["ff0e::1", "multicast"],
  // outside global unicast
  ["1fff::1", "reserved"],
  ["2000::1", "public"],
  ["4000::1", "reserved"],
  ["5f00::1", "reserved"],
  // ordinary
  ["2606:4700:4700::1111", "public"],
  ["2a00:1450:4001:81b::200e", "public"],
  // not addresses in their usual notation
  ["", "invalid"],
  ["localhost", "invalid"],
  ["127.1", "invalid"],
  ["0x7f.0.0.1", "invalid"],
  ["0177.0.0.1", "invalid"],
  ["2130706433", "invalid"],
  ["127.0.0.1.", "invalid"],
  ["127.0.0.256", "invalid"],
  ["127.0.0.1:80", "invalid"],
  ["[::1]", "invalid"],
  ["fe80::1%eth0", "invalid"],
  [" 127.0.0.1", "invalid"],
];

test.each(TABLE)("%s is %s", (address, kind) => {
  expect(classifyAddress(address).kind).toBe(kind);
});

test("each row of the table is there once", () => {
  expect(new Set(TABLE.map(([address]) => address)).size).toBe(TABLE.length);
  expect(TABLE.length).toBeGreaterThanOrEqual(120);
});

describe("an embedded IPv4 address", () => {
  test.each([
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["64:ff9b::10.0.0.1", "10.0.0.1"],
    ["2002:a00:1::1", "2002:a00:1::1"],
    ["10.0.0.1", "10.0.0.1"],
  ])("%s ends at %s", (address, effective) => {
    expect(classifyAddress(address).effective).toBe(effective);
  });

  test("is named in the reason, with the form that carries it", () => {
    expect(classifyAddress("::ffff:10.0.0.1").reason).toBe(
      "IPv4-mapped, RFC 4291, around 10.0.0.1: private network, RFC 1918 (10.0.0.0/8)",
    );
  });
});

test.each([
  ["public", "host"],
  ["private", "host"],
  ["loopback", "host"],
  ["shared", "host"],
  ["link-local", "range"],
  ["benchmark", "range"],
  ["documentation", "range"],
  ["protocol", "range"],
  ["reserved", "range"],
  ["tunnel", "range"],
  ["metadata", "address"],
  ["unspecified", "never"],
  ["multicast", "never"],
  ["broadcast", "never"],
  ["invalid", "never"],
] as const)("%s opens by: %s", (kind, rule) => {
  expect(isOpenable(kind)).toBe(rule);
});
