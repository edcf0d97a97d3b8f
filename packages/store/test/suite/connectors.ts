import type { Store } from "@junctor/store";
import { describe, expect, it } from "vitest";
import { at, makeConnection, makeVersion, makeWorkspace } from "./records.ts";

const versionsOf = (records: readonly { readonly version: string }[]) => records.map(({ version }) => version);

/** What both engines do with workspaces, connectors and versions. */
export function describeConnectors(open: () => Store): void {
  describe("workspaces", () => {
    it("are created once and found again", async () => {
      const { workspaces } = open().stores;
      const id = await makeWorkspace(open(), "shop");
      expect(await workspaces.get(id)).toEqual({ id, name: "shop", createdAt: at });
      expect((await workspaces.list()).map((workspace) => workspace.id)).toContain(id);
      await expect(workspaces.create({ id, name: "again", createdAt: at })).rejects.toMatchObject({ code: "CONFLICT" });
      expect(await workspaces.get("nowhere")).toBeUndefined();
    });
  });

  describe("connectors", () => {
    it("keep a draft as it was written: order of members, NUL, and every other character", async () => {
      const workspaceId = await makeWorkspace(open());
      const definition = { zeta: 1, alpha: { y: [null, true, 1.5], x: "\u0000 \ud83d\ude00 \u2028" } };
      await open().stores.connectors.saveDraft(makeVersion(workspaceId, "1.0.0", { definition }));
      const found = await open().stores.connectors.get(workspaceId, "books", "1.0.0");
      expect(JSON.stringify(found?.definition)).toBe(JSON.stringify(definition));
    });

    it("replace a draft and keep when it was made", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "1.0.0"));
      const source = { kind: "folder", reference: "./books", locked: true } as const;
      const second = makeVersion(workspaceId, "1.0.0", {
        digest: "other",
        source,
        createdAt: "2027-01-01T00:00:00.000Z",
      });
      await connectors.saveDraft(second);
      expect(await connectors.get(workspaceId, "books", "1.0.0")).toEqual({ ...second, createdAt: at });
    });

    it("make a published version immutable", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      const draft = makeVersion(workspaceId, "1.0.0");
      await connectors.saveDraft(draft);
      const published = await connectors.publish(workspaceId, "books", "1.0.0", at);
      expect(published).toEqual({ ...draft, state: "published", publishedAt: at });
      await expect(connectors.saveDraft({ ...draft, digest: "x" })).rejects.toMatchObject({
        code: "VERSION_PUBLISHED",
      });
      expect(await connectors.deleteDraft(workspaceId, "books", "1.0.0")).toBe(false);
      expect(await connectors.publish(workspaceId, "books", "1.0.0", at)).toBeUndefined();
      expect(await connectors.get(workspaceId, "books", "1.0.0")).toEqual(published);
    });

    it("let one of two publications of a version win", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "1.0.0"));
      const results = await Promise.all(
        Array.from({ length: 8 }, () => connectors.publish(workspaceId, "books", "1.0.0", at)),
      );
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    it("find the latest version by semantic order, published before drafts", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      for (const version of ["1.9.0", "1.10.0", "1.10.0-rc.1", "0.9.0"]) {
        await connectors.saveDraft(makeVersion(workspaceId, version));
        await connectors.publish(workspaceId, "books", version, at);
      }
      await connectors.saveDraft(makeVersion(workspaceId, "2.0.0"));
      expect((await connectors.latest(workspaceId, "books"))?.version).toBe("1.10.0");
      expect((await connectors.latest(workspaceId, "books", { drafts: true }))?.version).toBe("1.10.0");
      expect(versionsOf(await connectors.versions(workspaceId, "books"))).toEqual([
        "2.0.0",
        "1.10.0",
        "1.10.0-rc.1",
        "1.9.0",
        "0.9.0",
      ]);
    });

    it("find the highest draft where nothing is published, when asked to", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "0.1.0"));
      await connectors.saveDraft(makeVersion(workspaceId, "0.2.0"));
      expect(await connectors.latest(workspaceId, "books")).toBeUndefined();
      expect((await connectors.latest(workspaceId, "books", { drafts: true }))?.version).toBe("0.2.0");
    });

    it("list one version of each, by name", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      for (const [name, version] of [
        ["slack", "1.0.0"],
        ["books", "1.0.0"],
        ["books", "2.0.0"],
      ] as const) {
        await connectors.saveDraft(makeVersion(workspaceId, version, { name }));
      }
      await connectors.publish(workspaceId, "books", "1.0.0", at);
      const list = await connectors.list(workspaceId);
      expect(list.map(({ name, version, state }) => [name, version, state])).toEqual([
        ["books", "1.0.0", "published"],
        ["slack", "1.0.0", "draft"],
      ]);
    });

    it("cannot be deleted while a connection exists, and then with all their versions", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors, connections } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "1.0.0"));
      await connectors.saveDraft(makeVersion(workspaceId, "1.1.0"));
      const connection = makeConnection(workspaceId);
      await connections.create(connection);
      await expect(connectors.delete(workspaceId, "books")).rejects.toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining('"books" still has connections'),
      });
      expect(await connectors.versions(workspaceId, "books")).toHaveLength(2);
      await connections.delete(workspaceId, connection.id);
      expect(await connectors.delete(workspaceId, "books")).toBe(true);
      expect(await connectors.delete(workspaceId, "books")).toBe(false);
      expect(await connectors.versions(workspaceId, "books")).toEqual([]);
    });

    it("are gone with their last draft", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors, connections } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "1.0.0"));
      expect(await connectors.deleteDraft(workspaceId, "books", "1.0.0")).toBe(true);
      expect(await connectors.deleteDraft(workspaceId, "books", "1.0.0")).toBe(false);
      await expect(connections.create(makeConnection(workspaceId))).rejects.toMatchObject({
        code: "CONNECTOR_UNKNOWN",
      });
    });
  });

  describe("a set of connectors", () => {
    it("is applied as a whole", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors } = open().stores;
      await connectors.saveDraft(makeVersion(workspaceId, "1.0.0", { name: "old" }));
      const published = makeVersion(workspaceId, "1.0.0", { state: "published", publishedAt: at });
      await connectors.applyAll(workspaceId, { save: [published, makeVersion(workspaceId, "1.1.0")], remove: ["old"] });
      expect(versionsOf(await connectors.versions(workspaceId, "books"))).toEqual(["1.1.0", "1.0.0"]);
      expect(await connectors.versions(workspaceId, "old")).toEqual([]);
      // A second run with the same published version changes nothing.
      await connectors.applyAll(workspaceId, { save: [published], remove: [] });
      expect(await connectors.get(workspaceId, "books", "1.0.0")).toEqual(published);
    });

    const reference = "repository:main";
    const managed = (locked: boolean) =>
      ({ state: "published", publishedAt: at, source: { kind: "repository", reference, locked } }) as const;
    const under = (holds: () => boolean) => ({ kind: "repository", name: "main", holds }) as const;
    it.each([
      ["the setting is gone", false, () => true],
      ["the setting is another one now", true, () => false],
    ])("is not applied when %s", async (_why, exists, holds) => {
      const workspaceId = await makeWorkspace(open());
      const { connectors, settings } = open().stores;
      if (exists) await settings.put(workspaceId, "repository", "main", {});
      const save = [makeVersion(workspaceId, "1.0.0")];
      expect(await connectors.applyAll(workspaceId, { save, remove: [], under: under(holds) })).toBe(false);
      expect(await connectors.list(workspaceId)).toEqual([]);
    });
    it("is unlocked with the deletion of the setting that owns it, and can be locked again", async () => {
      const workspaceId = await makeWorkspace(open());
      const { connectors, settings } = open().stores;
      await settings.put(workspaceId, "repository", "main", {});
      const save = [
        makeVersion(workspaceId, "1.0.0", managed(true)),
        makeVersion(workspaceId, "1.0.0", { ...managed(true), name: "films" }),
        makeVersion(workspaceId, "1.0.0", {
          name: "others",
          source: { kind: "repository", reference: "repository:b", locked: true },
        }),
      ];
      expect(await connectors.applyAll(workspaceId, { save, remove: [], under: under(() => true) })).toBe(true);
      const locks = async () => (await connectors.list(workspaceId)).map(({ name, source }) => [name, source.locked]);
      expect(await connectors.releaseAll(workspaceId, reference, { kind: "repository", name: "main" })).toBe(true);
      expect(await settings.get(workspaceId, "repository", "main")).toBeUndefined();
      expect(await locks()).toEqual([
        ["books", false],
        ["films", false],
        ["others", true],
      ]);
      await connectors.applyAll(workspaceId, { save: [], remove: [], lock: { reference, names: ["films", "others"] } });
      expect(await locks()).toEqual([
        ["books", false],
        ["films", true],
        ["others", true],
      ]);
      expect((await connectors.latest(workspaceId, "films"))?.source).toEqual(managed(true).source);
      expect(await connectors.releaseAll(workspaceId, reference, { kind: "repository", name: "main" })).toBe(false);
    });

    const failing = [
      ["it changes a published version", { digest: "changed" }, [], "VERSION_PUBLISHED"],
      ["it removes a connector with connections", {}, ["connected"], "CONFLICT"],
    ] as const;
    it.each(failing)("is not applied at all when %s", async (_why, change, remove, code) => {
      const workspaceId = await makeWorkspace(open());
      const { connectors, connections } = open().stores;
      const published = makeVersion(workspaceId, "1.0.0", { state: "published", publishedAt: at });
      await connectors.applyAll(workspaceId, {
        save: [published, makeVersion(workspaceId, "1.0.0", { name: "connected" })],
        remove: [],
      });
      await connections.create(makeConnection(workspaceId, { connector: "connected" }));
      const set = { save: [makeVersion(workspaceId, "3.0.0"), { ...published, ...change }], remove };
      await expect(connectors.applyAll(workspaceId, set)).rejects.toMatchObject({ code });
      expect(versionsOf(await connectors.versions(workspaceId, "books"))).toEqual(["1.0.0"]);
      expect(versionsOf(await connectors.versions(workspaceId, "connected"))).toEqual(["1.0.0"]);
    });
  });
}
