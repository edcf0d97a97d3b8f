import type { ApiKeyRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { createApiKey, readBearer, sameHash } from "./api-key.ts";
import { createKeyRing } from "./key-ring.ts";

const wish = { workspaceId: "w", name: "n", kind: "service", scopes: ["execute"] } as const;
const workspace = { id: "w", name: "Workspace", createdAt: "2026-01-01T00:00:00Z" };

function ringWith(records: readonly ApiKeyRecord[], options: { capacity?: number; now?: () => number } = {}) {
  const asked: string[] = [];
  const ring = createKeyRing({
    stores: {
      keys: {
        create: async () => {},
        list: async () => records,
        revoke: async () => false,
        async findByHash(hash) {
          asked.push(hash);
          return records.find((record) => record.hash === hash);
        },
      },
      workspaces: {
        create: async () => {},
        list: async () => [workspace],
        get: async (id) => (id === "w" ? workspace : undefined),
      },
    },
    ...options,
  });
  return { ring, asked };
}

describe("the key ring", () => {
  it("asks the store once, then answers warm", async () => {
    const { key, record } = createApiKey(wish);
    const { ring, asked } = ringWith([record]);
    expect(ring.peek(key)).toBeUndefined();
    expect(await ring.load(key)).toMatchObject({ workspace: { id: "w" }, caller: { kind: "service", id: record.id } });
    expect(ring.peek(key)?.key.id).toBe(record.id);
    expect(asked).toEqual([record.hash]);
  });

  const { key, record } = createApiKey(wish);
  const unusable: readonly [what: string, record: ApiKeyRecord][] = [
    ["revoked", { ...record, revokedAt: "2026-01-01T00:00:00Z" }],
    ["ended", { ...record, expiresAt: "2020-01-01T00:00:00Z" }],
    ["of a workspace that is gone", { ...record, workspaceId: "gone" }],
    ["unknown", createApiKey(wish).record],
  ];
  for (const [what, stored] of unusable) {
    it(`refuses a key that is ${what}`, async () => {
      const { ring } = ringWith([stored]);
      expect(await ring.load(key)).toBeUndefined();
      expect(ring.peek(key)).toBeUndefined();
    });
  }

  it("forgets a warm key when it ends", async () => {
    let time = Date.parse("2026-06-01T00:00:00Z");
    const short = createApiKey({ ...wish, expiresAt: "2026-06-01T00:01:00Z" });
    const { ring } = ringWith([short.record], { now: () => time });
    await ring.load(short.key);
    expect(ring.peek(short.key)).toBeDefined();
    time += 60_000;
    expect(ring.peek(short.key)).toBeUndefined();
  });

  it("forgets the keys of a workspace in which a key changed, and no others", async () => {
    const { ring } = ringWith([record]);
    await ring.load(key);
    ring.invalidate({ kind: "key", workspaceId: "other", key: "x" });
    ring.invalidate({ kind: "secret", workspaceId: "w", key: "x" });
    expect(ring.peek(key)).toBeDefined();
    ring.invalidate({ kind: "key", workspaceId: "w", key: "x" });
    expect(ring.peek(key)).toBeUndefined();
  });

  it("forgets all keys when changes may have been missed", async () => {
    const { ring } = ringWith([record]);
    await ring.load(key);
    ring.invalidate({ kind: "everything", workspaceId: "", key: "" });
    expect(ring.peek(key)).toBeUndefined();
  });

  it("does not keep what was read while a change arrived", async () => {
    const { ring } = ringWith([record]);
    const loading = ring.load(key);
    ring.invalidate({ kind: "key", workspaceId: "w", key: record.id });
    await loading;
    expect(ring.peek(key)).toBeUndefined();
  });

  it("holds no more keys than it may", async () => {
    const made = [createApiKey(wish), createApiKey(wish), createApiKey(wish)];
    const { ring } = ringWith(
      made.map((one) => one.record),
      { capacity: 2 },
    );
    for (const one of made) await ring.load(one.key);
    expect(made.map((one) => ring.peek(one.key) !== undefined)).toEqual([false, true, true]);
  });
});

describe("createApiKey", () => {
  it("keeps the key out of its record", () => {
    const { key, record } = createApiKey(wish);
    expect(key).toMatch(/^jk_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(record)).not.toContain(key.slice(10));
    expect(sameHash(record.hash, createApiKey({ ...wish, key }).record.hash)).toBe(true);
  });
});

describe("readBearer", () => {
  const good = `jk_${"a".repeat(43)}`;
  const cases: readonly [header: string | undefined, key: string | undefined][] = [
    [`Bearer ${good}`, good],
    [`bearer ${good}`, good],
    [undefined, undefined],
    [good, undefined],
    [`Basic ${good}`, undefined],
    ["Bearer jk_short", undefined],
    [`Bearer ${good} `, undefined],
    [`Bearer jk_${"a".repeat(400)}`, undefined],
  ];
  for (const [header, key] of cases) {
    it(`${header?.slice(0, 30) ?? "no header"} → ${key === undefined ? "no key" : "the key"}`, () => {
      expect(readBearer(header)).toBe(key);
    });
  }
});
