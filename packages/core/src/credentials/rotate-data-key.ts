import { ConnectorError } from "../errors/connector-error.ts";
import type { KeyPort } from "../ports/key-port.ts";
import type { DataKeyStore, SealedEntry, SealedPlace, SealedStore } from "../ports/stores.ts";
import { createDataKeys, type DataKeys, makeDataKey } from "./data-keys.ts";
import { openText, readDataKeyId, sealedPrefix, sealText } from "./envelope.ts";

export interface ResealOptions {
  readonly workspaceId: string;
  readonly keyPort: KeyPort;
  readonly dataKeys: DataKeyStore;
  readonly sealed: SealedStore;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** Values read and written between two looks at `signal`. Default 100. */
  readonly batchSize?: number;
  /**
   * How long other replicas may still seal under the former key (`currentMs` of their vaults, and a write under way).
   * The last look at the table comes after that. Default 6 000 ms.
   */
  readonly settleMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (resealed: number) => void;
}

export interface DataKeyRotationOptions extends ResealOptions {
  /** Id of the new key; where there is a key of that id already, it was made by this rotation, which is continued. */
  readonly dataKeyId?: string;
}

/** What a rotation of a workspace's data key did. */
export interface DataKeyRotation {
  /** The key that everything is sealed under now. */
  readonly dataKeyId: string;
  readonly resealed: number;
  /** Did not open and stay as they are: they were damaged before. */
  readonly damaged: readonly SealedPlace[];
}

/**
 * Gives a workspace a new data key and seals everything anew under it. Readers and writers go on meanwhile: the former
 * key stays readable, and a value that somebody writes in between wins over its re-sealed old form. If it is
 * interrupted, the same call with the same `dataKeyId` continues it.
 *
 *   make key ─► make it current ─► reseal batches until none is left ─► settle ─► reseal stragglers
 */
export async function rotateDataKey(options: DataKeyRotationOptions): Promise<DataKeyRotation> {
  const { workspaceId, keyPort, dataKeys, clock, dataKeyId } = options;
  const isMade = dataKeyId !== undefined && (await dataKeys.get(workspaceId, dataKeyId)) !== undefined;
  if (!isMade) await dataKeys.rotate(await makeDataKey(workspaceId, keyPort, clock.now(), dataKeyId));
  return resealWorkspace(options);
}

/** Seals everything of a workspace that is not under its current data key anew. Running it twice does no harm. */
export async function resealWorkspace(options: ResealOptions): Promise<DataKeyRotation> {
  const { workspaceId, keyPort, dataKeys, clock, settleMs = 6_000, signal } = options;
  const keys = createDataKeys({ keyPort, store: dataKeys, clock });
  const first = await resealPasses(options, keys);
  await clock.sleep(settleMs, signal);
  const second = await resealPasses(options, keys);
  const { id } = await keys.current(workspaceId);
  return { dataKeyId: id, resealed: first.resealed + second.resealed, damaged: second.damaged };
}

/** Passes over the workspace until one finds nothing but damaged values. */
async function resealPasses(options: ResealOptions, keys: DataKeys) {
  let resealed = 0;
  for (;;) {
    const pass = await resealPass(options, keys);
    resealed += pass.resealed;
    options.onProgress?.(resealed);
    if (pass.overtaken === 0) return { resealed, damaged: pass.damaged };
  }
}

async function resealPass(options: ResealOptions, keys: DataKeys) {
  const { workspaceId, sealed, batchSize = 100, signal } = options;
  const prefix = sealedPrefix((await keys.current(workspaceId)).id);
  const damaged: SealedPlace[] = [];
  let resealed = 0;
  let overtaken = 0;
  let cursor: string | null = null;
  do {
    signal?.throwIfAborted();
    const page = await sealed.listWithoutPrefix(workspaceId, prefix, {
      limit: batchSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const entry of page.items) {
      const anew = await reseal(entry, keys);
      if (anew === undefined) damaged.push(entry.place);
      else if (await sealed.replace(entry.place, entry.sealed, anew)) resealed += 1;
      else overtaken += 1;
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return { resealed, overtaken, damaged };
}

/** Seals one value anew; undefined when it does not open and never will. A key service that is away is an error. */
async function reseal({ place, sealed }: SealedEntry, keys: DataKeys): Promise<string | undefined> {
  const { workspaceId, kind, key } = place;
  // The same words as `secretPurpose`, `credentialPurpose` and `parametersPurpose`; a test holds them together.
  const context = { workspaceId, purpose: `${kind}:${key}` };
  const current = await keys.current(workspaceId);
  try {
    const former = await keys.byId(workspaceId, readDataKeyId(sealed));
    return sealText(openText(sealed, former, context), current, context);
  } catch (error) {
    if (error instanceof ConnectorError && !error.retryable) return undefined;
    throw error;
  }
}
