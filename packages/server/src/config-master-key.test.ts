import { describe, expect, it } from "vitest";
import { type Environment, resolveConfig } from "./config.ts";

const arn = "arn:aws:kms:eu-central-1:111122223333:key/one";
const access = { JUNCTOR_KMS_ACCESS_KEY_ID: "AKID", JUNCTOR_KMS_SECRET_ACCESS_KEY: "s3cr3t" };
const vault = { JUNCTOR_VAULT_ADDRESS: "https://vault.internal:8200/", JUNCTOR_VAULT_TOKEN: "s.token" };
const vaultPlace = {
  address: "https://vault.internal:8200",
  token: { kind: "given", value: "s.token" },
  namespace: undefined,
};

describe("the source of the master key", () => {
  const accepted: readonly [environment: Environment, current: object | undefined, former: readonly object[]][] = [
    [{}, undefined, []],
    [{ JUNCTOR_MASTER_KEY: "" }, undefined, []],
    [{ JUNCTOR_MASTER_KEY: "new,old" }, { kind: "keys", setting: "JUNCTOR_MASTER_KEY", text: "new,old" }, []],
    [{ JUNCTOR_MASTER_KEY_FILE: "/run/key" }, { kind: "key-file", path: "/run/key" }, []],
    [
      { JUNCTOR_KMS_KEY: arn, JUNCTOR_KMS_FORMER_KEYS: "a, b", ...access },
      {
        kind: "aws-kms",
        keyId: arn,
        formerKeyIds: ["a", "b"],
        region: "eu-central-1",
        endpoint: "https://kms.eu-central-1.amazonaws.com/",
        credentials: { kind: "given", value: { accessKeyId: "AKID", secretAccessKey: "s3cr3t" } },
      },
      [],
    ],
    [
      {
        JUNCTOR_KMS_KEY: "alias/junctor",
        JUNCTOR_KMS_REGION: "us-east-1",
        JUNCTOR_KMS_ENDPOINT: "http://127.0.0.1:4566",
        JUNCTOR_KMS_CREDENTIALS_FILE: "/run/aws",
      },
      { region: "us-east-1", endpoint: "http://127.0.0.1:4566/", credentials: { kind: "file", path: "/run/aws" } },
      [],
    ],
    [
      { JUNCTOR_VAULT_TRANSIT_KEY: "junctor", JUNCTOR_VAULT_TRANSIT_FORMER_KEYS: "old", ...vault },
      { kind: "vault-transit", vault: vaultPlace, mount: "transit", key: "junctor", formerKeys: ["old"] },
      [],
    ],
    [
      { JUNCTOR_VAULT_KV_SECRET: "junctor/master-key", JUNCTOR_VAULT_KV_MOUNT: "/kv/", ...vault },
      { kind: "vault-kv", vault: vaultPlace, mount: "kv", secret: "junctor/master-key", field: "keys" },
      [],
    ],
    [
      { JUNCTOR_VAULT_TRANSIT_KEY: "junctor", JUNCTOR_FORMER_MASTER_KEYS_FILE: "/run/old", ...vault },
      { kind: "vault-transit" },
      [{ kind: "key-file", path: "/run/old" }],
    ],
    [
      { JUNCTOR_MASTER_KEY: "new", JUNCTOR_KMS_FORMER_KEYS: arn, ...access },
      { kind: "keys" },
      [{ kind: "aws-kms", keyId: arn, formerKeyIds: [] }],
    ],
    [
      { JUNCTOR_KMS_KEY: arn, ...access, JUNCTOR_VAULT_TRANSIT_FORMER_KEYS: "old", ...vault },
      { kind: "aws-kms" },
      [{ kind: "vault-transit", key: "old" }],
    ],
  ];
  it.each(accepted)("%j", (environment, current, former) => {
    const { masterKey } = resolveConfig(environment);
    if (current === undefined) expect(masterKey.current).toBeUndefined();
    else expect(masterKey.current).toMatchObject(current);
    expect(masterKey.former).toMatchObject(former);
    expect(masterKey.former).toHaveLength(former.length);
  });

  const refused: readonly [environment: Environment, message: RegExp][] = [
    [
      { JUNCTOR_MASTER_KEY: "x", JUNCTOR_MASTER_KEY_FILE: "/y" },
      /^JUNCTOR_MASTER_KEY: the master key has one source, and these are set: JUNCTOR_MASTER_KEY, JUNCTOR_MASTER_KEY_FILE\. Keep one\./,
    ],
    [
      { JUNCTOR_MASTER_KEY_FILE: "/y", JUNCTOR_KMS_KEY: arn, ...access, JUNCTOR_VAULT_KV_SECRET: "a", ...vault },
      /these are set: JUNCTOR_MASTER_KEY_FILE, JUNCTOR_KMS_KEY, JUNCTOR_VAULT_KV_SECRET\./,
    ],
    [{ JUNCTOR_KMS_KEY: "alias/x", ...access }, /^JUNCTOR_KMS_REGION: is needed: JUNCTOR_KMS_KEY is no ARN/],
    [{ JUNCTOR_KMS_KEY: arn }, /^JUNCTOR_KMS_ACCESS_KEY_ID: is needed beside JUNCTOR_KMS_KEY/],
    [{ JUNCTOR_KMS_KEY: arn, JUNCTOR_KMS_ACCESS_KEY_ID: "a" }, /^JUNCTOR_KMS_SECRET_ACCESS_KEY: is needed/],
    [{ JUNCTOR_KMS_KEY: arn, JUNCTOR_KMS_CREDENTIALS_FILE: "/f", ...access }, /Keep one of the two/],
    [{ ...access }, /^JUNCTOR_KMS_ACCESS_KEY_ID: has no use without JUNCTOR_KMS_KEY/],
    [{ JUNCTOR_VAULT_TRANSIT_KEY: "k" }, /^JUNCTOR_VAULT_ADDRESS: is needed beside JUNCTOR_VAULT_TRANSIT_KEY/],
    [{ JUNCTOR_VAULT_KV_SECRET: "k", JUNCTOR_VAULT_ADDRESS: "https://v" }, /^JUNCTOR_VAULT_TOKEN: or .* is needed/],
    [{ JUNCTOR_VAULT_KV_SECRET: "k", ...vault, JUNCTOR_VAULT_TOKEN_FILE: "/t" }, /Keep one of the two/],
    [{ ...vault }, /^JUNCTOR_VAULT_ADDRESS: has no use without JUNCTOR_VAULT_TRANSIT_KEY or JUNCTOR_VAULT_KV_SECRET/],
    [
      { JUNCTOR_VAULT_TRANSIT_KEY: "k", ...vault, JUNCTOR_VAULT_ADDRESS: "http://vault.internal:8200" },
      /^JUNCTOR_VAULT_ADDRESS: must be an https address \(http on this machine only\)/,
    ],
    [{ JUNCTOR_VAULT_KV_SECRET: "a//b", ...vault }, /^JUNCTOR_VAULT_KV_SECRET: must be a path such as/],
    [{ JUNCTOR_VAULT_KV_SECRET: "../sys/seal", ...vault }, /^JUNCTOR_VAULT_KV_SECRET: must be a path such as/],
    [{ JUNCTOR_VAULT_TRANSIT_KEY: "k", ...vault, JUNCTOR_VAULT_ADDRESS: "vault:8200" }, /must be an https address/],
    [
      { JUNCTOR_VAULT_TRANSIT_KEY: "k", ...vault, JUNCTOR_VAULT_ADDRESS: "https://me:s3cr3t@vault.internal" },
      /^(?!.*s3cr3t)JUNCTOR_VAULT_ADDRESS: must be an https address .* without user name/,
    ],
  ];
  it.each(refused)("refuses %j", (environment, message) => {
    expect(() => resolveConfig(environment)).toThrow(expect.objectContaining({ name: "ConfigError" }));
    expect(() => resolveConfig(environment)).toThrow(message);
  });
});
