import { createSecretKey, randomBytes } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";
import type { KeyPort } from "../ports/key-port.ts";
import type { DataKeyRecord, DataKeyStore } from "../ports/stores.ts";
import type { DataKey } from "./envelope.ts";

/** Data keys of all workspaces, unwrapped when needed and kept for a while. */
export interface DataKeys {
  /** The key that new values of a workspace are sealed under; made on first use. */
  current(workspaceId: string): Promise<DataKey>;
  /** A key by id, current or retired; fails with KEY_UNAVAILABLE when it is not there. */
  byId(workspaceId: string, id: string): Promise<DataKey>;
  /** Drops what is kept of one workspace, or of all. */
  forget(workspaceId?: string): void;
}

export interface DataKeysOptions {
  readonly keyPort: KeyPort;
  readonly store: DataKeyStore;
  readonly clock: { now(): number };
  /** Unwrapped keys kept at most; the one used longest ago goes first. Default 1 000. */
  readonly maxKeys?: number;
  /** How long an unwrapped key is kept, in milliseconds. Default 600 000. */
  readonly keepMs?: number;
  /** How long "this one is current" is believed, in milliseconds; a rotation waits for longer. Default 5 000. */
  readonly currentMs?: number;
}

interface Kept {
  readonly key: Promise<DataKey>;
  readonly until: number;
}

/** Text that is bound into a wrapped data key, so that it cannot stand in for another one. */
export const wrapContext = ({ workspaceId, id }: Pick<DataKeyRecord, "workspaceId" | "id">): string =>
  `data-key/${workspaceId}/${id}`;

/** Makes a data key and its record, wrapped by the master key that is current now. Default: a random id. */
export async function makeDataKey(
  workspaceId: string,
  keyPort: KeyPort,
  now: number,
  id: string = randomBytes(9).toString("base64url"),
): Promise<DataKeyRecord> {
  const masterKeyId = keyPort.currentKeyId;
  const wrapped = await keyPort.wrap(randomBytes(32), wrapContext({ workspaceId, id }));
  return { id, workspaceId, wrapped, masterKeyId, createdAt: new Date(now).toISOString(), retiredAt: null };
}

/** Keeps unwrapped data keys in a bounded cache. Callers that arrive together share one request to the key service. */
export function createDataKeys(options: DataKeysOptions): DataKeys {
  const { keyPort, store, clock, maxKeys = 1_000, keepMs = 600_000, currentMs = 5_000 } = options;
  const byId = new Map<string, Kept>();
  const current = new Map<string, Kept>();

  function keep(cache: Map<string, Kept>, name: string, ms: number, load: () => Promise<DataKey>): Promise<DataKey> {
    const found = cache.get(name);
    if (found !== undefined && found.until > clock.now()) {
      cache.delete(name);
      cache.set(name, found);
      return found.key;
    }
    const kept: Kept = { key: load(), until: clock.now() + ms };
    cache.delete(name);
    cache.set(name, kept);
    // A failure is not kept: the key service may be back for the next caller.
    kept.key.catch(() => {
      if (cache.get(name) === kept) cache.delete(name);
    });
    for (const oldest of cache.keys()) {
      if (cache.size <= maxKeys) break;
      cache.delete(oldest);
    }
    return kept.key;
  }

  const unwrap = (record: DataKeyRecord): Promise<DataKey> =>
    keep(byId, nameOf(record.workspaceId, record.id), keepMs, () => openDataKey(record, keyPort));

  return {
    current: (workspaceId) =>
      keep(current, workspaceId, currentMs, async () => {
        const record =
          (await store.current(workspaceId)) ??
          (await store.createCurrent(await makeDataKey(workspaceId, keyPort, clock.now())));
        return unwrap(record);
      }),
    byId: (workspaceId, id) =>
      keep(byId, nameOf(workspaceId, id), keepMs, async () => {
        const record = await store.get(workspaceId, id);
        if (record === undefined) throw unknownDataKey(id);
        return openDataKey(record, keyPort);
      }),
    forget(workspaceId) {
      if (workspaceId === undefined) {
        byId.clear();
        current.clear();
        return;
      }
      current.delete(workspaceId);
      const prefix = nameOf(workspaceId, "");
      for (const name of byId.keys()) if (name.startsWith(prefix)) byId.delete(name);
    },
  };
}

/** Unwraps one data key; the bytes that the port returned are overwritten once they are a key. */
export async function openDataKey(record: DataKeyRecord, keyPort: KeyPort): Promise<DataKey> {
  const bytes = await keyPort.unwrap(record.wrapped, record.masterKeyId, wrapContext(record));
  try {
    if (bytes.length !== 32) throw new ConnectorError("KEY_UNAVAILABLE", "The key service gave a key of a wrong size.");
    return { id: record.id, key: createSecretKey(bytes) };
  } finally {
    bytes.fill(0);
  }
}

/** The length in front keeps a workspace from being the start of another one's name. */
const nameOf = (workspaceId: string, id: string): string => `${workspaceId.length}:${workspaceId}/${id}`;

const unknownDataKey = (id: string): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", `The data key ${id} does not exist in this workspace.`, {
    hint: "The value was moved here from another workspace or database; write it again.",
    retryable: false,
  });
