import type { Change } from "@junctor/core";
import { openStore, type Store } from "@junctor/store";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const engines: readonly [name: string, open: () => Promise<Store>][] = [
  ["PGlite", () => openStore({ kind: "memory" })],
  ["Postgres", async () => openStore({ kind: "postgres", url: await postgres.createDatabase("settings") })],
];

describe.each(engines)("on %s", (_name, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
    await store.migrate();
    for (const id of ["w1", "w2"])
      await store.stores.workspaces.create({ id, name: id, createdAt: new Date().toISOString() });
  });
  afterAll(() => store.close());

  it("a setting belongs to its workspace, is replaced by name, and tells the replicas", async () => {
    const { settings, changes } = store.stores;
    const seen: Change[] = [];
    const stop = changes.subscribe((change) => seen.push(change));
    await settings.put("w1", "issuer", "app", { issuer: "https://a.example", z: 1, a: 2 });
    await settings.put("w1", "issuer", "app", { issuer: "https://b.example", z: 1, a: 2 });
    await settings.put("w1", "policy", "app", {});
    await settings.put("w2", "issuer", "app", { issuer: "https://c.example" });
    const record = await settings.get("w1", "issuer", "app");
    expect(record).toMatchObject({ workspaceId: "w1", name: "app", value: { issuer: "https://b.example" } });
    expect(Object.keys(record?.value ?? {})).toEqual(["issuer", "z", "a"]);
    expect((await settings.list("w1", "issuer")).map(({ name }) => name)).toEqual(["app"]);
    expect((await settings.listEverywhere("issuer")).map(({ workspaceId }) => workspaceId)).toEqual(["w1", "w2"]);
    const raise = (value: { readonly [name: string]: unknown }) => ({ ...value, z: Number(value.z) + 1 }) as never;
    await Promise.all([1, 2, 3].map(() => settings.update("w1", "issuer", "app", raise)));
    expect((await settings.get("w1", "issuer", "app"))?.value).toEqual({ issuer: "https://b.example", z: 4, a: 2 });
    expect(await settings.update("w1", "issuer", "none", raise)).toBeUndefined();
    expect(await settings.get("w1", "issuer", "none")).toBeUndefined();
    expect(await settings.delete("w2", "issuer", "none")).toBe(false);
    expect(await settings.delete("w2", "issuer", "app")).toBe(true);
    expect(await settings.get("w2", "issuer", "app")).toBeUndefined();
    await vi.waitFor(
      () => expect(seen).toContainEqual({ kind: "setting", workspaceId: "w1", key: "issuer/app" }),
      5_000,
    );
    stop();
  });

  it("kept responses are found by key with their variants until they end, and dropped by resource", async () => {
    const { responseCache } = store.stores;
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const put = (key: string, variant: string, resource: string, text: string, until = expiresAt) =>
      responseCache.put({ key, variant, resource, value: Buffer.from(text), expiresAt: until });
    await put("k1", "a", "w1/books/1", "one");
    await put("k1", "a", "w1/books/1", "uno");
    await put("k1", "b", "w1/books/1", "two");
    await put("k2", "a", "w1/books/2", "three");
    await put("k3", "a", "w1/other", "old", new Date(Date.now() - 1_000).toISOString());
    const read = async (key: string) =>
      (await responseCache.get(key)).map((bytes) => Buffer.from(bytes).toString()).sort();
    expect(await read("k1")).toEqual(["two", "uno"]);
    expect(await read("k3")).toEqual([]);
    expect(await responseCache.deleteExpired(new Date().toISOString())).toBe(1);
    await responseCache.deleteResource("w1/books/1");
    expect([await read("k1"), await read("k2")]).toEqual([[], ["three"]]);
    await put("k4", "books a", "w1/books/2", "four");
    await responseCache.deletePrefix("w1/", "books ");
    expect([await read("k2"), await read("k4")]).toEqual([["three"], []]);
    await responseCache.deletePrefix("w1/");
    expect(await read("k2")).toEqual([]);
  });
});
