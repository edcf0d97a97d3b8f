import { randomBytes } from "node:crypto";
import {
  ConnectorError,
  createEnvironmentKeyPort,
  createVault,
  type KeyPort,
  type KeyRotationRecord,
  secretPurpose,
  type Vault,
} from "@junctor/core";
import { openStore, type Store } from "@junctor/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type KeyRotations, startKeyRotations } from "../src/master-key/key-rotations.ts";

/** Replicas on one database that rotate its keys, with one of them failing in every way that it can. */
const [oldKey, newKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];
const both = (): KeyPort => createEnvironmentKeyPort(`${newKey},${oldKey}`);
const clock = { now: () => Date.now() };
const requestedBy = { workspaceId: "w0", keyId: "key_1" };
const workspaceIds = ["w0", "w1", "w2", "w3"];
const silent = { info: () => undefined, warn: () => undefined };
const soon = { timeout: 15_000, interval: 20 };
let store: Store;
const replicas: KeyRotations[] = [];

beforeAll(async () => {
  store = await openStore({ kind: "memory" });
  await store.migrate();
  const { workspaces, dataKeys, secrets } = store.stores;
  const vault = createVault({ keyPort: createEnvironmentKeyPort(oldKey), dataKeys, clock });
  for (const id of workspaceIds) {
    await workspaces.create({ id, name: id, createdAt: new Date().toISOString() });
    for (const name of ["a", "b", "c"]) {
      const sealed = await vault.sealText(id, secretPurpose(name), `${name} of ${id}`);
      await secrets.put({ workspaceId: id, name, sealed, hosts: [] });
    }
  }
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.close()));
});
afterAll(() => store.close());

function startReplica(keyPort: KeyPort = both()): KeyRotations {
  const timing = { everyMs: 40, claimMs: 400, settleMs: 20 };
  const replica = startKeyRotations({ stores: store.stores, keyPort, log: silent as never, ...timing });
  replicas.push(replica);
  return replica;
}

const wish = (kind: KeyRotationRecord["kind"], change: Partial<KeyRotationRecord> = {}) => ({
  kind,
  force: false,
  workspaceIds: null,
  requestedBy,
  ...change,
});
const read = (id: string) => store.stores.keyRotations.get(id);
const ended = (id: string) => expect.poll(async () => (await read(id))?.state, soon);

async function readSecrets(vault: Vault): Promise<readonly string[]> {
  const values: string[] = [];
  for (const workspaceId of workspaceIds) {
    for (const name of ["a", "b", "c"]) {
      const record = await store.stores.secrets.get(workspaceId, name);
      values.push(await vault.openText(workspaceId, secretPurpose(name), record?.sealed ?? ""));
    }
  }
  return values;
}
const everySecret = workspaceIds.flatMap((id) => ["a", "b", "c"].map((name) => `${name} of ${id}`));
const vaultOf = (keyPort: KeyPort) => createVault({ keyPort, dataKeys: store.stores.dataKeys, clock });

/** A key port whose service goes away after some answers, until it is told to come back. */
function createShakyKeyPort(answers: number): { readonly keyPort: KeyPort; comeBack(): void } {
  const inner = both();
  let left = answers;
  const ask = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    left -= 1;
    if (left < 0) throw new ConnectorError("KEY_UNAVAILABLE", "Vault does not answer: HTTP status 503.");
    return work();
  };
  return {
    keyPort: {
      ...inner,
      wrap: async (key, context) => ask(() => inner.wrap(key, context)),
      unwrap: async (wrapped, id, context) => ask(() => inner.unwrap(wrapped, id, context)),
    },
    comeBack() {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

describe("a rotation of the master key", () => {
  it("is refused while a replica still uses the former one, and names that replica", async () => {
    const [former, current] = [startReplica(createEnvironmentKeyPort(`${oldKey},${newKey}`)), startReplica()];
    await expect.poll(async () => (await current.holders()).length, soon).toBe(2);
    await expect(current.create(wish("master-key"))).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/^Not all replicas use the master key local:\w+: .+ \(local:\w+\)\.$/),
      hint: expect.stringContaining("restart them"),
    });
    await former.close();
    expect(await current.holders()).toHaveLength(1);
  });

  it("waits while the key service is away, says so, and goes on where it was", async () => {
    const { keyPort, comeBack } = createShakyKeyPort(7);
    const { id } = await startReplica(keyPort).create(wish("master-key"));
    await expect.poll(async () => (await read(id))?.progress.trouble, soon).toMatch(/Vault does not answer/);
    expect(await read(id)).toMatchObject({ state: "running", progress: { changed: 2 } });
    comeBack();
    await ended(id).toBe("finished");
    expect(await read(id)).toMatchObject({
      progress: { done: 4, total: 4, changed: 4, trouble: null, problemCount: 0 },
      finishedAt: expect.any(String),
    });
    expect(await readSecrets(vaultOf(createEnvironmentKeyPort(newKey)))).toEqual(everySecret);
  });

  it("does nothing where nothing is to be done, and everything again with force", async () => {
    const replica = startReplica();
    const again = await replica.create(wish("master-key"));
    await ended(again.id).toBe("finished");
    expect((await read(again.id))?.progress).toMatchObject({ done: 4, changed: 0 });
    const forced = await replica.create(wish("master-key", { force: true }));
    await ended(forced.id).toBe("finished");
    expect((await read(forced.id))?.progress).toMatchObject({ done: 4, changed: 4 });
  });
});

describe("a rotation of data keys", () => {
  it("is continued by another replica when the one at work crashes, with one new key per workspace", async () => {
    const before = (await store.stores.dataKeys.list()).length;
    const inner = both();
    let asked = 0;
    // As a process that is killed: what it waits for never comes, and it says nothing more.
    const hanging: KeyPort = {
      ...inner,
      wrap: (key, context) => {
        asked += 1;
        return asked > 2 ? new Promise(() => undefined) : inner.wrap(key, context);
      },
    };
    const muted = { ...store.stores, keyRotations: { ...store.stores.keyRotations } };
    const crashing = startKeyRotations({
      stores: muted,
      keyPort: hanging,
      log: silent as never,
      everyMs: 60_000,
      claimMs: 400,
      settleMs: 20,
    });
    const { id } = await crashing.create(wish("data-keys"));
    await expect.poll(() => asked, soon).toBe(3);
    muted.keyRotations.advance = () => new Promise(() => undefined);
    expect((await store.stores.dataKeys.list()).length).toBe(before + 2);
    startReplica();
    await ended(id).toBe("finished");
    expect((await read(id))?.progress).toMatchObject({ done: 4, total: 4, problemCount: 0 });
    const after = await store.stores.dataKeys.list();
    expect(after).toHaveLength(before + 4);
    expect(after.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(4);
    expect(await readSecrets(vaultOf(both()))).toEqual(everySecret);
  });

  it("is one at a time, whichever replica is asked", async () => {
    const [first, second] = [startReplica(), startReplica()];
    const answers = await Promise.allSettled([first.create(wish("data-keys")), second.create(wish("data-keys"))]);
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
    expect(refused).toMatchObject([{ code: "CONFLICT", message: expect.stringMatching(/under way: rot_/) }]);
    const [made] = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.id] : []));
    await ended(made ?? "").toBe("finished");
  });

  it("leaves other workspaces alone, and ends incomplete where a value does not open, naming it", async () => {
    const { secrets, dataKeys, audit } = store.stores;
    const record = await secrets.get("w1", "b");
    const broken = `${record?.sealed.slice(0, -4)}AAAA`;
    await secrets.put({ workspaceId: "w1", name: "b", sealed: broken, hosts: [] });
    const before = await dataKeys.current("w0");
    const { id } = await startReplica().create(wish("data-keys", { workspaceIds: ["w1"] }));
    await ended(id).toBe("incomplete");
    expect((await read(id))?.progress).toMatchObject({
      done: 1,
      total: 1,
      changed: 2,
      problemCount: 1,
      problems: [{ workspaceId: "w1", what: "secret:b", reason: expect.stringContaining("does not open") }],
    });
    expect((await secrets.get("w1", "b"))?.sealed).toBe(broken);
    expect(await dataKeys.current("w0")).toEqual(before);
    const [entry] = (await audit.list("w0", { limit: 1 })).items;
    expect(entry).toMatchObject({
      event: "encryption.rotated",
      resource: "data-keys",
      actorId: "key_1",
      detail: { rotation: id, state: "incomplete", changed: 2, problems: 1 },
    });
  });
});
