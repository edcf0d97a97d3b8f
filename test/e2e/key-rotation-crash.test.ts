import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { KeyRotation } from "@junctor/contract";
import { createEnvironmentKeyPort, createVault, secretPurpose } from "@junctor/core";
import { openStore } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Two server processes on one Postgres. The one that rotates is killed; somebody writes secrets at the other one. */
// Not `bin/junctor.mjs`, which starts this as a process of its own: the server itself is what is killed.
const main = join(fileURLToPath(new URL("../..", import.meta.url)), "packages/cli/src/main.ts");
const masterKey = randomBytes(32).toString("base64");
const key = `jk_${randomBytes(30).toString("base64url")}`;
const secretCount = 300;
let postgres: TestPostgres;
let databaseUrl: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.createDatabase("crash");
});
afterAll(async () => {
  for (const child of processes) child.kill("SIGKILL");
  await postgres.stop();
});

async function serve(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    JUNCTOR_MASTER_KEY: masterKey,
    JUNCTOR_FIRST_KEY: key,
    JUNCTOR_LOG_LEVEL: "silent",
  };
  const child = spawn(process.execPath, ["--conditions=source", main, "serve", "--port", "0", "--json"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(child);
  if (child.stdout === null) throw new Error("The server has no output.");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: (JSON.parse(line.toString()) as { url: string }).url };
}

async function send<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return JSON.parse(text) as Answer;
}

describe("a rotation of data keys whose server is killed", () => {
  it("is finished by the other server, and no value is lost", { timeout: 180_000 }, async () => {
    const [first, second] = [await serve(), await serve()];
    const values = new Map<string, string>();
    const write = async (n: number, value: string): Promise<void> => {
      await send("PUT", `${second.url}/v1/secrets/s${n}`, { value, hosts: [] });
      values.set(`s${n}`, value);
    };
    for (let n = 0; n < secretCount; n += 1) await write(n, `first value ${n}`);

    const { id } = await send<KeyRotation>("POST", `${first.url}/v1/encryption/rotations`, { what: "data-keys" });
    const read = () => send<KeyRotation>("GET", `${second.url}/v1/encryption/rotations/${id}`);
    // It is at work: what is sealed anew is noted every second, and six seconds follow in which it waits for others.
    await expect.poll(async () => (await read()).changed, { timeout: 20_000, interval: 100 }).toBeGreaterThan(0);
    first.child.kill("SIGKILL");
    await expect(fetch(`${first.url}/healthz`)).rejects.toThrow();
    let rotation = await read();
    expect(rotation.state).toBe("running");
    for (let n = 0; rotation.state === "running"; n += 1) {
      await write(n % secretCount, `written meanwhile ${n}`);
      await sleep(50);
      if (n % 20 === 0) rotation = await read();
    }
    expect(rotation).toMatchObject({ state: "finished", done: 1, total: 1, problems: [] });

    const store = await openStore({ kind: "postgres", url: databaseUrl, pool: 2 });
    try {
      const { dataKeys, secrets } = store.stores;
      const vault = createVault({ keyPort: createEnvironmentKeyPort(masterKey), dataKeys, clock: Date });
      const current = await dataKeys.current("default");
      expect(await dataKeys.list()).toHaveLength(2);
      for (const [name, value] of values) {
        const sealed = (await secrets.get("default", name))?.sealed ?? "";
        expect(sealed.startsWith(`j1.${current?.id}.`)).toBe(true);
        expect(await vault.openText("default", secretPurpose(name), sealed)).toBe(value);
      }
    } finally {
      await store.close();
    }
  });
});
