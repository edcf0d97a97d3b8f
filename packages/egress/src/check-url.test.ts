import { describe, expect, test } from "vitest";
import { checkAddress, checkUrl, readPlainUrl } from "./check-url.ts";
import { type EgressPolicyOptions, resolvePolicy } from "./policy.ts";

/** Writes a verdict in one word: a code without its prefix, `allowed`, `lookup` (DNS decides) or `range` (only a range can open it). */
function verdict(url: string, options: EgressPolicyOptions = {}): string {
  const check = checkUrl(url, resolvePolicy(options));
  if (check.kind === "refused") return check.error.code.replace("EGRESS_", "");
  if (!check.lookup) return "allowed";
  return check.needsAllowedAddress ? "range" : "lookup";
}

describe("without any rule", () => {
  test.each([
    // ordinary
    ["https://api.example.com/v1?x=1", "lookup"],
    ["https://api.example.com:443/", "lookup"],
    ["https://93.184.216.34/", "allowed"],
    ["https://[2606:4700:4700::1111]/", "allowed"],
    ["https://bücher.example/", "lookup"],
    ["https://under_score.example/", "lookup"],
    // scheme
    ["http://api.example.com/", "SCHEME_REFUSED"],
    ["http://93.184.216.34/", "SCHEME_REFUSED"],
    ["ftp://api.example.com/", "SCHEME_REFUSED"],
    ["file:///etc/passwd", "SCHEME_REFUSED"],
    ["gopher://127.0.0.1:6379/_FLUSHALL", "SCHEME_REFUSED"],
    ["data:text/plain,hello", "SCHEME_REFUSED"],
    ["javascript:alert(1)", "SCHEME_REFUSED"],
    ["ws://api.example.com/", "SCHEME_REFUSED"],
    // form
    ["", "URL_INVALID"],
    ["/relative", "URL_INVALID"],
    ["//api.example.com/", "URL_INVALID"],
    ["api.example.com", "URL_INVALID"],
    ["https://", "URL_INVALID"],
    ["https://user@api.example.com/", "URL_INVALID"],
    ["https://user:secret@api.example.com/", "URL_INVALID"],
    ["https://api.example.com@127.0.0.1/", "URL_INVALID"],
    ["https://api.example.com\\@evil.example/", "URL_INVALID"],
    ["https:\\\\api.example.com/", "URL_INVALID"],
    ["https://api.example.com/a b", "URL_INVALID"],
    ["https://api.exam\tple.com/", "URL_INVALID"],
    ["https://api.example.com/\r\nx-injected: 1", "URL_INVALID"],
    [" https://api.example.com/", "URL_INVALID"],
    ["https://api.example.com\u0000/", "URL_INVALID"],
    ["https://api.example.com./", "URL_INVALID"],
    ["https://api..example.com/", "URL_INVALID"],
    ["https://.example.com/", "URL_INVALID"],
    ["https://a,b.example.com/", "URL_INVALID"],
    ["https://api.example.com:99999/", "URL_INVALID"],
    [`https://${"a".repeat(64)}.example/`, "URL_INVALID"],
    [`https://${"a.".repeat(130)}example/`, "URL_INVALID"],
    ["https://127.0.0.1%00.example.com/", "URL_INVALID"],
    ["https://[fe80::1%25eth0]/", "URL_INVALID"],
    // ports
    ["https://api.example.com:8443/", "PORT_REFUSED"],
    ["https://api.example.com:22/", "PORT_REFUSED"],
    ["https://api.example.com:6379/", "PORT_REFUSED"],
    ["https://93.184.216.34:25/", "PORT_REFUSED"],
    // literal addresses in every notation that the URL parser understands
    ["https://127.0.0.1/", "ADDRESS_REFUSED"],
    ["https://127.0.0.1./", "ADDRESS_REFUSED"],
    ["https://127.1/", "ADDRESS_REFUSED"],
    ["https://127.0.1/", "ADDRESS_REFUSED"],
    ["https://2130706433/", "ADDRESS_REFUSED"],
    ["https://0x7f000001/", "ADDRESS_REFUSED"],
    ["https://0x7f.1/", "ADDRESS_REFUSED"],
    ["https://0X7F.0.0.1/", "ADDRESS_REFUSED"],
    ["https://0177.0.0.1/", "ADDRESS_REFUSED"],
    ["https://017700000001/", "ADDRESS_REFUSED"],
    ["https://127.0.0.0x1/", "ADDRESS_REFUSED"],
    ["https://%31%32%37.0.0.1/", "ADDRESS_REFUSED"],
    ["https://１２７.０.０.１/", "ADDRESS_REFUSED"],
    ["https://①②⑦.0.0.1/", "ADDRESS_REFUSED"],
    ["https://127。0。0。1/", "ADDRESS_REFUSED"],
    ["https://0/", "ADDRESS_REFUSED"],
    ["https://0.0.0.0/", "ADDRESS_REFUSED"],
    ["https://10.1/", "ADDRESS_REFUSED"],
    ["https://192.168.257/", "ADDRESS_REFUSED"],
    ["https://169.254.169.254/latest/meta-data/", "ADDRESS_REFUSED"],
    ["https://2852039166/", "ADDRESS_REFUSED"],
    ["https://[::]/", "ADDRESS_REFUSED"],
    ["https://[::1]/", "ADDRESS_REFUSED"],
    ["https://[0:0:0:0:0:0:0:1]/", "ADDRESS_REFUSED"],
    ["https://[::ffff:127.0.0.1]/", "ADDRESS_REFUSED"],
    ["https://[::ffff:7f00:1]/", "ADDRESS_REFUSED"],
    ["https://[::127.0.0.1]/", "ADDRESS_REFUSED"],
    ["https://[64:ff9b::10.0.0.1]/", "ADDRESS_REFUSED"],
    ["https://[2002:7f00:1::]/", "ADDRESS_REFUSED"],
    ["https://[fd00:ec2::254]/", "ADDRESS_REFUSED"],
    ["https://[fe80::1]/", "ADDRESS_REFUSED"],
    ["https://255.255.255.255/", "ADDRESS_REFUSED"],
    ["https://224.0.0.1/", "ADDRESS_REFUSED"],
    ["https://256.256.256.256/", "URL_INVALID"],
    ["https://1.2.3.4.5/", "URL_INVALID"],
    // names with a meaning
    ["https://localhost/", "HOST_REFUSED"],
    ["https://LOCALHOST/", "HOST_REFUSED"],
    ["https://app.localhost/", "HOST_REFUSED"],
    ["https://metadata.google.internal/computeMetadata/v1/", "HOST_REFUSED"],
    ["https://instance-data/", "HOST_REFUSED"],
  ])("%s: %s", (url, expected) => {
    expect(verdict(url)).toBe(expected);
  });
});

describe("with rules", () => {
  test.each<[options: EgressPolicyOptions, url: string, expected: string]>([
    // host rules open plain HTTP and the ports that they name
    [{ allow: ["books.internal"] }, "http://books.internal/", "lookup"],
    [{ allow: ["books.internal"] }, "https://books.internal/", "lookup"],
    [{ allow: ["books.internal"] }, "http://books.internal:8080/", "SCHEME_REFUSED"],
    [{ allow: ["books.internal"] }, "https://books.internal:8443/", "PORT_REFUSED"],
    [{ allow: ["books.internal:8080"] }, "http://books.internal:8080/", "lookup"],
    [{ allow: ["books.internal:8080"] }, "http://books.internal/", "SCHEME_REFUSED"],
    [{ allow: ["books.internal:8080,9000-9100"] }, "http://books.internal:9050/", "lookup"],
    [{ allow: ["books.internal:*"] }, "http://books.internal:12345/", "lookup"],
    [{ allow: ["books.internal:*"] }, "http://books.internal:22/", "SCHEME_REFUSED"],
    [{ allow: ["books.internal:22"] }, "http://books.internal:22/", "lookup"],
    [{ allow: ["Books.Internal"] }, "http://BOOKS.internal/", "lookup"],
    [{ allow: ["bücher.internal"] }, "http://xn--bcher-kva.internal/", "lookup"],
    [{ allow: ["localhost:8080"] }, "http://localhost:8080/", "lookup"],
    // suffixes match below, never the name itself and never a longer label
    [{ allow: ["*.corp.example"] }, "http://a.corp.example/", "lookup"],
    [{ allow: ["*.corp.example"] }, "http://a.b.corp.example/", "lookup"],
    [{ allow: ["*.corp.example"] }, "http://corp.example/", "SCHEME_REFUSED"],
    [{ allow: ["*.corp.example"] }, "http://evilcorp.example/", "SCHEME_REFUSED"],
    [{ allow: ["*.corp.example"] }, "http://a.corp.example.evil.example/", "SCHEME_REFUSED"],
    // addresses and ranges
    [{ allow: ["127.0.0.1:8080"] }, "http://127.0.0.1:8080/", "allowed"],
    [{ allow: ["127.0.0.1:8080"] }, "http://127.1:8080/", "allowed"],
    [{ allow: ["127.0.0.1:8080"] }, "http://[::ffff:127.0.0.1]:8080/", "allowed"],
    [{ allow: ["127.0.0.1:8080"] }, "http://127.0.0.2:8080/", "ADDRESS_REFUSED"],
    [{ allow: ["127.0.0.1:8080"] }, "http://127.0.0.1:8081/", "ADDRESS_REFUSED"],
    [{ allow: ["127.0.0.1:8080"] }, "http://127.0.0.1/", "ADDRESS_REFUSED"],
    [{ allow: ["127.0.0.1:8080"] }, "http://localhost:8080/", "range"],
    [{ allow: ["10.0.0.0/8"] }, "https://10.9.8.7/", "allowed"],
    [{ allow: ["10.0.0.0/8"] }, "http://10.9.8.7/", "allowed"],
    [{ allow: ["10.0.0.0/8"] }, "https://10.9.8.7:8443/", "ADDRESS_REFUSED"],
    [{ allow: ["10.0.0.0/8:8443"] }, "https://10.9.8.7:8443/", "allowed"],
    [{ allow: ["10.0.0.0/8"] }, "https://11.0.0.1/", "allowed"],
    [{ allow: ["10.0.0.0/8"] }, "https://192.168.0.1/", "ADDRESS_REFUSED"],
    [{ allow: ["10.0.0.0/8"] }, "http://intranet.example/", "range"],
    [{ allow: ["[fd00::1]:8443"] }, "https://[fd00::1]:8443/", "allowed"],
    [{ allow: ["[fd00::/8]:8443"] }, "https://[fd12::1]:8443/", "allowed"],
    [{ allow: ["fd00::/8"] }, "https://[fd12::1]/", "allowed"],
    // what a wide rule doesn't open
    [{ allow: ["0.0.0.0/0"] }, "https://169.254.169.254/", "ADDRESS_REFUSED"],
    [{ allow: ["169.254.0.0/16"] }, "https://169.254.169.254/", "ADDRESS_REFUSED"],
    [{ allow: ["169.254.0.0/16"] }, "https://169.254.1.1/", "allowed"],
    [{ allow: ["169.254.169.254"] }, "http://169.254.169.254/", "allowed"],
    [{ allow: ["0.0.0.0/0"] }, "https://0.0.0.0/", "ADDRESS_REFUSED"],
    [{ allow: ["0.0.0.0/0"] }, "https://224.0.0.1/", "ADDRESS_REFUSED"],
    [{ allow: ["*.internal"] }, "http://metadata.google.internal/", "HOST_REFUSED"],
    [{ allow: ["metadata.google.internal"] }, "http://metadata.google.internal/", "lookup"],
    // deny wins
    [{ allow: ["10.0.0.0/8"], deny: ["10.0.0.5"] }, "https://10.0.0.5/", "ADDRESS_REFUSED"],
    [{ deny: ["8.8.8.0/24"] }, "https://8.8.8.8/", "ADDRESS_REFUSED"],
    [{ deny: ["8.8.8.0/24"] }, "https://[::ffff:8.8.8.8]/", "ADDRESS_REFUSED"],
    [{ deny: ["8.8.8.0/24"] }, "https://[64:ff9b::8.8.8.8]/", "ADDRESS_REFUSED"],
    [{ deny: ["evil.example"] }, "https://evil.example/", "HOST_REFUSED"],
    [{ deny: ["*.evil.example"] }, "https://a.evil.example/", "HOST_REFUSED"],
    [{ allow: ["a.evil.example"], deny: ["*.evil.example"] }, "https://a.evil.example/", "HOST_REFUSED"],
    [{ deny: ["api.example.com:8443"], ports: "any" }, "https://api.example.com/", "lookup"],
    [{ deny: ["api.example.com:8443"], ports: "any" }, "https://api.example.com:8443/", "HOST_REFUSED"],
    // a closed world
    [{ only: ["api.example.com"] }, "https://api.example.com/", "lookup"],
    [{ only: ["api.example.com"] }, "https://other.example.com/", "HOST_REFUSED"],
    [{ only: ["api.example.com"] }, "https://93.184.216.34/", "HOST_REFUSED"],
    [{ only: ["93.184.216.34"] }, "https://93.184.216.34/", "allowed"],
    [{ only: ["localhost"] }, "https://localhost/", "HOST_REFUSED"],
    [{ only: [] }, "https://api.example.com/", "HOST_REFUSED"],
    // ports and plain HTTP everywhere
    [{ ports: [443, "8000-8999"] }, "https://api.example.com:8443/", "lookup"],
    [{ ports: "any" }, "https://api.example.com:12345/", "lookup"],
    [{ ports: "any" }, "https://api.example.com:6379/", "PORT_REFUSED"],
    [{ ports: [6379] }, "https://api.example.com:6379/", "PORT_REFUSED"],
    [{ allowHttp: true }, "http://api.example.com/", "lookup"],
    [{ allowHttp: true }, "http://127.0.0.1/", "ADDRESS_REFUSED"],
    [{ allowHttp: true }, "ftp://api.example.com/", "SCHEME_REFUSED"],
  ])("%j %s: %s", (options, url, expected) => {
    expect(verdict(url, options)).toBe(expected);
  });
});

describe("addresses that a name resolved to", () => {
  const to = (hostname: string, port = 443, secure = true) => ({ hostname, port, secure });
  test.each<[options: EgressPolicyOptions, hostname: string, address: string, code: string | undefined]>([
    [{}, "api.example.com", "93.184.216.34", undefined],
    [{}, "api.example.com", "10.0.0.1", "EGRESS_ADDRESS_REFUSED"],
    [{}, "api.example.com", "::1", "EGRESS_ADDRESS_REFUSED"],
    [{}, "api.example.com", "not an address", "EGRESS_ADDRESS_REFUSED"],
    [{ allow: ["api.example.com"] }, "api.example.com", "10.0.0.1", undefined],
    [{ allow: ["api.example.com"] }, "api.example.com", "127.0.0.1", undefined],
    [{ allow: ["api.example.com"] }, "api.example.com", "169.254.169.254", "EGRESS_ADDRESS_REFUSED"],
    [{ allow: ["api.example.com"] }, "api.example.com", "169.254.1.1", "EGRESS_ADDRESS_REFUSED"],
    [{ allow: ["api.example.com", "169.254.1.0/24"] }, "api.example.com", "169.254.1.1", undefined],
    [{ allow: ["api.example.com"], deny: ["10.0.0.0/8"] }, "api.example.com", "10.0.0.1", "EGRESS_ADDRESS_REFUSED"],
    [{ allow: ["10.0.0.0/8"] }, "api.example.com", "10.0.0.1", undefined],
    [{ allow: ["10.0.0.0/8"] }, "api.example.com", "93.184.216.34", undefined],
  ])("%j %s at %s: %s", (options, hostname, address, code) => {
    expect(checkAddress(address, to(hostname), resolvePolicy(options))?.code).toBe(code);
  });

  test("plain HTTP is refused where no rule matches the address", () => {
    const policy = resolvePolicy({ allow: ["10.0.0.0/8"] });
    expect(checkAddress("93.184.216.34", to("intranet.example", 80, false), policy)?.code).toBe(
      "EGRESS_SCHEME_REFUSED",
    );
    expect(checkAddress("10.0.0.1", to("intranet.example", 80, false), policy)).toBeUndefined();
  });
});

test("a refusal names host, address and what to do, and never the credentials of the URL", () => {
  const check = checkUrl("https://10.0.0.1/path?token=secret#x", resolvePolicy());
  if (check.kind !== "refused") throw new Error("expected a refusal");
  expect(check.error).toMatchObject({
    url: "https://10.0.0.1/path",
    hostname: "10.0.0.1",
    address: "10.0.0.1",
    sent: false,
    message: "10.0.0.1 is refused: private network, RFC 1918 (10.0.0.0/8).",
    hint: 'If this service is meant, have the operator allow "10.0.0.1:443".',
  });
  const withUser = checkUrl("https://me:secret@api.example.com/", resolvePolicy());
  expect(JSON.stringify(withUser) + String(withUser.kind === "refused" && withUser.error)).not.toContain("secret");
});

describe("a URL that need not be parsed", () => {
  const policy = resolvePolicy({});
  checkUrl("https://api.example.com/", policy);

  test.each([
    "https://api.example.com/",
    "https://api.example.com/v1/orders/4711",
    "https://api.example.com/v1/orders?expand=lines&status=a%20b,c",
    "https://api.example.com/a;b=1/~me/$count/(x)/@y/z:1/a%2Fb/c..d",
  ])("%s", (text) => {
    const plain = readPlainUrl(text, policy);
    expect(plain && plain.origin + plain.path).toBe(text);
  });

  test.each([
    ["https://api.example.com", "no path"],
    ["https://other.example.com/", "an origin that nobody checked"],
    ["https://API.example.com/", "an origin written otherwise"],
    ["https://api.example.com:443/", "its default port"],
    ["https://user@api.example.com/", "a user"],
    ["https://api.example.com@evil.example/", "a user that looks like a host"],
    ["https://api.example.com\\@evil.example/", "a backslash"],
    ["http://api.example.com/", "another scheme"],
    ["https://api.example.com/a/../b", "a dot segment"],
    ["https://api.example.com/a/%2e%2E/b", "an encoded dot segment"],
    ["https://api.example.com/a#b", "a fragment"],
    ["https://api.example.com/a b", "white space"],
    ["https://api.example.com/\u00e9", "a letter that is encoded"],
    ["https://api.example.com/?q='", "a quote"],
    ["https://api.example.com/a?", "an empty query"],
    ["https://api.example.com/a\n", "a line break"],
  ])("%j is parsed: %s", (text) => {
    expect(readPlainUrl(text, policy)).toBeUndefined();
  });

  test("is what the URL parser makes of it, whatever the text", () => {
    const alphabet = [..."abZ09-_.~!$&'()*+,;=:@%/?#[]{}|^`\"\\<> \t\u00e9", "%2e", "%2F", "..", "//", "/./"];
    let state = 1;
    const next = (bound: number): number => {
      state = (state * 48271) % 2147483647;
      return state % bound;
    };
    let plain = 0;
    for (let round = 0; round < 20_000; round++) {
      const length = next(8);
      const text = `https://api.example.com/${Array.from({ length }, () => alphabet[next(alphabet.length)]).join("")}`;
      const read = readPlainUrl(text, policy);
      if (read === undefined) continue;
      plain += 1;
      const parsed = new URL(text);
      expect([parsed.href, parsed.origin, parsed.pathname + parsed.search]).toEqual([text, read.origin, read.path]);
    }
    expect(plain).toBeGreaterThan(1_000);
  });

  test("is not known to another policy", () => {
    expect(readPlainUrl("https://api.example.com/", resolvePolicy({}))).toBeUndefined();
  });
});

describe("an origin that is known", () => {
  const policy = resolvePolicy({ allow: ["plain.example:80"] });
  test.each([
    ["https://api.example.com/x", "allowed"],
    ["http://plain.example/x", "allowed"],
    ["blob:https://api.example.com/x", "EGRESS_SCHEME_REFUSED"],
    ["blob:http://plain.example/x", "EGRESS_SCHEME_REFUSED"],
    ["https://user@api.example.com/x", "EGRESS_URL_INVALID"],
  ])("says nothing of another scheme or a user: %s is %s", (url, expected) => {
    for (const known of ["https://api.example.com/", "http://plain.example/"]) {
      expect(checkUrl(known, policy).kind).toBe("allowed");
    }
    for (const input of [url, new URL(url)]) {
      const check = checkUrl(input, policy);
      expect(check.kind === "refused" ? check.error.code : check.kind).toBe(expected);
    }
  });
});
