import { generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { oauth1BaseString, signOAuth1 } from "./oauth1-signature.ts";

const client = { consumerKey: "dpf43f3p2l4k3l03", consumerSecret: "kd94hf93k423kf44", version: false } as const;
const signatureOf = (header: string) => decodeURIComponent(/oauth_signature="([^"]+)"/.exec(header)?.[1] ?? "");

describe("OAuth 1.0a: the example of RFC 5849 section 1.2", () => {
  test("temporary credentials request", () => {
    const header = signOAuth1(
      { method: "POST", url: new URL("https://photos.example.net/initiate") },
      {
        ...client,
        signatureMethod: "HMAC-SHA1",
        realm: "Photos",
        timestamp: 137131200,
        nonce: "wIjqoS",
        callback: "http://printer.example.com/ready",
      },
    );
    expect(signatureOf(header)).toBe("74KNZJeDHnMBp0EMJ9ZHt/XKycU=");
    expect(header).toMatch(/^OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03"/);
  });
  test("token request", () => {
    const header = signOAuth1(
      { method: "POST", url: new URL("https://photos.example.net/token") },
      {
        ...client,
        signatureMethod: "HMAC-SHA1",
        realm: "Photos",
        token: "hh5s93j4hdidpola",
        tokenSecret: "hdhd0244k9j7ao03",
        timestamp: 137131201,
        nonce: "walatlh",
        verifier: "hfdp7dh39dks9884",
      },
    );
    expect(signatureOf(header)).toBe("gKgrFCywp7rO0OXSjdot/IHF7IU=");
  });
  test("request of a protected resource, with query", () => {
    const header = signOAuth1(
      { method: "GET", url: new URL("http://photos.example.net/photos?file=vacation.jpg&size=original") },
      {
        ...client,
        signatureMethod: "HMAC-SHA1",
        realm: "Photos",
        token: "nnch734d00sl2jdk",
        tokenSecret: "pfkkdhi9sl3r4s00",
        timestamp: 137131202,
        nonce: "chapoH",
      },
    );
    expect(signatureOf(header)).toBe("MdpQcU8iPSUjWoN/UDMsK2sui9I=");
  });
});

describe("OAuth 1.0a: the base string of RFC 5849 section 3.4.1.1", () => {
  test("query, form and protocol parameters, sorted after encoding", () => {
    const base = oauth1BaseString(
      {
        method: "POST",
        url: new URL("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
        form: [
          ["c2", ""],
          ["a3", "2 q"],
        ],
      },
      [
        ["oauth_consumer_key", "9djdj82h48djs9d2"],
        ["oauth_token", "kkk9d7dh3k39sjv7"],
        ["oauth_signature_method", "HMAC-SHA1"],
        ["oauth_timestamp", "137131201"],
        ["oauth_nonce", "7d8f3e4a"],
      ],
    );
    expect(base).toBe(
      "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2" +
        "%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1" +
        "%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
    );
  });
});

describe("OAuth 1.0a: the other signature methods", () => {
  const request = { method: "GET", url: new URL("https://api.example/things?b=2&a=1") };
  const at = { timestamp: 1_700_000_000, nonce: "n0nce", token: "t", tokenSecret: "ts/+" };
  test("PLAINTEXT is both secrets, each encoded", () => {
    const header = signOAuth1(request, { ...client, ...at, consumerSecret: "a&b", signatureMethod: "PLAINTEXT" });
    expect(signatureOf(header)).toBe("a%26b&ts%2F%2B");
  });
  test("RSA-SHA1 verifies with the public key over the base string", () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const header = signOAuth1(request, { ...client, ...at, consumerSecret: pem, signatureMethod: "RSA-SHA1" });
    const base = oauth1BaseString(request, [
      ["oauth_consumer_key", client.consumerKey],
      ["oauth_token", "t"],
      ["oauth_signature_method", "RSA-SHA1"],
      ["oauth_timestamp", "1700000000"],
      ["oauth_nonce", "n0nce"],
    ]);
    expect(verify("sha1", Buffer.from(base), publicKey, Buffer.from(signatureOf(header), "base64"))).toBe(true);
  });
  test("HMAC-SHA256 differs from HMAC-SHA1 and has 32 bytes", () => {
    const header = signOAuth1(request, { ...client, ...at, signatureMethod: "HMAC-SHA256" });
    expect(Buffer.from(signatureOf(header), "base64")).toHaveLength(32);
  });
  test("an unreadable RSA key fails with SIGNING_FAILED and does not quote it", () => {
    const sign = () =>
      signOAuth1(request, { ...client, ...at, consumerSecret: "not-a-key", signatureMethod: "RSA-SHA1" });
    expect(sign).toThrow(expect.objectContaining({ code: "SIGNING_FAILED" }));
    expect(sign).not.toThrow(/not-a-key/);
  });
});
