import { randomBytes } from "node:crypto";
import { createEgress, type Egress } from "@junctor/egress";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAwsKmsKeyPort } from "../src/credentials/key-ports/aws-kms-key-port.ts";
import { combineKeyPorts } from "../src/credentials/key-ports/combine-key-ports.ts";
import { describeKeyPort } from "../src/credentials/key-ports/testkit/key-port-suite.ts";
import { loadVaultKvKeyPort } from "../src/credentials/key-ports/vault-kv-key-port.ts";
import { createVaultTransitKeyPort } from "../src/credentials/key-ports/vault-transit-key-port.ts";
import type { KeyPort } from "../src/ports/key-port.ts";
import {
  type KeyServiceStandIn,
  startKmsStandIn,
  startVaultStandIn,
  type VaultStandIn,
} from "../src/testkit/key-service-stand-ins.ts";

// The two key services through real egress, against servers on loopback that play them.

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG", region: "eu-central-1" };
const arn = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
const makeKey = () => randomBytes(32).toString("base64");

let egress: Egress;
let kms: KeyServiceStandIn;
let vault: VaultStandIn;

beforeAll(async () => {
  kms = await startKmsStandIn([arn("one"), arn("two")], credentials);
  vault = await startVaultStandIn(["one", "two"], "s.token");
  egress = createEgress({ allow: [new URL(kms.url).host, new URL(vault.url).host] });
});
afterAll(async () => {
  await egress.close();
  await Promise.all([kms.close(), vault.close()]);
});
afterEach(() => {
  kms.failNext(0, 500);
  vault.failNext(0, 500);
});

const openKms = (keyId: string, formerKeyIds: string[] = [], secretAccessKey = credentials.secretAccessKey): KeyPort =>
  createAwsKmsKeyPort({
    http: egress,
    endpoint: `${kms.url}/`,
    region: credentials.region,
    keyId,
    formerKeyIds,
    credentials: () => ({ accessKeyId: credentials.accessKeyId, secretAccessKey }),
  });
const openVault = (key: string, formerKeys: string[] = [], token = "s.token"): KeyPort =>
  createVaultTransitKeyPort({ http: egress, address: `${vault.url}/`, key, formerKeys, token: () => token });
const openKv = (secret: string): Promise<KeyPort> =>
  loadVaultKvKeyPort({ http: egress, address: vault.url, secret, token: () => "s.token" });

describeKeyPort("AWS KMS", async () => ({
  keyPort: openKms(arn("one")),
  rotated: openKms(arn("two"), [arn("one")]),
  stranger: openKms(arn("three")),
}));

describeKeyPort("Vault transit", async () => ({
  keyPort: openVault("one"),
  rotated: openVault("two", ["one"]),
  stranger: openVault("three"),
}));

describeKeyPort("Vault key-value", async () => {
  const [first, second] = [makeKey(), makeKey()];
  vault.writeSecret("junctor/first", { keys: first });
  vault.writeSecret("junctor/rotated", { keys: `${second}\n${first}\n` });
  vault.writeSecret("stranger", { keys: makeKey() });
  return {
    keyPort: await openKv("junctor/first"),
    rotated: await openKv("junctor/rotated"),
    stranger: await openKv("stranger"),
  };
});

describeKeyPort("a key service after a move from another one", async () => ({
  keyPort: openVault("one"),
  rotated: combineKeyPorts(openKms(arn("one")), openVault("one")),
  stranger: combineKeyPorts(openKms(arn("two")), openVault("two")),
}));

describe.each([
  ["AWS KMS", () => openKms(arn("one")), () => kms],
  ["Vault transit", () => openVault("one"), () => vault],
] as const)("%s when the service has trouble", (_name, open, standIn) => {
  it.each([500, 503, 429])("is asked again after status %i, three times in all", async (status) => {
    const before = standIn().requests();
    standIn().failNext(2, status);
    await expect(open().wrap(new Uint8Array(32), "c")).resolves.toEqual(expect.any(String));
    expect(standIn().requests() - before).toBe(3);
  });

  it("gives up after the third attempt with an error that may pass", async () => {
    standIn().failNext(3, 503);
    await expect(open().wrap(new Uint8Array(32), "c")).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      retryable: true,
      message: expect.stringContaining("HTTP status 503"),
    });
  });
});

describe("what the services refuse", () => {
  it.each<[what: string, open: () => KeyPort, message: RegExp, hint: RegExp]>([
    ["a key that KMS does not have", () => openKms(arn("none")), /AWS KMS refused Encrypt: NotFound/, /region/],
    ["a wrong secret access key", () => openKms(arn("one"), [], "wrong"), /InvalidSignatureException/, /clock/],
    [
      "a key that Vault does not have",
      () => openVault("none"),
      /Vault refused encrypt at transit\/encrypt\/none: encryption key not found/,
      /Create the transit key/,
    ],
    [
      "a wrong or expired Vault token",
      () => openVault("one", [], "s.other"),
      /permission denied \* invalid token/,
      /has expired: give a valid one/,
    ],
  ])("%s is named in the error, with what helps", async (_what, open, message, hint) => {
    const wrapping = open().wrap(new Uint8Array(32), "c");
    await expect(wrapping).rejects.toThrow(message);
    await expect(wrapping).rejects.toMatchObject({ code: "KEY_UNAVAILABLE", hint: expect.stringMatching(hint) });
  });

  const kmsSays = (type: string) => ({ __type: type });
  it.each<
    [open: () => KeyPort, standIn: () => KeyServiceStandIn, status: number, body: object, message: RegExp, hint: RegExp]
  >([
    [
      () => openVault("one"),
      () => vault,
      503,
      { errors: ["Vault is sealed"] },
      /status 503, Vault is sealed/,
      /vault operator unseal/,
    ],
    [
      () => openVault("one"),
      () => vault,
      501,
      { errors: ["Vault is not initialized"] },
      /not initialized/,
      /Initialise/,
    ],
    [
      () => openVault("one"),
      () => vault,
      403,
      { errors: ["permission denied"] },
      /permission denied/,
      /its policy does not allow/,
    ],
    [() => openVault("one"), () => vault, 404, { errors: [] }, /status 404/, /check mount and name/],
    [() => openVault("one"), () => vault, 307, {}, /status 307/, /Check the address/],
    [
      () => openKms(arn("one")),
      () => kms,
      400,
      kmsSays("ExpiredTokenException"),
      /ExpiredToken/,
      /session token has expired/,
    ],
    [
      () => openKms(arn("one")),
      () => kms,
      400,
      kmsSays("AccessDeniedException"),
      /AccessDenied/,
      /kms:Encrypt and kms:Decrypt/,
    ],
    [() => openKms(arn("one")), () => kms, 400, kmsSays("DisabledException"), /Disabled/, /Enable the key/],
    [
      () => openKms(arn("one")),
      () => kms,
      400,
      kmsSays("ThrottlingException"),
      /does not answer.*Throttling/,
      /Nothing was changed/,
    ],
  ])("%# %s", async (open, standIn, status, body, message, hint) => {
    standIn().failNext(3, status, body);
    const wrapping = open().wrap(new Uint8Array(32), "c");
    await expect(wrapping).rejects.toThrow(message);
    await expect(wrapping).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      retryable: true,
      hint: expect.stringMatching(hint),
    });
  });

  it("a token that was renewed is used for the next request", async () => {
    let token = "s.old";
    const port = createVaultTransitKeyPort({ http: egress, address: vault.url, key: "one", token: () => token });
    await expect(port.wrap(new Uint8Array(32), "c")).rejects.toThrow(/invalid token/);
    token = "s.token";
    await expect(port.wrap(new Uint8Array(32), "c")).resolves.toMatch(/^vault:v1:/);
  });

  it.each<[what: string, secret: string, fields: Record<string, string> | undefined, message: RegExp, hint: RegExp]>([
    [
      "a secret that is not there",
      "nowhere",
      undefined,
      /refused read at secret\/data\/nowhere/,
      /check mount and name/,
    ],
    [
      "a secret without the field",
      "empty",
      { other: "x" },
      /no text in the field keys of the secret secret\/empty/,
      /vault kv put/,
    ],
    ["a secret that is no key", "phrase", { keys: "hunter2" }, /not 32 bytes/, /openssl rand/],
  ])("%s is no master key", async (_what, secret, fields, message, hint) => {
    if (fields !== undefined) vault.writeSecret(secret, fields);
    const loading = openKv(secret);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ hint: expect.stringMatching(hint) });
    await expect(loading).rejects.not.toThrow(/hunter2/);
  });

  it("an address that the outbound policy closes is not asked", async () => {
    const closed = createEgress();
    const before = vault.requests();
    const port = createVaultTransitKeyPort({ http: closed, address: vault.url, key: "one", token: () => "s.token" });
    await expect(port.wrap(new Uint8Array(32), "c")).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
    expect(vault.requests()).toBe(before);
    await closed.close();
  });
});
