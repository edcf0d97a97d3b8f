import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import type { KeyPort } from "../ports/key-port.ts";
import { createVault } from "./envelope-vault.ts";
import { combineKeyPorts } from "./key-ports/combine-key-ports.ts";
import { createEnvironmentKeyPort } from "./key-ports/environment-key-port.ts";
import { rotateMasterKey } from "./rotate-master-key.ts";
import { createMemoryDataKeys } from "./testkit/memory-data-keys.ts";

const clock = { now: () => 1_000_000 };

async function setUp() {
  const [oldKey, newKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
  const dataKeys = createMemoryDataKeys();
  const before = createVault({ keyPort: createEnvironmentKeyPort(oldKey), dataKeys, clock });
  const sealed = await before.sealText("acme", "p", "acme's");
  await before.sealText("rival", "p", "rival's");
  return { oldKey, newKey, dataKeys, sealed };
}

describe("rotateMasterKey", () => {
  it("wraps every data key anew, after which the former master key is not needed", async () => {
    const { oldKey, newKey, dataKeys, sealed } = await setUp();
    const keyPort = createEnvironmentKeyPort(`${newKey},${oldKey}`);
    expect(await rotateMasterKey({ keyPort, dataKeys })).toEqual({ rewrapped: 2, unchanged: 0, failed: [] });
    const after = createVault({ keyPort: createEnvironmentKeyPort(newKey), dataKeys, clock });
    expect(await after.openText("acme", "p", sealed)).toBe("acme's");
  });

  it("does nothing the second time, and everything again with force", async () => {
    const { oldKey, newKey, dataKeys } = await setUp();
    const keyPort = createEnvironmentKeyPort(`${newKey} ${oldKey}`);
    await rotateMasterKey({ keyPort, dataKeys });
    const wrapped = dataKeys.rows.map((row) => row.wrapped);
    expect(await rotateMasterKey({ keyPort, dataKeys })).toMatchObject({ rewrapped: 0, unchanged: 2 });
    expect(dataKeys.rows.map((row) => row.wrapped)).toEqual(wrapped);
    expect(await rotateMasterKey({ keyPort, dataKeys, force: true })).toMatchObject({ rewrapped: 2, unchanged: 0 });
  });

  it("continues where it was stopped", async () => {
    const { oldKey, newKey, dataKeys } = await setUp();
    const keyPort = createEnvironmentKeyPort(`${newKey},${oldKey}`);
    const stop = new AbortController();
    const stopped = rotateMasterKey({ keyPort, dataKeys, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toThrow();
    expect(await rotateMasterKey({ keyPort, dataKeys })).toMatchObject({ rewrapped: 1, unchanged: 1 });
  });

  it("moves from one kind of key to another", async () => {
    const { oldKey, newKey, dataKeys, sealed } = await setUp();
    const current = createEnvironmentKeyPort(newKey, "NEW");
    const keyPort = combineKeyPorts(current, createEnvironmentKeyPort(oldKey, "OLD"));
    expect(await rotateMasterKey({ keyPort, dataKeys })).toMatchObject({ rewrapped: 2 });
    expect(await createVault({ keyPort: current, dataKeys, clock }).openText("acme", "p", sealed)).toBe("acme's");
  });

  it("leaves a data key as it was when its master key is gone, and names it", async () => {
    const { newKey, dataKeys } = await setUp();
    const before = structuredClone(dataKeys.rows);
    const { failed } = await rotateMasterKey({ keyPort: createEnvironmentKeyPort(newKey), dataKeys });
    expect(failed.map(({ workspaceId }) => workspaceId)).toEqual(["acme", "rival"]);
    expect(failed[0]?.reason).toMatchObject({ code: "KEY_UNAVAILABLE", hint: expect.stringContaining("former") });
    expect(dataKeys.rows).toEqual(before);
  });

  it("stops at once when the key service is away, keeps what is done, and continues", async () => {
    const { oldKey, newKey, dataKeys } = await setUp();
    const honest = createEnvironmentKeyPort(`${newKey},${oldKey}`);
    let asked = 0;
    const away: KeyPort = {
      ...honest,
      async wrap(key, context) {
        asked += 1;
        if (asked > 1) throw new ConnectorError("KEY_UNAVAILABLE", "away");
        return honest.wrap(key, context);
      },
    };
    await expect(rotateMasterKey({ keyPort: away, dataKeys })).rejects.toThrow("away");
    expect(await rotateMasterKey({ keyPort: honest, dataKeys })).toEqual({ rewrapped: 1, unchanged: 1, failed: [] });
  });

  it("leaves a data key as it was when the key service gives back another key", async () => {
    const { oldKey, newKey, dataKeys } = await setUp();
    const before = structuredClone(dataKeys.rows);
    const honest = createEnvironmentKeyPort(`${newKey},${oldKey}`);
    const forgetful: KeyPort = { ...honest, wrap: (_key, context) => honest.wrap(randomBytes(32), context) };
    const { failed } = await rotateMasterKey({ keyPort: forgetful, dataKeys });
    expect(failed).toHaveLength(2);
    expect(dataKeys.rows).toEqual(before);
  });
});
