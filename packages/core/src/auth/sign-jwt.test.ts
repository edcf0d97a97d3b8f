import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { type JwtAlgorithm, jwtAlgorithms, signJwt, withJwtTimes } from "./sign-jwt.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).privateKey;
const pem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
const secret = "a secret of more than sixty-four bytes, so that HS512 takes it as well, says RFC 7518";
const keys: Readonly<Record<JwtAlgorithm, KeyObject | string>> = {
  HS256: secret,
  HS384: secret,
  HS512: secret,
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: ec("P-256"),
  ES384: ec("P-384"),
  ES512: ec("P-521"),
  EdDSA: generateKeyPairSync("ed25519").privateKey,
};
const claims = { iss: "junctor", sub: "someone", iat: 1_700_000_000, exp: 4_000_000_000 };

describe("JWT: every algorithm verifies with jose", () => {
  test.each(jwtAlgorithms)("%s", async (algorithm) => {
    const key = keys[algorithm];
    const text = typeof key === "string" ? key : pem(key);
    const token = signJwt({ algorithm, key: text, claims, header: { kid: "k1" } });
    const verifier = typeof key === "string" ? Buffer.from(key) : createPublicKey(key);
    const { payload, protectedHeader } = await jwtVerify(token, verifier, { algorithms: [algorithm] });
    expect(payload).toEqual(claims);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "JWT", kid: "k1" });
  });
});

describe("JWT: published examples", () => {
  test("the Ed25519 key of RFC 8037 appendix A signs deterministically, with 64 bytes", () => {
    const jwk = JSON.stringify({
      kty: "OKP",
      crv: "Ed25519",
      d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    const token = signJwt({ algorithm: "EdDSA", key: jwk, claims: {}, header: {} });
    const [header, payload, signature] = token.split(".");
    expect(Buffer.from(header ?? "", "base64url").toString()).toBe('{"alg":"EdDSA","typ":"JWT"}');
    expect(payload).toBe("e30");
    expect(signature).toHaveLength(86);
    expect(signJwt({ algorithm: "EdDSA", key: jwk, claims: {} })).toBe(token);
  });
  test("the jwt.io example, HS256", () => {
    const token = signJwt({
      algorithm: "HS256",
      key: "your-256-bit-secret",
      claims: { sub: "1234567890", name: "John Doe", iat: 1516239022 },
    });
    expect(token).toBe(
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ." +
        "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    );
  });
});

describe("JWT: keys", () => {
  test("a JWK and the PEM of the same key sign alike", () => {
    const jwk = JSON.stringify(rsa.export({ format: "jwk" }));
    expect(signJwt({ algorithm: "RS256", key: jwk, claims })).toBe(
      signJwt({ algorithm: "RS256", key: pem(rsa), claims }),
    );
  });
  test("a PEM whose line breaks are written as \\n is read", () => {
    const escaped = pem(rsa).replaceAll("\n", "\\n");
    expect(signJwt({ algorithm: "RS256", key: escaped, claims })).toBe(
      signJwt({ algorithm: "RS256", key: pem(rsa), claims }),
    );
  });
  test.each([
    ["an RSA key for ES256", "ES256", pem(rsa)],
    ["a P-384 key for ES256", "ES256", pem(ec("P-384"))],
    ["an EC key for RS256", "RS256", pem(ec("P-256"))],
    ["an RSA key for EdDSA", "EdDSA", pem(rsa)],
    ["an empty secret", "HS256", ""],
    ["text that is no key", "PS256", "hunter2-hunter2"],
  ] as const)("%s is refused with SIGNING_FAILED, without quoting it", (_title, algorithm, key) => {
    const run = () => signJwt({ algorithm, key, claims });
    expect(run).toThrow(expect.objectContaining({ code: "SIGNING_FAILED" }));
    expect(run).not.toThrow(/hunter2|BEGIN PRIVATE/);
  });
});

describe("JWT: times", () => {
  const times = { nowSeconds: 100, lifetimeSeconds: 60, id: "x" };
  test.each([
    ["iat, exp and jti are added", {}, { iat: 100, exp: 160, jti: "x" }],
    ["exp counts from a given iat", { iat: 50 }, { iat: 50, exp: 110, jti: "x" }],
    ["given claims win", { exp: 7, jti: "mine" }, { iat: 100, exp: 7, jti: "mine" }],
  ])("%s", (_title, given, expected) => expect(withJwtTimes(given, times)).toEqual(expected));
});
