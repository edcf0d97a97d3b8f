import { randomUUID } from "node:crypto";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { at, fromNow, makeConnection, makeWorkspace, makeWorkspaceWithConnector, pause } from "./records.ts";

/** What both engines do with leases, ephemeral entries, rate windows, data keys and sealed values. */
export function describeCoordination(open: () => Store): void {
  describe("a lease", () => {
    it("goes to one of many, and to nobody else until it is released", async () => {
      const { leases } = open().stores;
      const name = randomUUID();
      const fences = await Promise.all(
        Array.from({ length: 20 }, (_, n) => leases.acquire(name, `owner ${n}`, 60_000)),
      );
      expect(fences.filter((fence) => fence !== undefined)).toHaveLength(1);
      const winner = fences.findIndex((fence) => fence !== undefined);
      await leases.release(name, "somebody else");
      expect(await leases.acquire(name, "next", 60_000)).toBeUndefined();
      await leases.release(name, `owner ${winner}`);
      expect(await leases.acquire(name, "next", 60_000)).toBeGreaterThan(fences[winner] ?? Number.POSITIVE_INFINITY);
    });

    it("ends by itself, and its former owner cannot release the next one's", async () => {
      const { leases } = open().stores;
      const name = randomUUID();
      const first = await leases.acquire(name, "slow", 30);
      await pause(60);
      const second = await leases.acquire(name, "next", 60_000);
      expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
      await leases.release(name, "slow");
      expect(await leases.acquire(name, "third", 60_000)).toBeUndefined();
    });
  });

  describe("an ephemeral entry", () => {
    it("is taken by one of many", async () => {
      const { ephemeral } = open().stores;
      const key = randomUUID();
      await ephemeral.put("state", key, "sealed", fromNow(60_000));
      const taken = await Promise.all(Array.from({ length: 20 }, () => ephemeral.take("state", key)));
      expect(taken.filter((value) => value !== undefined)).toEqual(["sealed"]);
    });

    it("is not there once it has ended, to nobody", async () => {
      const { ephemeral } = open().stores;
      const [kind, key] = [randomUUID(), randomUUID()];
      await ephemeral.put(kind, key, "sealed", fromNow(-1));
      expect(await ephemeral.get(kind, key)).toBeUndefined();
      expect(await ephemeral.list(kind)).toEqual([]);
      expect(await ephemeral.take(kind, key)).toBeUndefined();
    });

    it("is overwritten, listed, deleted, and cleared away by age", async () => {
      const { ephemeral } = open().stores;
      const kind = randomUUID();
      const end = fromNow(60_000);
      await ephemeral.put(kind, "a", "old", fromNow(-60_000));
      await ephemeral.put(kind, "a", "new", end);
      await ephemeral.put(kind, "b", "other", end);
      await ephemeral.put(kind, "c", "ended", fromNow(-60_000));
      expect(await ephemeral.list(kind)).toEqual([
        { key: "a", value: "new", expiresAt: end },
        { key: "b", value: "other", expiresAt: end },
      ]);
      await ephemeral.delete(kind, "b");
      expect(await ephemeral.get(kind, "b")).toBeUndefined();
      expect(await ephemeral.deleteExpired(fromNow(0))).toBeGreaterThanOrEqual(1);
      expect(await ephemeral.get(kind, "a")).toBe("new");
      expect(await ephemeral.deleteExpired(fromNow(120_000))).toBeGreaterThanOrEqual(1);
      expect(await ephemeral.get(kind, "a")).toBeUndefined();
    });
  });

  describe("a rate window", () => {
    it("grants the limit and not one more, however many ask at once", async () => {
      const { rateLimits } = open().stores;
      const key = randomUUID();
      const leases = await Promise.all(Array.from({ length: 50 }, () => rateLimits.lease(key, 100, 60_000, 3)));
      expect(leases.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
      expect(new Set(leases.map(({ resetAt }) => resetAt)).size).toBe(1);
      expect((await rateLimits.lease(key, 100, 60_000, 1)).granted).toBe(0);
    });

    it("opens anew after its end", async () => {
      const { rateLimits } = open().stores;
      const key = randomUUID();
      expect((await rateLimits.lease(key, 2, 40, 5)).granted).toBe(2);
      await pause(80);
      expect((await rateLimits.lease(key, 2, 40, 1)).granted).toBe(1);
    });

    it("holds what the upstream says is left, and never gives back what was used", async () => {
      const { rateLimits } = open().stores;
      const key = randomUUID();
      const resetAt = Date.now() + 30_000;
      await rateLimits.lease(key, 100, 60_000, 10);
      await rateLimits.observe(key, 100, 60_000, 4, resetAt);
      const after = await rateLimits.lease(key, 100, 60_000, 10);
      expect(after).toEqual({ granted: 4, resetAt });
      await rateLimits.observe(key, 100, 60_000, 90, resetAt);
      expect((await rateLimits.lease(key, 100, 60_000, 10)).granted).toBe(0);
    });

    it("grants under a lowered limit only what that leaves", async () => {
      const { rateLimits } = open().stores;
      const key = randomUUID();
      expect((await rateLimits.lease(key, 100, 60_000, 50)).granted).toBe(50);
      expect((await rateLimits.lease(key, 10, 60_000, 5)).granted).toBe(0);
    });
  });

  describe("a data key", () => {
    const makeDataKey = (workspaceId: string, id: string) => ({
      id,
      workspaceId,
      wrapped: `wrapped ${id}`,
      masterKeyId: "m1",
      createdAt: at,
      retiredAt: null,
    });

    it("is made once, whoever is first", async () => {
      const workspaceId = await makeWorkspace(open());
      const { dataKeys } = open().stores;
      const made = await Promise.all(
        Array.from({ length: 10 }, (_, n) => dataKeys.createCurrent(makeDataKey(workspaceId, `k${n}`))),
      );
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await dataKeys.current(workspaceId)).toEqual(made[0]);
    });

    it("is retired by a rotation and stays readable; concurrent rotations leave one current", async () => {
      const workspaceId = await makeWorkspace(open());
      const { dataKeys } = open().stores;
      await dataKeys.createCurrent(makeDataKey(workspaceId, "first"));
      await Promise.all([1, 2, 3, 4].map((n) => dataKeys.rotate(makeDataKey(workspaceId, `next${n}`))));
      const all = (await dataKeys.list()).filter((key) => key.workspaceId === workspaceId);
      expect(all).toHaveLength(5);
      expect(all.filter(({ retiredAt }) => retiredAt === null)).toEqual([await dataKeys.current(workspaceId)]);
      expect(await dataKeys.get(workspaceId, "first")).toMatchObject({ wrapped: "wrapped first", retiredAt: at });
    });

    it("gets a new wrapping", async () => {
      const workspaceId = await makeWorkspace(open());
      const { dataKeys } = open().stores;
      await dataKeys.createCurrent(makeDataKey(workspaceId, "k"));
      await dataKeys.rewrap(workspaceId, "k", "anew", "m2");
      expect(await dataKeys.get(workspaceId, "k")).toMatchObject({
        wrapped: "anew",
        masterKeyId: "m2",
        retiredAt: null,
      });
    });
  });

  describe("sealed values", () => {
    it("are listed by what they are not sealed under, page by page", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { secrets, connections, sealed } = open().stores;
      await secrets.put({ workspaceId, name: "a", sealed: "j1.old.a", hosts: [] });
      await secrets.put({ workspaceId, name: "b", sealed: "j1.new.b", hosts: [] });
      const { id } = makeConnection(workspaceId);
      await connections.create(
        makeConnection(workspaceId, { id, sealedParameters: "j1.old.p", sealedCredential: "j1.old.c" }),
      );
      await connections.create(makeConnection(workspaceId, { name: "bare", sealedParameters: null }));
      const places: unknown[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await sealed.listWithoutPrefix(workspaceId, "j1.new.", {
          limit: 1,
          ...(cursor ? { cursor } : {}),
        });
        places.push(...page.items.map(({ place, sealed: text }) => [place.kind, place.key, text]));
        cursor = page.cursor;
      }
      expect(places).toEqual([
        ["connection-credential", id, "j1.old.c"],
        ["connection-parameters", id, "j1.old.p"],
        ["secret", "a", "j1.old.a"],
      ]);
    });

    it("are replaced only where the old text stands, and leave versions alone", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { secrets, connections, sealed } = open().stores;
      const secret = await secrets.put({ workspaceId, name: "a", sealed: "old", hosts: [] });
      const connection = makeConnection(workspaceId, { sealedParameters: "old", sealedCredential: "old" });
      await connections.create(connection);
      const places = [
        { kind: "secret", workspaceId, key: "a" },
        { kind: "connection-parameters", workspaceId, key: connection.id },
        { kind: "connection-credential", workspaceId, key: connection.id },
      ] as const;
      for (const place of places) {
        expect(await sealed.replace(place, "wrong", "x")).toBe(false);
        expect(await sealed.replace(place, "old", "new")).toBe(true);
      }
      expect(await secrets.get(workspaceId, "a")).toEqual({ ...secret, sealed: "new" });
      expect(await connections.get(workspaceId, connection.id)).toEqual({
        ...connection,
        sealedParameters: "new",
        sealedCredential: "new",
      });
    });
  });
}
