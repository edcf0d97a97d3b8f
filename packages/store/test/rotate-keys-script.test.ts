import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEnvironmentKeyPort, createVault, secretPurpose } from "@junctor/core";
import { openStore } from "@junctor/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorkspace } from "./suite/records.ts";

const script = new URL("../scripts/rotate-keys.ts", import.meta.url).pathname;
const [oldKey, newKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
const clock = { now: () => Date.now() };
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "junctor-rotate-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const run = (words: readonly string[], environment: Record<string, string>) =>
  spawnSync(process.execPath, ["--conditions=source", script, ...words], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", ...environment },
  });

describe("the rotation script", () => {
  it("changes both keys of a stopped server's data folder", { timeout: 120_000 }, async () => {
    const folder = join(root, "data");
    const store = await openStore({ kind: "embedded", folder });
    await store.migrate();
    const workspaceId = await makeWorkspace(store);
    const vault = createVault({ keyPort: createEnvironmentKeyPort(oldKey), dataKeys: store.stores.dataKeys, clock });
    const sealed = await vault.sealText(workspaceId, secretPurpose("token"), "the value");
    await store.stores.secrets.put({ workspaceId, name: "token", sealed, hosts: [] });

    const environment = { JUNCTOR_DATA_DIR: folder, JUNCTOR_MASTER_KEY: `${newKey},${oldKey}` };
    const whileOpen = run(["master"], environment);
    expect([whileOpen.status, whileOpen.stderr]).toEqual([1, expect.stringContaining("in use by process")]);
    await store.close();

    const master = run(["master"], environment);
    expect([master.status, master.stderr]).toEqual([0, ""]);
    expect(master.stdout).toMatch(/^Master key local:[0-9a-f]{16}: 1 data keys wrapped anew, 0 were already\.\n$/);
    const data = run(["data", workspaceId], { ...environment, JUNCTOR_MASTER_KEY: newKey });
    expect([data.status, data.stderr]).toEqual([0, ""]);
    expect(data.stdout).toContain("1 values sealed anew");

    const after = await openStore({ kind: "embedded", folder });
    const row = await after.stores.secrets.get(workspaceId, "token");
    expect(row?.sealed).not.toBe(sealed);
    const { dataKeys } = after.stores;
    const opened = createVault({ keyPort: createEnvironmentKeyPort(newKey), dataKeys, clock });
    expect(await opened.openText(workspaceId, secretPurpose("token"), row?.sealed ?? "")).toBe("the value");
    await after.close();
  });

  it.each([
    ["no word", [], {}, "Usage"],
    ["an unknown word", ["both"], {}, "Usage"],
    ["no key", ["master"], { JUNCTOR_DATA_DIR: "/nowhere" }, "Set JUNCTOR_MASTER_KEY"],
    ["no database", ["master"], { JUNCTOR_MASTER_KEY: newKey }, "Set DATABASE_URL"],
    ["a passphrase for a key", ["master"], { JUNCTOR_MASTER_KEY: "hunter2" }, "not 32 bytes"],
  ])("says what is missing with %s", (_what, words, environment, message) => {
    const { status, stderr } = run(words, environment);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain("hunter2");
  });
});
