import { createEgress, type Egress } from "@junctor/egress";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { signSigV4 } from "../src/auth/aws-sig-v4.ts";
import { createAwsKmsKeyPort, type SignKmsRequest } from "../src/credentials/key-ports/aws-kms-key-port.ts";
import { describeKeyPort } from "../src/credentials/key-ports/testkit/key-port-suite.ts";
import { createVaultTransitKeyPort } from "../src/credentials/key-ports/vault-transit-key-port.ts";
import type { KeyPort } from "../src/ports/key-port.ts";
import { type KeyServiceStandIn, startKmsStandIn, startTransitStandIn } from "./key-service-stand-ins.ts";

// The two key services through real egress, against servers on loopback that play them.

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG", region: "eu-central-1" };
const arn = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
const sign =
  (secretAccessKey: string): SignKmsRequest =>
  ({ method, url, headers, body }) =>
    signSigV4(
      { method, path: new URL(url).pathname, query: [], headers, body },
      { ...credentials, secretAccessKey, service: "kms", date: new Date() },
    );

let egress: Egress;
let kms: KeyServiceStandIn;
let vault: KeyServiceStandIn;

beforeAll(async () => {
  kms = await startKmsStandIn([arn("one"), arn("two")], credentials);
  vault = await startTransitStandIn(["one", "two"], "s.token");
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

const openKms = (keyId: string, formerKeyIds: string[] = [], secret = credentials.secretAccessKey): KeyPort =>
  createAwsKmsKeyPort({ http: egress, endpoint: `${kms.url}/`, keyId, formerKeyIds, sign: sign(secret) });
const openVault = (key: string, formerKeys: string[] = [], token = "s.token"): KeyPort =>
  createVaultTransitKeyPort({ http: egress, address: `${vault.url}/`, key, formerKeys, token: () => token });

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
  it.each<[what: string, open: () => KeyPort, message: RegExp]>([
    ["a key that KMS does not have", () => openKms(arn("none")), /AWS KMS refused Encrypt: NotFoundException/],
    ["a wrong secret access key", () => openKms(arn("one"), [], "wrong"), /InvalidSignatureException/],
    ["a key that Vault does not have", () => openVault("none"), /Vault refused encrypt: encryption key not found/],
    ["a wrong Vault token", () => openVault("one", [], "s.other"), /Vault refused encrypt: permission denied/],
  ])("%s is named in the error", async (_what, open, message) => {
    const wrapping = open().wrap(new Uint8Array(32), "c");
    await expect(wrapping).rejects.toThrow(message);
    await expect(wrapping).rejects.toMatchObject({ code: "KEY_UNAVAILABLE", hint: expect.stringContaining("Check") });
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
