import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

// The first start makes a database, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

/** `npm start` as somebody runs it on a fresh clone, in a child process. */
const root = join(import.meta.dirname, "../..");
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "junctor-start-"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function run(environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ["--conditions=source", "scripts/start.ts"], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? "",
      JUNCTOR_PORT: "0",
      BOOKSHOP_PORT: "0",
      JUNCTOR_DATA_DIR: folder,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

const isReady = (started: Started) =>
  expect.poll(started.output, { timeout: 120_000, interval: 100 }).toContain("Ctrl-C stops it.");

async function stop({ child, output }: Started): Promise<string> {
  const gone = once(child, "exit");
  child.kill("SIGINT");
  const [code] = await gone;
  expect(code).toBe(0);
  return output();
}

/** Runs the call that is printed, without a shell: its URL, headers and body. */
async function runPrintedCall(output: string, key: string): Promise<Response> {
  const url = /curl (\S+)/.exec(output)?.[1] ?? "";
  const body = /-d '([^']+)'/.exec(output)?.[1] ?? "";
  return fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
}

describe("npm start", () => {
  it("prints a URL, a first key and a call, which answers with a book", async () => {
    const started = run();
    await isReady(started);
    const output = started.output();
    const key = /first key +(jk_\S+)/.exec(output)?.[1] ?? "";
    expect(output).toMatch(/Junctor listens at http:\/\/127\.0\.0\.1:\d+/);
    expect(output).toMatch(/master key +made now: .*master-key \(mode 0600\)/);
    expect(output).toMatch(/egress allows 127\.0\.0\.1:\d+ and no other private address/);
    const answer = await runPrintedCall(output, key);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      output: { title: "Pride and Prejudice" },
      meta: { connector: "bookshop" },
    });
    await stop(started);
  });

  it("keeps what belongs to the owner readable by the owner only", async () => {
    for (const file of ["master-key", "first-key"]) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
  });

  it("starts again on the same folder, says where the key is, and shows it no more", async () => {
    const key = (await readFile(join(folder, "first-key"), "utf8")).trim();
    const started = run();
    await isReady(started);
    const output = started.output();
    expect(output).not.toContain(key);
    expect(output).toMatch(/first key +in .*first-key/);
    expect(output).not.toContain("made now");
    expect((await runPrintedCall(output, key)).status).toBe(200);
    await stop(started);
  });

  it("says so when the data folder is in use", async () => {
    const first = run();
    await isReady(first);
    const second = run();
    const [code] = await once(second.child, "exit");
    expect(code).toBe(1);
    expect(second.output()).toMatch(/data folder|process/i);
    expect(second.output()).not.toContain("    at ");
    await stop(first);
  });

  it("says so when a port is in use", async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, "127.0.0.1", listening));
    const port = String((taken.address() as AddressInfo).port);
    for (const environment of [{ JUNCTOR_PORT: port }, { BOOKSHOP_PORT: port }]) {
      const refused = run(environment);
      const [code] = await once(refused.child, "exit");
      expect(code).toBe(1);
      expect(refused.output()).toContain(`Port ${port} at 127.0.0.1 is in use.`);
      expect(refused.output()).toContain("JUNCTOR_PORT sets the server's port, BOOKSHOP_PORT the bookshop's.");
    }
    taken.close();
  });
});
