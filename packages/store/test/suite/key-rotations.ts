import { randomUUID } from "node:crypto";
import type { KeyRotationRecord } from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { at, pause } from "./records.ts";

const makeRotation = (
  change: Partial<KeyRotationRecord> = {},
): Omit<KeyRotationRecord, "updatedAt"> & { readonly state: "running" } => ({
  id: randomUUID(),
  kind: "data-keys",
  force: false,
  workspaceIds: ["w1", "w2"],
  requestedBy: { workspaceId: "w1", keyId: "key_1" },
  progress: { masterKeyId: "m1", done: 0, total: 2, changed: 0, trouble: null, problems: [], problemCount: 0 },
  createdAt: at,
  finishedAt: null,
  ...change,
  state: "running",
});

/** Rotations of keys as records that replicas share, and which replica has which master key. */
export function describeKeyRotations(open: () => Store): void {
  /** Each test ends what it began: only one may run. */
  const finish = async (id: string, owner: string): Promise<void> => {
    const { keyRotations } = open().stores;
    const { progress } = makeRotation();
    expect(await keyRotations.advance(id, owner, 1_000, { progress, state: "finished" })).toBe(true);
  };

  describe("a key rotation", () => {
    it("is one at a time, whoever asks first", async () => {
      const { keyRotations } = open().stores;
      const wishes = [makeRotation(), makeRotation(), makeRotation()];
      const created = await Promise.all(wishes.map((wish) => keyRotations.create(wish)));
      expect(created.filter(Boolean)).toHaveLength(1);
      const mine = wishes[created.indexOf(true)]?.id ?? "";
      expect(await keyRotations.get(mine)).toEqual({ ...makeRotation(), id: mine, updatedAt: expect.any(String) });
      await keyRotations.claim("a", 10_000);
      await finish(mine, "a");
      expect(await keyRotations.get(mine)).toMatchObject({ state: "finished", finishedAt: expect.any(String) });
      const next = makeRotation({ kind: "master-key", workspaceIds: null, createdAt: "2026-06-01T00:00:00.000Z" });
      expect(await keyRotations.create(next)).toBe(true);
      expect((await keyRotations.list(2)).map(({ id }) => id)).toEqual([next.id, mine]);
      await keyRotations.claim("a", 10_000);
      await finish(next.id, "a");
      expect(await keyRotations.get("nowhere")).toBeUndefined();
    });

    it("is worked on by one replica, and by the next when that one is silent or gives it back", async () => {
      const { keyRotations } = open().stores;
      const { id, progress } = makeRotation();
      await keyRotations.create(makeRotation({ id }));
      const claims = await Promise.all(["a", "b", "c"].map((owner) => keyRotations.claim(owner, 40)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      const first = ["a", "b", "c"][claims.findIndex(Boolean)] ?? "";
      await pause(80);
      expect(await keyRotations.claim("next", 10_000)).toMatchObject({ id });
      expect(await keyRotations.advance(id, first, 10_000, { progress, state: "running" })).toBe(false);
      const further = { ...progress, done: 1, trouble: "away" };
      expect(await keyRotations.advance(id, "next", 10_000, { progress: further, state: "running" })).toBe(true);
      expect(await keyRotations.claim("last", 10_000)).toBeUndefined();
      await keyRotations.release(id, first);
      expect(await keyRotations.claim("last", 10_000)).toBeUndefined();
      await keyRotations.release(id, "next");
      expect(await keyRotations.claim("last", 10_000)).toMatchObject({ progress: { done: 1, trouble: "away" } });
      await finish(id, "last");
      expect(await keyRotations.claim("last", 10_000)).toBeUndefined();
      expect(await keyRotations.advance(id, "last", 10_000, { progress, state: "running" })).toBe(false);
    });
  });

  describe("the holders of master keys", () => {
    it("are those that were heard of lately and have not said goodbye", async () => {
      const { keyRotations } = open().stores;
      const [a, b] = [`a-${randomUUID()}`, `b-${randomUUID()}`];
      await keyRotations.announce({ replica: a, currentKeyId: "m1", keyIds: ["m1"] });
      await keyRotations.announce({ replica: b, currentKeyId: "m1", keyIds: ["m1", "m0"] });
      await keyRotations.announce({ replica: a, currentKeyId: "m2", keyIds: ["m2", "m1"] });
      const own = async (withinMs: number) =>
        (await keyRotations.holders(withinMs)).filter(({ replica }) => [a, b].includes(replica));
      expect(await own(60_000)).toEqual([
        { replica: a, currentKeyId: "m2", keyIds: ["m2", "m1"], seenAt: expect.any(String) },
        { replica: b, currentKeyId: "m1", keyIds: ["m1", "m0"], seenAt: expect.any(String) },
      ]);
      await pause(60);
      await keyRotations.announce({ replica: b, currentKeyId: "m1", keyIds: ["m1"] });
      expect((await own(50)).map(({ replica }) => replica)).toEqual([b]);
      await keyRotations.withdraw(b);
      expect(await own(50)).toEqual([]);
    });
  });
}
