import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Encryption, KeyRotation } from "@junctor/contract";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./harness/start-stack.ts";

/**
 * The guide "Rotate keys", step by step, on two replicas that are called all the time. The calls use a secret and a
 * credential; not one may fail.
 */
const bin = join(fileURLToPath(new URL("../..", import.meta.url)), "packages/cli/bin/junctor.mjs");
const [oldKey, newKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
let postgres: TestPostgres;
let stack: Stack;
const replicas: RunningServer[] = [];
const load = { isRunning: true, calls: 0, failures: [] as unknown[], ended: Promise.resolve() };

beforeAll(async () => {
  postgres = await startTestPostgres();
  const databaseUrl = await postgres.createDatabase("rotation");
  stack = await startStack({ databaseUrl, environment: { JUNCTOR_MASTER_KEY: oldKey } });
  replicas.push(stack.server, await startReplica(oldKey));
  load.ended = Promise.all([keepCalling(), keepCalling()]).then(() => undefined);
});
afterAll(async () => {
  load.isRunning = false;
  await load.ended;
  await Promise.all(replicas.map((replica) => replica.close()));
  await stack.stop();
  await postgres.stop();
});

const startReplica = (masterKey: string): Promise<RunningServer> =>
  startServer(resolveConfig({ ...stack.environment, JUNCTOR_MASTER_KEY: masterKey, JUNCTOR_LOG_LEVEL: "silent" }));

async function keepCalling(): Promise<void> {
  for (let n = 0; load.isRunning; n += 1) {
    const server = replicas[n % replicas.length];
    if (server === undefined) throw new Error("There is no replica.");
    const body = { connection: "main", input: { message: "m" } };
    const answer = await stack.execute("odd", "echo", body, { server }).catch((error: unknown) => {
      if (replicas.includes(server)) throw error;
    });
    // A replica that is being replaced takes no new connection: a load balancer then asks the other one.
    if (answer === undefined) continue;
    if (answer.status !== 200) load.failures.push(answer.body);
    load.calls += 1;
    // Every call opens the secret and the credential anew.
    server.context.engine.invalidate({ kind: "everything", workspaceId: "", key: "" });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Restarts the replicas one after the other with these master keys, as a rolling update does. */
async function restartAll(masterKey: string, between: () => Promise<void> = async () => undefined): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    const next = await startReplica(masterKey);
    const [former] = replicas.splice(0, 1);
    replicas.push(next);
    await former?.close();
    if (n === 0) await between();
  }
}

const junctor = (args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, JUNCTOR_URL: replicas[0]?.url, JUNCTOR_KEY: stack.key };
    const child = spawn(process.execPath, [bin, ...args, "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out: Buffer.concat(out).toString() }));
  });

async function rotate(...words: string[]): Promise<{ readonly code: number | null; readonly rotation: KeyRotation }> {
  const { code, out } = await junctor(["encryption", "rotate", ...words]);
  return { code, rotation: (JSON.parse(out) as { rotation: KeyRotation }).rotation };
}

const readStatus = async (): Promise<Encryption> =>
  (await stack.send("GET", "/v1/encryption", { server: replicas[0] as RunningServer })).body as Encryption;

const send = (method: string, path: string, body?: unknown) =>
  stack.send(method, path, { server: replicas[0] as RunningServer, ...(body === undefined ? {} : { body }) });

describe("rotating both keys under calls", () => {
  it("every replica learns the new master key, then uses it; before the last one does, a rotation is refused", async () => {
    await restartAll(`${oldKey},${newKey}`);
    await restartAll(`${newKey},${oldKey}`, async () => {
      const body = { what: "master-key" };
      const answer = await stack.send("POST", "/v1/encryption/rotations", {
        body,
        server: replicas[1] as RunningServer,
      });
      expect(answer).toMatchObject({
        status: 409,
        body: { code: "CONFLICT", hint: expect.stringContaining("restart") },
      });
    });
    const { masterKeyId, replicas: holders, dataKeys } = await readStatus();
    expect(holders.map((holder) => holder.masterKeyId)).toEqual([masterKeyId, masterKeyId]);
    expect(dataKeys).toEqual([
      { masterKeyId: expect.not.stringContaining(masterKeyId), isKnown: true, current: 1, retired: 0 },
    ]);
  });

  it("junctor encryption rotate master-key wraps every data key with it", async () => {
    const { code, rotation } = await rotate("master-key");
    expect([code, rotation.state, rotation.changed]).toEqual([0, "finished", 1]);
    const { masterKeyId, dataKeys } = await readStatus();
    expect(dataKeys).toEqual([{ masterKeyId, isKnown: true, current: 1, retired: 0 }]);
  });

  it("the former master key can be taken away", async () => {
    await restartAll(newKey);
    expect((await readStatus()).replicas.map(({ knownMasterKeyIds }) => knownMasterKeyIds.length)).toEqual([1, 1]);
  });

  it("junctor encryption rotate data-keys seals every value anew", async () => {
    const { code, rotation } = await rotate("data-keys", "--workspaces", "default");
    expect([code, rotation.state, rotation.done, rotation.problems]).toEqual([0, "finished", 1, []]);
    // The secret and the sealed parameters of the connection.
    expect(rotation.changed).toBeGreaterThanOrEqual(2);
    const [count] = (await readStatus()).dataKeys;
    expect(count).toMatchObject({ current: 1, retired: 1 });
  });

  it("junctor encryption status says all that for people", async () => {
    const env = { PATH: process.env.PATH, JUNCTOR_URL: replicas[0]?.url, JUNCTOR_KEY: stack.key };
    const child = spawn(process.execPath, [bin, "encryption", "status"], { env });
    const out: Buffer[] = [];
    for await (const chunk of child.stdout) out.push(chunk as Buffer);
    const text = Buffer.concat(out).toString();
    expect(text).toMatch(/^master key +data keys +retired +note\nlocal:\w{16} +1 +1 +current\n/);
    expect(text).toMatch(/replica +uses +knows\n/);
    expect(text).toMatch(/rot_\w+ is finished: \d+ values sealed anew, master key local:/);
  });

  it("no call failed meanwhile", async () => {
    load.isRunning = false;
    await load.ended;
    expect(load.failures).toEqual([]);
    expect(load.calls).toBeGreaterThan(100);
  });

  it("who did it is in the audit trail", async () => {
    const { items } = (await send("GET", "/v1/audit?limit=500")).body as {
      items: { event: string; resource: string; actorKind: string; detail: object }[];
    };
    const seen = items.filter(({ event }) => event.startsWith("encryption."));
    expect(seen.map(({ event, resource, actorKind }) => `${actorKind} ${event} ${resource}`)).toEqual([
      "key encryption.rotated data-keys",
      "key encryption.rotate data-keys",
      "key encryption.rotated master-key",
      "key encryption.rotate master-key",
    ]);
  });
});

describe("a value that does not open", () => {
  it("is left as it is and named, and the command exits with 1", async () => {
    const { secrets } = (replicas[0] as RunningServer).context.stores;
    const sealed = "j1.gone.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA.AAAA";
    await secrets.put({ workspaceId: "default", name: "damaged", sealed, hosts: [] });
    const { code, rotation } = await rotate("data-keys");
    expect([code, rotation.state, rotation.problemCount]).toEqual([1, "incomplete", 1]);
    expect(rotation.problems).toEqual([
      { workspace: "default", what: "secret:damaged", reason: expect.stringContaining("write it again") },
    ]);
    expect((await secrets.get("default", "damaged"))?.sealed).toBe(sealed);
  });
});

describe("a rotation that makes no sense is refused", () => {
  it.each<[body: object, status: number, code: string]>([
    [{}, 400, "REQUEST_INVALID"],
    [{ what: "both" }, 400, "REQUEST_INVALID"],
    [{ what: "master-key", workspaces: ["default"] }, 400, "REQUEST_INVALID"],
    [{ what: "data-keys", force: true }, 400, "REQUEST_INVALID"],
    [{ what: "data-keys", workspaces: [] }, 400, "REQUEST_INVALID"],
    [{ what: "data-keys", workspaces: ["nowhere"] }, 404, "RESOURCE_UNKNOWN"],
  ])("%j → %i", async (body, status, code) => {
    const answer = await send("POST", "/v1/encryption/rotations", body);
    expect([answer.status, answer.body]).toMatchObject([status, { code, detail: expect.any(String) }]);
  });

  it("as is one that nobody knows, and a command that is misspelt", async () => {
    expect(await send("GET", "/v1/encryption/rotations/rot_none")).toMatchObject({
      status: 404,
      body: { code: "RESOURCE_UNKNOWN" },
    });
    expect((await junctor(["encryption", "rotate", "everything"])).code).toBe(2);
    const { items } = (await send("GET", "/v1/encryption/rotations")).body as { items: KeyRotation[] };
    expect(items.map(({ what, state }) => [what, state])).toEqual([
      ["data-keys", "incomplete"],
      ["data-keys", "finished"],
      ["master-key", "finished"],
    ]);
  });
});
