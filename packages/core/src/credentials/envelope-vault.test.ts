import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyPort } from "../ports/key-port.ts";
import { credentialPurpose, parametersPurpose } from "./connection-place.ts";
import { createVault, secretPurpose, type VaultOptions } from "./envelope-vault.ts";
import { createEnvironmentKeyPort } from "./key-ports/environment-key-port.ts";
import { createMemoryDataKeys } from "./testkit/memory-data-keys.ts";

const masterKey = randomBytes(32).toString("base64");

function setUp(options: Partial<VaultOptions> = {}) {
  const clock = { at: 1_000_000, now: () => clock.at };
  const inner = createEnvironmentKeyPort(masterKey);
  const keyPort: KeyPort & { unwraps: number } = {
    ...inner,
    unwraps: 0,
    unwrap(...request) {
      keyPort.unwraps += 1;
      return inner.unwrap(...request);
    },
  };
  const dataKeys = createMemoryDataKeys();
  return { clock, keyPort, dataKeys, vault: createVault({ keyPort, dataKeys, clock, ...options }) };
}

describe("createVault", () => {
  it("makes the data key of a workspace on first use, and one per workspace", async () => {
    const { vault, dataKeys } = setUp();
    await Promise.all([1, 2, 3].map((n) => vault.sealText("acme", `secret:${n}`, "value")));
    await vault.sealText("rival", "secret:1", "value");
    expect(dataKeys.rows.map(({ workspaceId }) => workspaceId)).toEqual(["acme", "rival"]);
  });

  it("uses the data key of the replica that was first", async () => {
    const { vault, dataKeys, keyPort, clock } = setUp();
    const other = createVault({ keyPort, dataKeys, clock });
    const [one, two] = await Promise.all([vault.sealText("acme", "p", "1"), other.sealText("acme", "p", "2")]);
    expect(dataKeys.rows).toHaveLength(1);
    expect([await other.openText("acme", "p", one), await vault.openText("acme", "p", two)]).toEqual(["1", "2"]);
  });

  it("opens a warm value without a statement and without the key service", async () => {
    const { vault, dataKeys, keyPort } = setUp();
    const sealed = await vault.seal("acme", "p", { token: "t" });
    const before = { reads: dataKeys.reads, unwraps: keyPort.unwraps };
    for (let call = 0; call < 100; call += 1) expect(await vault.open("acme", "p", sealed)).toEqual({ token: "t" });
    expect({ reads: dataKeys.reads, unwraps: keyPort.unwraps }).toEqual(before);
  });

  it("asks for an unwrapped key again after its time, and after forget", async () => {
    const { vault, keyPort, clock } = setUp({ keepMs: 60_000 });
    const sealed = await vault.sealText("acme", "p", "v");
    const steps: number[] = [];
    const open = async () => {
      const before = keyPort.unwraps;
      await vault.openText("acme", "p", sealed);
      steps.push(keyPort.unwraps - before);
    };
    await open();
    clock.at += 60_001;
    await open();
    vault.forget("acme");
    await open();
    vault.forget("acm");
    await open();
    vault.forget();
    await open();
    expect(steps).toEqual([0, 1, 1, 0, 1]);
  });

  it("keeps no more unwrapped keys than it may", async () => {
    const { vault, keyPort } = setUp({ maxKeys: 2 });
    const sealed = new Map<string, string>();
    for (const workspace of ["a", "b", "c"]) sealed.set(workspace, await vault.sealText(workspace, "p", "v"));
    const before = keyPort.unwraps;
    for (const workspace of ["c", "b", "a"]) await vault.openText(workspace, "p", sealed.get(workspace) ?? "");
    expect(keyPort.unwraps - before).toBe(1);
  });

  it("does not remember that the key service was away", async () => {
    const { vault, keyPort } = setUp();
    const sealed = await vault.sealText("acme", "p", "v");
    vault.forget();
    const { unwrap } = keyPort;
    keyPort.unwrap = () => Promise.reject(new Error("away"));
    await expect(vault.openText("acme", "p", sealed)).rejects.toThrow("away");
    keyPort.unwrap = unwrap;
    expect(await vault.openText("acme", "p", sealed)).toBe("v");
  });

  it("refuses a value of another workspace, also where that workspace has its own key", async () => {
    const { vault } = setUp();
    const sealed = await vault.sealText("acme", "p", "v");
    await vault.sealText("rival", "p", "v");
    await expect(vault.openText("rival", "p", sealed)).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      message: expect.stringContaining("does not exist in this workspace"),
    });
  });

  it("refuses a data key that was copied into another workspace's row", async () => {
    const { vault, dataKeys } = setUp();
    const sealed = await vault.sealText("acme", "p", "v");
    const [row] = dataKeys.rows;
    if (row) dataKeys.rows.push({ ...row, workspaceId: "rival" });
    await expect(vault.openText("rival", "p", sealed)).rejects.toMatchObject({ code: "KEY_UNAVAILABLE" });
  });

  it("stores the data key wrapped: neither it nor a value can be read from the rows", async () => {
    const { vault, dataKeys } = setUp();
    const sealed = await vault.sealText("acme", "p", "canary-value-4711");
    const stored = JSON.stringify([dataKeys.rows, sealed]);
    expect(stored).not.toContain("canary-value-4711");
    expect(stored).not.toContain(Buffer.from("canary-value-4711").toString("base64url"));
    expect(stored).not.toContain(masterKey);
  });
});

describe("purposes", () => {
  it("are named after the place in the store, which is how a rotation knows them", () => {
    expect([secretPurpose("n"), parametersPurpose("n"), credentialPurpose("n")]).toEqual([
      "secret:n",
      "connection-parameters:n",
      "connection-credential:n",
    ]);
  });
});
