import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretPurpose } from "@junctor/core";
import { type KeyServiceStandIn, startKmsStandIn, startVaultStandIn, type VaultStandIn } from "@junctor/core/testkit";
import { type Environment, type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

/** Servers that are started by their environment, with the master key in every place that it may come from. */
const apiKey = `jk_${randomBytes(30).toString("base64url")}`;
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG", region: "eu-central-1" };
const arn = (name: string) => `arn:aws:kms:eu-central-1:111122223333:key/${name}`;
const makeKey = () => randomBytes(32).toString("base64");
let root: string;
let postgres: TestPostgres;
let kms: KeyServiceStandIn;
let vault: VaultStandIn;
let server: RunningServer | undefined;
let databases = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "junctor-master-key-"));
  postgres = await startTestPostgres();
  kms = await startKmsStandIn([arn("one"), arn("two")], credentials);
  vault = await startVaultStandIn(["one", "two"], "s.first");
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  kms.failNext(0, 500);
  vault.failNext(0, 500);
  vault.acceptToken("s.first");
});
afterAll(async () => {
  await Promise.all([kms.close(), vault.close(), postgres.stop()]);
  await rm(root, { recursive: true, force: true });
});

async function makeDatabase(): Promise<Environment> {
  databases += 1;
  return { DATABASE_URL: await postgres.createDatabase(`keys${databases}`) };
}

async function writePrivate(name: string, text: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

const fromKms = (name: string): Environment => ({
  JUNCTOR_KMS_KEY: arn(name),
  JUNCTOR_KMS_ENDPOINT: kms.url,
  JUNCTOR_KMS_ACCESS_KEY_ID: credentials.accessKeyId,
  JUNCTOR_KMS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});
const fromTransit = (name: string, token = "s.first"): Environment => ({
  JUNCTOR_VAULT_TRANSIT_KEY: name,
  JUNCTOR_VAULT_ADDRESS: vault.url,
  JUNCTOR_VAULT_TOKEN: token,
});

async function start(environment: Environment): Promise<RunningServer> {
  server = await startServer(
    resolveConfig({ JUNCTOR_PORT: "0", JUNCTOR_LOG_LEVEL: "silent", JUNCTOR_FIRST_KEY: apiKey, ...environment }),
  );
  return server;
}

async function stop(): Promise<void> {
  await server?.close();
  server = undefined;
}

async function writeSecret(value: string, to: RunningServer | undefined = server): Promise<Response> {
  return fetch(`${to?.url}/v1/secrets/token`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ value, hosts: ["api.example"] }),
  });
}

async function readSecret(): Promise<string | undefined> {
  const { stores, vault: sealer } = server?.context ?? {};
  const record = await stores?.secrets.get("default", "token");
  return sealer?.openText("default", secretPurpose("token"), record?.sealed ?? "");
}

describe("a server whose master key comes from", () => {
  const places: readonly [what: string, environment: () => Promise<Environment>][] = [
    ["the environment", async () => ({ JUNCTOR_MASTER_KEY: makeKey() })],
    ["a file", async () => ({ JUNCTOR_MASTER_KEY_FILE: await writePrivate("key", makeKey()) })],
    ["AWS KMS", async () => fromKms("one")],
    [
      "AWS KMS, with a credentials file",
      async () => {
        const { JUNCTOR_KMS_KEY, JUNCTOR_KMS_ENDPOINT } = fromKms("one");
        const text = `[other]\naws_access_key_id = no\n\n[default]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key=${credentials.secretAccessKey}\n`;
        return {
          JUNCTOR_KMS_KEY,
          JUNCTOR_KMS_ENDPOINT,
          JUNCTOR_KMS_CREDENTIALS_FILE: await writePrivate("aws", text),
        };
      },
    ],
    ["Vault's transit engine", async () => fromTransit("one")],
    [
      "Vault's transit engine, with a token file",
      async () => {
        const { JUNCTOR_VAULT_TOKEN: _given, ...rest } = fromTransit("one");
        return { ...rest, JUNCTOR_VAULT_TOKEN_FILE: await writePrivate("token", "s.first\n") };
      },
    ],
    [
      "Vault's key-value engine",
      async () => {
        vault.writeSecret("junctor/master-key", { keys: makeKey() });
        return {
          JUNCTOR_VAULT_KV_SECRET: "junctor/master-key",
          JUNCTOR_VAULT_ADDRESS: vault.url,
          JUNCTOR_VAULT_TOKEN: "s.first",
        };
      },
    ],
  ];
  it.each(places)("%s keeps a secret over a restart", async (_what, makeEnvironment) => {
    const environment = { ...(await makeDatabase()), ...(await makeEnvironment()) };
    await start(environment);
    expect((await writeSecret("of the first start")).status).toBe(200);
    await stop();
    await start(environment);
    expect(await readSecret()).toBe("of the first start");
  });

  it("a key service: its address is open to the server and to no connector", async () => {
    await start({ ...(await makeDatabase()), ...fromTransit("one") });
    expect(server?.context.egress.checkUrl(`${vault.url}/v1/sys/health`)).toMatchObject({ kind: "refused" });
  });
});

describe("a move of the master key", () => {
  async function rotate(): Promise<string> {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const url = `${server?.url}/v1/encryption/rotations`;
    const made = await fetch(url, { method: "POST", headers, body: JSON.stringify({ what: "master-key" }) });
    const { id } = (await made.json()) as { id: string };
    const read = async () => (await (await fetch(`${url}/${id}`, { headers })).json()) as { state: string };
    await expect.poll(async () => (await read()).state, { timeout: 15_000 }).not.toBe("running");
    return (await read()).state;
  }

  const moves: readonly [what: string, from: () => Promise<Environment>, during: () => Promise<Environment>][] = [
    [
      "from a file to Vault",
      async () => ({ JUNCTOR_MASTER_KEY_FILE: await writePrivate("to-vault", makeKey()) }),
      async () => ({ ...fromTransit("one"), JUNCTOR_FORMER_MASTER_KEYS_FILE: join(root, "to-vault") }),
    ],
    [
      "from Vault to KMS",
      async () => fromTransit("one"),
      async () => {
        const { JUNCTOR_VAULT_TRANSIT_KEY: former, ...reach } = fromTransit("one");
        return { ...fromKms("one"), ...reach, JUNCTOR_VAULT_TRANSIT_FORMER_KEYS: former };
      },
    ],
    [
      "from one KMS key to another",
      async () => fromKms("one"),
      async () => ({ ...fromKms("two"), JUNCTOR_KMS_FORMER_KEYS: arn("one") }),
    ],
  ];
  it.each(moves)("%s: rotate, take the former one away, read the secret", async (_what, from, during) => {
    const database = await makeDatabase();
    await start({ ...database, ...(await from()) });
    expect((await writeSecret("moved")).status).toBe(200);
    await stop();
    const environment = await during();
    await start({ ...database, ...environment });
    expect(await rotate()).toBe("finished");
    await stop();
    const after = Object.entries(environment).filter(([name]) => !name.includes("FORMER"));
    const isKms = after.some(([name]) => name === "JUNCTOR_KMS_KEY");
    await start({ ...database, ...Object.fromEntries(after.filter(([name]) => !isKms || !name.includes("VAULT"))) });
    expect(await readSecret()).toBe("moved");
  });
});

describe("a server does not start, and says what to do,", () => {
  const refused: readonly [what: string, before: () => Promise<Environment>, message: RegExp, hint: RegExp][] = [
    [
      "without a master key",
      () => makeDatabase(),
      /There is no master key/,
      /set JUNCTOR_MASTER_KEY, or another one of JUNCTOR_MASTER_KEY_FILE, JUNCTOR_KMS_KEY, JUNCTOR_VAULT_TRANSIT_KEY, JUNCTOR_VAULT_KV_SECRET/,
    ],
    [
      "with another master key than the database's",
      async () => {
        const database = await makeDatabase();
        await start({ ...database, JUNCTOR_MASTER_KEY: makeKey() });
        await writeSecret("x");
        await stop();
        return { ...database, JUNCTOR_MASTER_KEY: makeKey() };
      },
      /The secrets of 1 of 1 workspaces are protected by the master key local:[0-9a-f]{16}, which is not among those given/,
      /Give the master key with which this database was written/,
    ],
    [
      "with a key service in place of the key that is still needed",
      async () => {
        const database = await makeDatabase();
        await start({ ...database, JUNCTOR_MASTER_KEY: makeKey() });
        await writeSecret("x");
        await stop();
        return { ...database, ...fromKms("one") };
      },
      /protected by the master key local:.*\(aws-kms:arn:aws:kms:eu-central-1/,
      /behind the new one \(docs\/guides\/rotate-keys\.md\)/,
    ],
    [
      "when Vault is sealed",
      async () => {
        vault.failNext(3, 503, { errors: ["Vault is sealed"] });
        return { ...(await makeDatabase()), ...fromTransit("one") };
      },
      /Vault does not answer: HTTP status 503, Vault is sealed/,
      /vault operator unseal/,
    ],
    [
      "when Vault's token has expired",
      async () => ({ ...(await makeDatabase()), ...fromTransit("one", "s.expired") }),
      /Vault refused encrypt at transit\/encrypt\/one: .*invalid token/,
      /give a valid one/,
    ],
    [
      "when the file of Vault's token is not there",
      async () => {
        const { JUNCTOR_VAULT_TOKEN: _given, ...rest } = fromTransit("one");
        return { ...(await makeDatabase()), ...rest, JUNCTOR_VAULT_TOKEN_FILE: join(root, "no-token") };
      },
      /The file of the Vault token, .*no-token, cannot be read/,
      /Check JUNCTOR_VAULT_TOKEN_FILE/,
    ],
    [
      "when nobody listens at Vault's address",
      async () => ({ ...(await makeDatabase()), ...fromTransit("one"), JUNCTOR_VAULT_ADDRESS: "http://127.0.0.1:9" }),
      /Vault does not answer/,
      /Check its address and that it runs/,
    ],
    [
      "when KMS does not know the key",
      async () => ({ ...(await makeDatabase()), ...fromKms("three") }),
      /AWS KMS refused Encrypt: NotFoundException/,
      /Check the key's id, its region/,
    ],
    [
      "when KMS refuses the credentials",
      async () => ({ ...(await makeDatabase()), ...fromKms("one"), JUNCTOR_KMS_SECRET_ACCESS_KEY: "wrong" }),
      /InvalidSignatureException/,
      /secret access key/,
    ],
    [
      "when the AWS credentials file has no default profile",
      async () => ({
        ...(await makeDatabase()),
        JUNCTOR_KMS_KEY: arn("one"),
        JUNCTOR_KMS_ENDPOINT: kms.url,
        JUNCTOR_KMS_CREDENTIALS_FILE: await writePrivate("aws-other", "[other]\naws_access_key_id = a\n"),
      }),
      /aws-other has no aws_access_key_id and aws_secret_access_key in its profile \[default\]/,
      /Check JUNCTOR_KMS_CREDENTIALS_FILE/,
    ],
  ];
  it.each(refused)("%s", async (_what, before, message, hint) => {
    const environment = await before();
    const starting = start(environment);
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toMatchObject({ code: "KEY_UNAVAILABLE", hint: expect.stringMatching(hint) });
  });
});

describe("a key service that goes away while the server runs", () => {
  it("is not missed by what is unwrapped; the rest says so with 503, and works again when it is back", async () => {
    await start({ ...(await makeDatabase()), ...fromTransit("one") });
    expect((await writeSecret("before")).status).toBe(200);
    vault.acceptToken("s.renewed");
    expect(await readSecret()).toBe("before");
    expect((await writeSecret("while it is away")).status).toBe(200);
    // As after ten minutes, when the unwrapped data key is dropped.
    server?.context.vault.forget();
    const answer = await writeSecret("later");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "KEY_UNAVAILABLE",
      retryable: true,
      detail: expect.stringContaining("invalid token"),
      hint: expect.stringContaining("give a valid one"),
    });
    expect((await fetch(`${server?.url}/readyz`)).status).toBe(200);
    vault.acceptToken("s.first");
    expect((await writeSecret("back")).status).toBe(200);
    expect(await readSecret()).toBe("back");
  });
});
