import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { makeDataFolder } from "./harness/data-folder.ts";

// Each test starts several processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const key = `jk_${randomBytes(32).toString("base64url")}`;
const root = join(import.meta.dirname, "../..");
const commandLine = join(root, "packages/cli/src/main.ts");
const folders: string[] = [];
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
}

/** Starts a server in a process of its own, which can be killed. */
async function startChild(environment: Readonly<Record<string, string>>): Promise<Child> {
  const child = spawn(process.execPath, ["--conditions=source", commandLine, "serve", "--json"], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", JUNCTOR_PORT: "0", JUNCTOR_FIRST_KEY: key, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (text) => {
    output += text;
  });
  return new Promise((ready, failed) => {
    child.stdout.on("data", (text) => {
      output += text;
      const url = /"ok": ?true,\s*"url": ?"([^"]+)"/.exec(output)?.[1];
      if (url !== undefined) ready({ process: child, url });
    });
    child.once("exit", (code) => failed(new Error(`The server ended with ${code}: ${output}`)));
  });
}

const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };

/** Writes variables as fast as answers come and returns the names that were acknowledged. */
async function writeUntilItDies(url: string, writer: number, acknowledged: string[]): Promise<void> {
  for (let count = 0; ; count += 1) {
    const name = `w${writer}-${count}`;
    try {
      const response = await fetch(`${url}/v1/variables/${name}`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ value: count }),
      });
      await response.arrayBuffer();
      if (response.status === 200) acknowledged.push(name);
    } catch {
      return;
    }
  }
}

async function listVariables(url: string): Promise<ReadonlySet<string>> {
  const response = await fetch(`${url}/v1/variables`, { headers });
  const { items } = (await response.json()) as { items: readonly { readonly name: string }[] };
  return new Set(items.map(({ name }) => name));
}

async function kill(child: Child): Promise<void> {
  const gone = once(child.process, "exit");
  child.process.kill("SIGKILL");
  await gone;
}

async function makeFolder(): Promise<string> {
  const folder = await makeDataFolder();
  folders.push(folder);
  return folder;
}

describe("kill -9 of the server during writes", () => {
  const stores: readonly [name: string, environment: () => Promise<Readonly<Record<string, string>>>][] = [
    ["the embedded store", async () => ({ JUNCTOR_DATA_DIR: await makeFolder() })],
    ["Postgres", async () => ({ DATABASE_URL: await postgres.createDatabase("durability") })],
  ];
  for (const [name, makeEnvironment] of stores) {
    it(`loses no acknowledged row on ${name}`, async () => {
      const environment = { ...(await makeEnvironment()), JUNCTOR_MASTER_KEY: randomBytes(32).toString("base64") };
      const acknowledged: string[] = [];
      for (const round of [1, 2]) {
        const child = await startChild(environment);
        const before = acknowledged.length;
        const writers = [0, 1, 2, 3].map((writer) => writeUntilItDies(child.url, round * 10 + writer, acknowledged));
        await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 100);
        await kill(child);
        await Promise.all(writers);
      }
      const survivor = await startChild(environment);
      const present = await listVariables(survivor.url);
      await kill(survivor);
      expect(acknowledged.filter((written) => !present.has(written))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(200);
    });
  }
});

/** Runs `junctor variable set` against a running server. */
async function setVariable(url: string, name: string): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=source", commandLine, "variable", "set", name, "1"], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", JUNCTOR_URL: url, JUNCTOR_KEY: key },
    stdio: "ignore",
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`junctor variable set ended with ${code}`);
}

describe("one data folder", () => {
  it("a second server is refused while the first and the command line write on, and no row is lost", async () => {
    const environment = {
      JUNCTOR_DATA_DIR: await makeFolder(),
      JUNCTOR_MASTER_KEY: randomBytes(32).toString("base64"),
    };
    const first = await startChild(environment);
    const acknowledged: string[] = [];
    const writers = [0, 1].map((writer) => writeUntilItDies(first.url, writer, acknowledged));
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(20);
    for (const attempt of [1, 2]) {
      await setVariable(first.url, `cli-${attempt}`);
      acknowledged.push(`cli-${attempt}`);
      await expect(startChild(environment)).rejects.toThrow(/in use|another|lock|running/i);
    }
    const reached = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(reached + 20);
    const present = await listVariables(first.url);
    const writtenBefore = acknowledged.slice(0, reached);
    expect(writtenBefore.filter((written) => !present.has(written))).toEqual([]);
    await kill(first);
    await Promise.all(writers);
    const second = await startChild(environment);
    const after = await listVariables(second.url);
    await kill(second);
    expect(acknowledged.filter((written) => !after.has(written))).toEqual([]);
  });
});
