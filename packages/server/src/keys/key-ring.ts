import type { ApiKeyRecord, Caller, Change, Stores, WorkspaceRecord } from "@junctor/core";
import { hashApiKey, sameHash } from "./api-key.ts";

/** A key that was found good, with what it stands for. */
export interface KeyHolder {
  readonly key: ApiKeyRecord;
  readonly workspace: { readonly id: string; readonly name: string };
  readonly caller: Caller;
  /** Epoch milliseconds at which the key ends; Infinity for never. */
  readonly endsAt: number;
}

/** Finds the holder of a key: first among the warm ones, without a database, then in the store. */
export interface KeyRing {
  /** Returns a warm holder; undefined says only that it isn't warm. */
  peek(key: string): KeyHolder | undefined;
  /** Looks the key up; undefined when it is unknown, revoked or has ended. */
  load(key: string): Promise<KeyHolder | undefined>;
  /** Drops what a change concerns. */
  invalidate(change: Change): void;
}

/** What {@link createKeyRing} needs. */
export interface KeyRingOptions {
  readonly stores: Pick<Stores, "keys" | "workspaces">;
  /** Most warm keys; the one longest unused makes room. Default 10,000. */
  readonly capacity?: number;
  /** Default: the clock. */
  readonly now?: () => number;
}

/**
 * Makes the ring of warm keys. A key leaves it when the change feed says that a key of its workspace changed, so a
 * revoked key ends on every replica as soon as the feed reaches it.
 */
export function createKeyRing({ stores, capacity = 10_000, now = Date.now }: KeyRingOptions): KeyRing {
  const warm = new Map<string, KeyHolder>();
  // A change that arrives while a key is being read makes what was read stale.
  let generation = 0;

  return {
    peek(key) {
      const hash = hashApiKey(key);
      const holder = warm.get(hash);
      if (holder === undefined) return undefined;
      if (holder.endsAt <= now()) {
        warm.delete(hash);
        return undefined;
      }
      return holder;
    },
    async load(key) {
      const hash = hashApiKey(key);
      const startedIn = generation;
      const record = await stores.keys.findByHash(hash);
      if (record === undefined || !sameHash(record.hash, hash) || !isUsable(record, now())) return undefined;
      const workspace = await stores.workspaces.get(record.workspaceId);
      if (workspace === undefined) return undefined;
      const holder = toHolder(record, workspace);
      if (startedIn === generation) remember(warm, hash, holder, capacity);
      return holder;
    },
    invalidate(change) {
      const isAll = change.kind === "everything";
      if (!isAll && change.kind !== "key" && change.kind !== "workspace") return;
      generation += 1;
      if (isAll) warm.clear();
      for (const [hash, holder] of warm) {
        if (holder.workspace.id === change.workspaceId) warm.delete(hash);
      }
    },
  };
}

function remember(warm: Map<string, KeyHolder>, hash: string, holder: KeyHolder, capacity: number): void {
  warm.set(hash, holder);
  if (warm.size <= capacity) return;
  const [oldest] = warm.keys();
  if (oldest !== undefined) warm.delete(oldest);
}

function isUsable(record: ApiKeyRecord, at: number): boolean {
  return record.revokedAt === null && (record.expiresAt === null || Date.parse(record.expiresAt) > at);
}

function toHolder(key: ApiKeyRecord, workspace: WorkspaceRecord): KeyHolder {
  return Object.freeze({
    key,
    workspace: Object.freeze({ id: workspace.id, name: workspace.name }),
    caller: Object.freeze({ kind: "service", id: key.id, scopes: key.scopes }),
    endsAt: key.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt),
  });
}
