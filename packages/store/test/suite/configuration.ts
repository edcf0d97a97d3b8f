import type { ConnectionChange, Json } from "@junctor/core";
import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { at, makeConnection, makeKey, makeWorkspace, makeWorkspaceWithConnector } from "./records.ts";

/** What both engines do with connections, secrets, variables and keys. */
export function describeConfiguration(open: () => Store): void {
  describe("connections", () => {
    it("need a connector, and a name that is free for their owner", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connections } = open().stores;
      await connections.create(makeConnection(workspaceId));
      const create = (change: Parameters<typeof makeConnection>[1]) =>
        connections.create(makeConnection(workspaceId, change));
      await expect(create({ connector: "none" })).rejects.toMatchObject({ code: "CONNECTOR_UNKNOWN" });
      await expect(create({})).rejects.toMatchObject({ code: "CONFLICT" });
      await create({ owner: { kind: "user", userId: "u1" } });
      await create({ owner: { kind: "user", userId: "u2" } });
      await expect(create({ owner: { kind: "user", userId: "u1" } })).rejects.toMatchObject({ code: "CONFLICT" });
    });

    it("are found by name: the user's own first, another user's never", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connections } = open().stores;
      const own = makeConnection(workspaceId, { owner: { kind: "user", userId: "u1" } });
      await connections.create(own);
      expect(await connections.find(workspaceId, "books", "main")).toBeUndefined();
      const common = makeConnection(workspaceId);
      await connections.create(common);
      expect((await connections.find(workspaceId, "books", "main"))?.id).toBe(common.id);
      expect((await connections.find(workspaceId, "books", "main", "u1"))?.id).toBe(own.id);
      expect((await connections.find(workspaceId, "books", "main", "u2"))?.id).toBe(common.id);
      expect((await connections.list(workspaceId, { userId: "u2" })).map(({ id }) => id)).toEqual([common.id]);
      expect(await connections.list(workspaceId, { connector: "books" })).toHaveLength(2);
      expect(await connections.list(workspaceId, { connector: "other" })).toEqual([]);
    });

    const changes: readonly [what: string, change: ConnectionChange][] = [
      ["its name", { name: "renamed" }],
      ["its parameters", { parameters: { b: 1, a: null } }],
      ["its credential and when that ends", { sealedCredential: "j1.k.new", expiresAt: "2026-06-01T00:00:00.123Z" }],
      ["its status with the reason", { status: "needs-authorization", statusReason: "The grant was revoked." }],
      ["fields to null", { environment: null, authMethod: null, sealedParameters: null, label: null }],
      ["nothing but the version", {}],
    ];
    it.each(changes)("change %s and leave the rest alone", async (_what, change) => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connections } = open().stores;
      const before = makeConnection(workspaceId, { label: "shop@example.com" });
      await connections.create(before);
      const after = await connections.update(workspaceId, before.id, 1, change);
      expect(after).toEqual({ ...before, ...change, version: 2, updatedAt: expect.any(String) });
      expect(await connections.get(workspaceId, before.id)).toEqual(after);
    });

    it("let exactly one of many concurrent writers win, in each round", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connections } = open().stores;
      const { id } = makeConnection(workspaceId);
      await connections.create(makeConnection(workspaceId, { id }));
      for (let version = 1; version <= 5; version += 1) {
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, writer) =>
            connections.update(workspaceId, id, version, { label: `round ${version}, writer ${writer}` }),
          ),
        );
        const winners = results.filter((result) => result !== undefined);
        expect(winners).toHaveLength(1);
        expect((await connections.get(workspaceId, id))?.label).toBe(winners[0]?.label);
      }
    });

    it("answer undefined to a write of a stale version and of a row that is gone", async () => {
      const workspaceId = await makeWorkspaceWithConnector(open());
      const { connections } = open().stores;
      const { id } = makeConnection(workspaceId);
      await connections.create(makeConnection(workspaceId, { id }));
      expect(await connections.update(workspaceId, id, 7, { label: "x" })).toBeUndefined();
      expect(await connections.delete(workspaceId, id)).toBe(true);
      expect(await connections.delete(workspaceId, id)).toBe(false);
      expect(await connections.update(workspaceId, id, 1, { label: "x" })).toBeUndefined();
    });
  });

  describe("secrets", () => {
    it("grow their version with each write and never repeat one, also when deleted in between", async () => {
      const workspaceId = await makeWorkspace(open());
      const { secrets } = open().stores;
      const put = (sealed: string) =>
        secrets.put({ workspaceId, name: "token", sealed, hosts: ["a.example", "*.b.example"] });
      const first = await put("one");
      const second = await put("two");
      await secrets.delete(workspaceId, "token");
      const third = await put("three");
      expect(second.version).toBeGreaterThan(first.version);
      expect(third.version).toBeGreaterThan(second.version);
      expect(second.createdAt).toBe(first.createdAt);
      expect(await secrets.get(workspaceId, "token")).toEqual({
        ...third,
        sealed: "three",
        hosts: ["a.example", "*.b.example"],
      });
    });

    it("are listed without their ciphertext", async () => {
      const workspaceId = await makeWorkspace(open());
      const { secrets } = open().stores;
      await secrets.put({ workspaceId, name: "b", sealed: "cipher", hosts: [] });
      await secrets.put({ workspaceId, name: "a", sealed: "cipher", hosts: ["x"] });
      const list = await secrets.list(workspaceId);
      expect(list.map(({ name, hosts }) => [name, hosts])).toEqual([
        ["a", ["x"]],
        ["b", []],
      ]);
      expect(JSON.stringify(list)).not.toContain("cipher");
      expect(await secrets.delete(workspaceId, "a")).toBe(true);
      expect(await secrets.delete(workspaceId, "a")).toBe(false);
      expect(await secrets.get(workspaceId, "a")).toBeUndefined();
    });
  });

  describe("variables", () => {
    const values: readonly Json[] = [
      null,
      false,
      0,
      "",
      "text",
      'a "quoted" \\ \u0000 text',
      [1, [2]],
      { z: 1, a: { b: null } },
      1e21,
    ];
    it.each(values.map((value) => [value]))("keep %j as it is", async (value) => {
      const workspaceId = await makeWorkspace(open());
      const { variables } = open().stores;
      await variables.put(workspaceId, "v", "before");
      await variables.put(workspaceId, "v", value);
      const found = await variables.get(workspaceId, "v");
      expect(JSON.stringify(found?.value)).toBe(JSON.stringify(value));
      expect(await variables.list(workspaceId)).toEqual([found]);
      expect(await variables.delete(workspaceId, "v")).toBe(true);
      expect(await variables.get(workspaceId, "v")).toBeUndefined();
    });
  });

  describe("keys", () => {
    it("are found by their hash alone, with everything that decides about them", async () => {
      const workspaceId = await makeWorkspace(open());
      const key = makeKey(workspaceId, { kind: "publishable", origins: ["https://a.example"], expiresAt: at });
      await open().stores.keys.create(key);
      expect(await open().stores.keys.findByHash(key.hash)).toEqual(key);
      expect(await open().stores.keys.findByHash("other")).toBeUndefined();
      expect(await open().stores.keys.list(workspaceId)).toEqual([key]);
      await expect(open().stores.keys.create(makeKey(workspaceId, { hash: key.hash }))).rejects.toMatchObject({
        code: "CONFLICT",
      });
    });

    it("stay revoked since the first revocation", async () => {
      const workspaceId = await makeWorkspace(open());
      const { keys } = open().stores;
      const key = makeKey(workspaceId);
      await keys.create(key);
      expect(await keys.revoke(workspaceId, key.id, at)).toBe(true);
      expect(await keys.revoke(workspaceId, key.id, "2027-01-01T00:00:00.000Z")).toBe(true);
      expect((await keys.findByHash(key.hash))?.revokedAt).toBe(at);
      expect(await keys.revoke(workspaceId, "none", at)).toBe(false);
    });
  });
}
