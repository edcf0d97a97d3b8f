import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, type JWTPayload, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HttpPort } from "../ports/http.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";
import { createUserTokenVerifier } from "./verify-user-token.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const secret = "a secret of at least thirty-two bytes";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");
const pem = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

const issuer: TrustedIssuer = {
  issuer: "https://app.example",
  audience: "junctor",
  algorithms: ["HS256"],
  key: { kind: "secret", secret },
};

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string;
  readonly iat?: number;
  readonly exp?: number | undefined;
  readonly [claim: string]: unknown;
}

async function sign(
  claims: Claims = {},
  alg = "HS256",
  key: KeyObject | Uint8Array = Buffer.from(secret),
  kid?: string,
): Promise<string> {
  const payload = {
    iss: "https://app.example",
    aud: "junctor",
    sub: "u1",
    iat: now / 1000,
    exp: now / 1000 + 300,
    ...claims,
  };
  return new SignJWT(payload as JWTPayload).setProtectedHeader(kid === undefined ? { alg } : { alg, kid }).sign(key);
}

let jwks: { keys: object[] };
let fetched: number;
let answer: () => { status: number; text: string };
let clockNow: number;
const http = {
  request: async () => {
    fetched += 1;
    const { status, text } = answer();
    return { status, headers: {}, url: "", redirect: undefined, body: { text: async () => text, discard: () => {} } };
  },
} as unknown as HttpPort;
const create = () => createUserTokenVerifier({ http, clock: { now: () => clockNow } });

beforeEach(async () => {
  jwks = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: "k1", alg: "RS256" }] };
  fetched = 0;
  clockNow = now;
  answer = () => ({ status: 200, text: JSON.stringify(jwks) });
});

describe("a user token is accepted", () => {
  const table: readonly [
    alg: "HS256" | "RS256" | "ES256" | "EdDSA",
    key: TrustedIssuer["key"],
    signer: KeyObject | Uint8Array,
  ][] = [
    ["HS256", { kind: "secret", secret }, Buffer.from(secret)],
    ["RS256", { kind: "publicKey", pem: pem(rsa.publicKey) }, rsa.privateKey],
    ["ES256", { kind: "publicKey", pem: pem(ec.publicKey) }, ec.privateKey],
    ["EdDSA", { kind: "publicKey", pem: pem(ed.publicKey) }, ed.privateKey],
  ];
  it.each(table)("signed with %s", async (alg, key, signer) => {
    const user = await create().verify(await sign({}, alg, signer), { ...issuer, algorithms: [alg], key });
    expect(user).toMatchObject({ id: "u1", roles: [], groups: [] });
  });
  it("with the user's properties, also under other names", async () => {
    const claims = { email: "a@b.example", name: "Ada", roles: ["admin"], groups: "x y", org: { team: [7, "z"] } };
    expect(await create().verify(await sign(claims), issuer)).toMatchObject({
      email: "a@b.example",
      name: "Ada",
      roles: ["admin"],
      groups: ["x", "y"],
    });
    const mapped = { ...issuer, claims: { id: "/email", groups: "/org/team" } };
    expect(await create().verify(await sign(claims), mapped)).toMatchObject({ id: "a@b.example", groups: ["7", "z"] });
  });
  const byKeySet: TrustedIssuer = {
    ...issuer,
    algorithms: ["RS256", "ES256"],
    key: { kind: "jwks", url: "https://app.example/jwks" },
  };
  const addKey = async (kid: string) => {
    jwks = { keys: [...jwks.keys, { ...(await exportJWK(ec.publicKey)), kid, alg: "ES256" }] };
  };
  const signWith = (kid: string, sub = kid) => sign({ sub }, "ES256", ec.privateKey, kid);
  it("by a key set that is fetched once, and at once again when a key id is unknown", async () => {
    const verifier = create();
    await verifier.verify(await sign({ sub: "a" }, "RS256", rsa.privateKey, "k1"), byKeySet);
    await verifier.verify(await sign({ sub: "b" }, "RS256", rsa.privateKey, "k1"), byKeySet);
    expect(fetched).toBe(1);
    await addKey("k2");
    const tokens = await Promise.all(["x", "y", "z"].map((sub) => signWith("k2", sub)));
    const users = await Promise.all(tokens.map((token) => verifier.verify(token, byKeySet)));
    expect(users.map(({ id }) => id)).toEqual(["x", "y", "z"]);
    expect(fetched).toBe(2);
    clockNow += 2_000;
    await addKey("k3");
    expect(await verifier.verify(await signWith("k3"), byKeySet)).toMatchObject({ id: "k3" });
    expect(fetched).toBe(3);
  });
  it("by a key set that a flood of made-up key ids makes us fetch ever less often", async () => {
    const verifier = create();
    await verifier.verify(await sign({ sub: "a" }, "RS256", rsa.privateKey, "k1"), byKeySet);
    const fetchedIn = async (seconds: number) => {
      const before = fetched;
      for (let second = 0; second < seconds; second += 1) {
        await expect(verifier.verify(await signWith(`made-up-${clockNow}`), byKeySet)).rejects.toThrow(ConnectorError);
        clockNow += 1_000;
      }
      return fetched - before;
    };
    // At 0, 4, 12, 28 and 58 s.
    expect(await fetchedIn(60)).toBe(5);
    expect(await fetchedIn(60)).toBe(2);
    await addKey("k2");
    await expect(verifier.verify(await signWith("k2"), byKeySet)).rejects.toThrow(ConnectorError);
    clockNow += 30_000;
    expect(await verifier.verify(await signWith("k2"), byKeySet)).toMatchObject({ id: "k2" });
    clockNow += 2_000;
    expect(await fetchedIn(1)).toBe(1);
  });
  it("by the keys that are there while the set cannot be read anew", async () => {
    const verifier = create();
    await verifier.verify(await sign({ sub: "a" }, "RS256", rsa.privateKey, "k1"), byKeySet);
    answer = () => ({ status: 500, text: "" });
    await expect(verifier.verify(await signWith("k9"), byKeySet)).rejects.toThrow(/could not be read/);
    expect(await verifier.verify(await sign({ sub: "b" }, "RS256", rsa.privateKey, "k1"), byKeySet)).toMatchObject({
      id: "b",
    });
  });
  it("by old keys for a day while the set cannot be read, which is asked for ever less often", async () => {
    const verifier = create();
    const verify = async (sub: string) =>
      verifier.verify(
        await sign({ sub, iat: clockNow / 1000, exp: clockNow / 1000 + 60 }, "RS256", rsa.privateKey, "k1"),
        byKeySet,
      );
    await verify("a");
    answer = () => ({ status: 500, text: "" });
    clockNow += 10 * 60_000;
    const before = fetched;
    for (let second = 0; second < 60; second += 1) {
      expect(await verify(`s${second}`)).toMatchObject({ id: `s${second}` });
      clockNow += 1_000;
    }
    // At 0, 2, 6, 14 and 30 s.
    expect(fetched - before).toBe(5);
    clockNow = now + 24 * 60 * 60_000;
    await expect(verify("late")).rejects.toThrow(/could not be read/);
    answer = () => ({ status: 200, text: JSON.stringify(jwks) });
    clockNow += 30_000;
    expect(await verify("back")).toMatchObject({ id: "back" });
  });
  it("by a set that could not be read at first, which is not fetched for every token", async () => {
    const verifier = create();
    const verify = async (sub: string) => verifier.verify(await sign({ sub }, "RS256", rsa.privateKey, "k1"), byKeySet);
    answer = () => ({ status: 500, text: "" });
    for (const sub of ["a", "b", "c"]) await expect(verify(sub)).rejects.toThrow(/could not be read/);
    expect(fetched).toBe(1);
    answer = () => ({ status: 200, text: JSON.stringify(jwks) });
    clockNow += 2_000;
    expect(await verify("d")).toMatchObject({ id: "d" });
  });
  it("without checking the signature anew while it lives, and not after", async () => {
    const verifier = create();
    const token = await sign();
    const first = await verifier.verify(token, issuer);
    expect(await verifier.verify(token, issuer)).toBe(first);
    clockNow += 400_000;
    await expect(verifier.verify(token, issuer)).rejects.toThrow(/has ended/);
  });
});

describe("a user token is refused", () => {
  const table: readonly [
    why: string,
    token: () => Promise<string> | string,
    issuer: Partial<TrustedIssuer>,
    message: RegExp,
  ][] = [
    ["another issuer", () => sign({ iss: "https://evil.example" }), {}, /claim `iss`/],
    ["another audience", () => sign({ aud: "other" }), {}, /claim `aud`/],
    ["it has ended", () => sign({ exp: now / 1000 - 60 }), {}, /has ended/],
    ["it does not end", () => sign({ exp: undefined }), {}, /claim `exp`/],
    ["it is not valid yet", () => sign({ nbf: now / 1000 + 120 }), {}, /claim `nbf`/],
    ["it lives too long", () => sign({ exp: now / 1000 + 86_400 }), {}, /longer than 3600 s/],
    [
      "it claims to be issued late to live longer",
      () => sign({ iat: undefined, exp: now / 1000 + 7_200 } as never),
      {},
      /longer than/,
    ],
    ["another secret", () => sign({}, "HS256", Buffer.from("another secret of thirty-two bytes!")), {}, /signature/],
    [
      "the public key as an HS256 secret",
      () => sign({}, "HS256", Buffer.from(pem(rsa.publicKey))),
      { algorithms: ["RS256", "HS256"], key: { kind: "publicKey", pem: pem(rsa.publicKey) } },
      /algorithm/,
    ],
    ["no signature at all", () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"u1"}')}.`, {}, /algorithm|signature/],
    ["an algorithm that is not allowed", () => sign({}, "RS256", rsa.privateKey), {}, /algorithm/],
    ["no user", () => sign({ sub: "" }), {}, /names no user/],
    ["a user id that is an object", () => sign({ who: {} }), { claims: { id: "/who" } }, /names no user/],
    ["a pointer into a prototype", () => sign(), { claims: { id: "/constructor/name" } }, /names no user/],
    ["nonsense", () => "x.y.z", {}, /signature/],
    ["too long", () => "x".repeat(10_000), {}, /too long/],
  ];
  it.each(table)("%s", async (_why, token, change, message) => {
    const error = await create()
      .verify(await token(), { ...issuer, ...change })
      .then(
        () => undefined,
        (e: unknown) => e,
      );
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({
      code: "USER_TOKEN_INVALID",
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });
  it("although it was good by the key that another workspace trusts for the same issuer", async () => {
    const verifier = create();
    const forged = "another secret of thirty-two bytes or more";
    const token = await sign({ sub: "the director" }, "HS256", Buffer.from(forged));
    const elsewhere: TrustedIssuer = { ...issuer, key: { kind: "secret", secret: forged } };
    expect((await verifier.verify(token, elsewhere)).id).toBe("the director");
    await expect(verifier.verify(token, issuer)).rejects.toThrow(/signature/);
  });
  it("when the key set cannot be read", async () => {
    answer = () => ({ status: 500, text: "" });
    const byKeySet: TrustedIssuer = {
      ...issuer,
      algorithms: ["RS256"],
      key: { kind: "jwks", url: "https://app.example/jwks" },
    };
    await expect(create().verify(await sign({}, "RS256", rsa.privateKey, "k1"), byKeySet)).rejects.toThrow(
      /could not be read/,
    );
  });
});
