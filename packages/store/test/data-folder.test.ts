import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { openStore, restoreBackup } from "@junctor/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acquireFolderLock } from "../src/folder-lock/folder-lock.ts";
import { identifyThisProcess } from "../src/folder-lock/process-identity.ts";
import { at, until } from "./suite/records.ts";

let root: string;
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "junctor-folder-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function makeFolder(): Promise<string> {
  folders += 1;
  const folder = join(root, `data-${folders}`);
  await mkdir(folder);
  return folder;
}
const lockOf = (folder: string): string => join(folder, "junctor.lock");
const writeLock = (folder: string, change: object): Promise<void> =>
  writeFile(lockOf(folder), JSON.stringify({ ...identifyThisProcess(), nonce: "n1", since: at, ...change }));
const writer = new URL("acknowledging-writer.ts", import.meta.url).pathname;

describe("a data folder that cannot be used", () => {
  const table: readonly [what: string, path: string, reason: RegExp][] = [
    ["a file", "a-file", /a-file cannot be used: a file is in its place\./],
    ["a folder below a file", "a-file/below", /below cannot be used: a file is in its place\./],
    ["a name that is too long", "x".repeat(300), /cannot be used: the name is too long\./],
    ["a folder that the system refuses for ever", "/proc/no-such/data", /cannot be used: it cannot be made there\./],
  ];
  it.each(table)("%s is refused with the path and the setting", async (_what, path, reason) => {
    await writeFile(join(root, "a-file"), "x");
    const folder = resolve(root, path);
    const refusal = { code: "STORE_UNAVAILABLE", message: expect.stringMatching(reason), hint: /JUNCTOR_DATA_DIR/ };
    const expected = { ...refusal, hint: expect.stringMatching(refusal.hint) };
    await expect(openStore({ kind: "embedded", folder })).rejects.toMatchObject(expected);
    const archive = join(root, "any.tgz");
    await writeFile(archive, "x");
    await expect(restoreBackup({ path: archive, folder })).rejects.toMatchObject(expected);
  });

  it("with create: false one without a database is refused, and stays as it was", async () => {
    const folder = await makeFolder();
    for (const path of [folder, join(folder, "below")]) {
      await expect(openStore({ kind: "embedded", folder: path, create: false })).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: `There is no database in ${path}.`,
      });
    }
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a data folder that is in use", () => {
  it("is refused to a second process, which names the first; no row is lost", { timeout: 120_000 }, async () => {
    const folder = await makeFolder();
    const options = JSON.stringify({ kind: "embedded", folder });
    const first = spawn(process.execPath, ["--conditions=source", writer, options, "w"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(first, "exit");
    const rows: string[] = [];
    let refusal: ReturnType<typeof spawnSync> | undefined;
    for await (const row of createInterface({ input: first.stdout })) {
      rows.push(row);
      if (rows.length === 50) {
        refusal = spawnSync(process.execPath, ["--conditions=source", writer, options, "w"], { encoding: "utf8" });
        await expect(openStore({ kind: "embedded", folder })).rejects.toMatchObject({
          code: "STORE_UNAVAILABLE",
          message: expect.stringContaining(`in use by process ${first.pid}`),
          hint: expect.stringContaining("running server's API"),
        });
      }
      if (rows.length === 300) first.kill("SIGKILL");
    }
    await ended;
    expect(refusal?.status).toBe(1);
    expect(refusal?.stdout).toBe("");
    expect(refusal?.stderr).toContain(`The data folder is in use by process ${first.pid}`);
    const store = await openStore({ kind: "embedded", folder });
    await store.migrate();
    const found = new Set((await store.stores.variables.list("w")).map(({ name }) => `variable ${name}`));
    expect(rows.filter((row) => row.startsWith("variable") && !found.has(row))).toEqual([]);
    await store.close();
  });

  it("is refused to the same process too, and free again after close", async () => {
    const folder = await makeFolder();
    const store = await openStore({ kind: "embedded", folder });
    await expect(openStore({ kind: "embedded", folder })).rejects.toThrow(/in use by this process/);
    await Promise.all([store.close(), store.close()]);
    await expect(store.stores.workspaces.list()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    const again = await openStore({ kind: "embedded", folder });
    await again.close();
    expect(await readdir(folder)).not.toContain("junctor.lock");
  });

  it("is refused to a restore", async () => {
    const folder = await makeFolder();
    const lock = await acquireFolderLock(folder);
    await writeFile(join(root, "some.tgz"), "x");
    await expect(restoreBackup({ path: join(root, "some.tgz"), folder })).rejects.toThrow(/in use by this process/);
    await lock.release();
  });
});

describe("a lock whose holder has ended", () => {
  const stale: readonly [what: string, change: object][] = [
    ["its pid is gone", { pid: 2 ** 22 - 3 }],
    ["its pid belongs to another process by now", { pid: process.ppid, startTime: "1" }],
    ["its pid is that of this process, started earlier", { startTime: "1" }],
  ];
  it.runIf(process.platform === "linux").each(stale)("is taken over: %s", async (_what, change) => {
    const folder = await makeFolder();
    await writeLock(folder, change);
    const lock = await acquireFolderLock(folder);
    expect(JSON.parse(await readFile(lockOf(folder), "utf8"))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is taken over by one of many that start at once", async () => {
    const folder = await makeFolder();
    await writeLock(folder, { pid: 2 ** 22 - 3 });
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => acquireFolderLock(folder)));
    const winners = results.filter((result) => result.status === "fulfilled");
    expect(winners).toHaveLength(1);
    await winners[0]?.value.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is taken over also after a takeover that was itself interrupted", async () => {
    const folder = await makeFolder();
    await writeLock(folder, { pid: 2 ** 22 - 3 });
    const interrupted = { ...identifyThisProcess(), pid: 2 ** 22 - 5, nonce: "n2", since: at };
    await writeFile(`${lockOf(folder)}.n1`, JSON.stringify(interrupted));
    const lock = await acquireFolderLock(folder);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("in another place counts by its last sign of life", async () => {
    const folder = await makeFolder();
    await writeLock(folder, { place: "another container", pid: 1 });
    await expect(acquireFolderLock(folder)).rejects.toThrow(/on another host or in another container/);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lockOf(folder), longAgo, longAgo);
    await (await acquireFolderLock(folder)).release();
  });

  it("is kept alive by a holder that lives", async () => {
    const folder = await makeFolder();
    const lock = await acquireFolderLock(folder, { heartbeatMs: 20 });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lockOf(folder), longAgo, longAgo);
    const age = async () => Date.now() - (await stat(lockOf(folder))).mtimeMs;
    await until(async () => (await age()) < 30_000, 2_000, "a heartbeat");
    await lock.release();
  });

  it("that cannot be read is never taken for stale", { timeout: 20_000 }, async () => {
    const folder = await makeFolder();
    await writeFile(lockOf(folder), "not a lock");
    await expect(acquireFolderLock(folder)).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      hint: expect.stringContaining("delete the file"),
    });
    expect(await readFile(lockOf(folder), "utf8")).toBe("not a lock");
  });
});

describe("a lock that is taken away", () => {
  it("stops its former holder from using the folder", async () => {
    const folder = await makeFolder();
    const lost: unknown[] = [];
    const lock = await acquireFolderLock(folder, { heartbeatMs: 20, onLost: (error) => lost.push(error) });
    lock.assertHeld();
    await unlink(lockOf(folder));
    await until(() => lost.length === 1, 2_000, "the loss");
    expect(() => lock.assertHeld()).toThrow(/was taken away/);
    const next = await acquireFolderLock(folder);
    await lock.release();
    await access(lockOf(folder));
    await next.release();
  });
});

describe("a database that was interrupted while it was made", () => {
  it("is set aside, and a new one made", { timeout: 60_000 }, async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres", "PG_VERSION"), "18\n");
    const store = await openStore({ kind: "embedded", folder });
    await store.migrate();
    await store.close();
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(["postgres", expect.stringMatching(/^postgres\.interrupted-\d+$/), "store.json"]);
  });

  it("that is complete but damaged is refused and left as it is", { timeout: 60_000 }, async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, "postgres"));
    await writeFile(join(folder, "postgres", "PG_VERSION"), "nonsense\n");
    await writeFile(join(folder, "store.json"), "{}");
    await expect(openStore({ kind: "embedded", folder })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      hint: expect.stringContaining("restore a backup"),
    });
    expect(await readdir(folder)).toEqual(["postgres", "store.json"]);
    expect(await readFile(join(folder, "postgres", "PG_VERSION"), "utf8")).toBe("nonsense\n");
  });
});

describe("a backup", () => {
  it("taken while rows are written restores to a store that has every row from before", {
    timeout: 120_000,
  }, async () => {
    const [folder, copy, path] = [await makeFolder(), await makeFolder(), join(root, "backup.tgz")];
    const store = await openStore({ kind: "embedded", folder });
    await store.migrate();
    await store.stores.workspaces.create({ id: "w", name: "w", createdAt: at });
    let written = 0;
    let running = true;
    const writing = (async () => {
      for (; running; written += 1) await store.stores.variables.put("w", `v${written}`, written);
    })();
    await until(() => written > 50, 10_000, "rows");
    const before = written;
    await store.backup(path);
    running = false;
    await writing;
    await expect(store.backup(path)).rejects.toMatchObject({ code: "CONFLICT" });
    await store.close();

    await restoreBackup({ path, folder: copy });
    const restored = await openStore({ kind: "embedded", folder: copy });
    expect(await restored.migrate()).toEqual([]);
    const values = (await restored.stores.variables.list("w")).map(({ value }) => Number(value)).sort((a, b) => a - b);
    expect(values.length).toBeGreaterThanOrEqual(before);
    expect(values).toEqual(values.map((_, index) => index));
    await restored.stores.variables.put("w", "after", "restored");
    await restored.close();
    await expect(restoreBackup({ path, folder: copy })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("holds a database already"),
    });
  });

  it.each([
    ["is not an archive", "text"],
    ["is empty", ""],
    ["is an archive of nothing", gzipSync(Buffer.alloc(1024))],
    ["is cut off", gzipSync(randomBytes(5_000)).subarray(0, 2_000)],
  ])("that %s is refused, and the folder stays empty", { timeout: 60_000 }, async (_what, content) => {
    const folder = await makeFolder();
    const path = join(root, `bad-${folders}.tgz`);
    await writeFile(path, content);
    await expect(restoreBackup({ path, folder })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("of a database that no server has used is refused: it would look like one of the server's", async () => {
    const store = await openStore({ kind: "memory" });
    await store.migrate();
    await expect(store.backup(join(root, "nothing.tgz"))).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("no server has ever used this database"),
      hint: expect.stringContaining("JUNCTOR_DATA_DIR"),
    });
    expect(await readdir(root)).not.toContain("nothing.tgz");
    await store.close();
  });

  it("that is not there, or cannot be written, is an error with the path", async () => {
    await expect(restoreBackup({ path: join(root, "none"), folder: await makeFolder() })).rejects.toMatchObject({
      code: "RESOURCE_UNKNOWN",
      message: expect.stringContaining(join(root, "none")),
    });
    const store = await openStore({ kind: "memory" });
    await store.migrate();
    await store.stores.workspaces.create({ id: "w", name: "w", createdAt: at });
    await expect(store.backup(join(root, "no", "such", "folder.tgz"))).rejects.toMatchObject({ code: "CONFLICT" });
    await store.close();
  });
});
