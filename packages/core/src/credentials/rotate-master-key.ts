import { timingSafeEqual } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";
import type { KeyPort } from "../ports/key-port.ts";
import type { DataKeyStore } from "../ports/stores.ts";
import { wrapContext } from "./data-keys.ts";

export interface RotateMasterKeyOptions {
  /** Wraps with the new master key and still unwraps with the old ones. */
  readonly keyPort: KeyPort;
  readonly dataKeys: DataKeyStore;
  /** Wraps anew also what names the current master key: for services that rotate behind one name. Default false. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, rewrapped: number) => void;
}

/** What a rotation of the master key did. */
export interface MasterKeyRotation {
  readonly rewrapped: number;
  /** Were under the current master key already. */
  readonly unchanged: number;
  /** Cannot be unwrapped or wrapped; they stay as they were. */
  readonly failed: ReadonlyArray<{
    readonly workspaceId: string;
    readonly dataKeyId: string;
    readonly reason: unknown;
  }>;
}

/**
 * Wraps every data key with the current master key. Values stay as they are, readers and writers notice nothing, and
 * running it again continues where it stopped: done is what names the current master key. The old master key may go
 * once `failed` is empty. Each new wrapping is unwrapped and compared before it replaces the old one. Rejects when a key
 * service is away: what was wrapped until then stays wrapped anew.
 */
export async function rotateMasterKey(options: RotateMasterKeyOptions): Promise<MasterKeyRotation> {
  const { keyPort, dataKeys, force = false, signal, onProgress } = options;
  const records = await dataKeys.list();
  const failed: { workspaceId: string; dataKeyId: string; reason: unknown }[] = [];
  let rewrapped = 0;
  let unchanged = 0;
  for (const record of records) {
    signal?.throwIfAborted();
    const { workspaceId, id, wrapped, masterKeyId } = record;
    if (masterKeyId === keyPort.currentKeyId && !force) {
      unchanged += 1;
    } else {
      try {
        const anew = await rewrap(keyPort, wrapped, masterKeyId, wrapContext(record));
        await dataKeys.rewrap(workspaceId, id, anew.wrapped, anew.masterKeyId);
        rewrapped += 1;
      } catch (reason) {
        // A service that is away fails for every key alike, and each after several attempts: nothing is gained by going on.
        if (reason instanceof ConnectorError && reason.retryable) throw reason;
        failed.push({ workspaceId, dataKeyId: id, reason });
      }
    }
    onProgress?.(rewrapped + unchanged + failed.length, records.length, rewrapped);
  }
  return { rewrapped, unchanged, failed };
}

async function rewrap(keyPort: KeyPort, wrapped: string, fromKeyId: string, context: string) {
  const dataKey = await keyPort.unwrap(wrapped, fromKeyId, context);
  try {
    const masterKeyId = keyPort.currentKeyId;
    const anew = await keyPort.wrap(dataKey, context);
    const check = await keyPort.unwrap(anew, masterKeyId, context);
    const same = check.length === dataKey.length && timingSafeEqual(check, dataKey);
    check.fill(0);
    if (!same) throw new Error("The key service did not give back the key that it was given.");
    return { wrapped: anew, masterKeyId };
  } finally {
    dataKey.fill(0);
  }
}
