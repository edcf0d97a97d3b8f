import type { KeyPort } from "../ports/key-port.ts";
import type { JsonObject, Sealed } from "../ports/records.ts";
import type { DataKeyStore } from "../ports/stores.ts";
import { createDataKeys, type DataKeysOptions } from "./data-keys.ts";
import { openText, readDataKeyId, sealText } from "./envelope.ts";
import type { Sealer } from "./sealer.ts";

/** Seals and opens what is stored of secrets and credentials: JSON objects by `seal`/`open`, plain text by name. */
export interface Vault extends Sealer {
  sealText(workspaceId: string, purpose: string, plaintext: string): Promise<Sealed>;
  /** Fails with KEY_UNAVAILABLE: key gone, value damaged, or value of another workspace or purpose. */
  openText(workspaceId: string, purpose: string, sealed: Sealed): Promise<string>;
  /** Drops unwrapped keys of one workspace, or of all: after a rotation, and to take a lost key service seriously. */
  forget(workspaceId?: string): void;
}

export interface VaultOptions extends Pick<DataKeysOptions, "maxKeys" | "keepMs" | "currentMs"> {
  readonly keyPort: KeyPort;
  readonly dataKeys: DataKeyStore;
  readonly clock: { now(): number };
}

/** Names the purpose under which the value of a workspace secret is sealed. */
export const secretPurpose = (name: string): string => `secret:${name}`;

/**
 * Makes the vault of a process: envelope encryption with one data key per workspace, wrapped by the operator's master
 * key. A warm `open` is one decryption in memory: no statement, no request.
 */
export function createVault({ keyPort, dataKeys, clock, ...limits }: VaultOptions): Vault {
  const keys = createDataKeys({ keyPort, store: dataKeys, clock, ...limits });
  const seal = async (workspaceId: string, purpose: string, plaintext: string): Promise<Sealed> =>
    sealText(plaintext, await keys.current(workspaceId), { workspaceId, purpose });
  const open = async (workspaceId: string, purpose: string, sealed: Sealed): Promise<string> =>
    openText(sealed, await keys.byId(workspaceId, readDataKeyId(sealed)), { workspaceId, purpose });
  return {
    sealText: seal,
    openText: open,
    seal: (workspaceId, purpose, value) => seal(workspaceId, purpose, JSON.stringify(value)),
    open: async (workspaceId, purpose, sealed) => JSON.parse(await open(workspaceId, purpose, sealed)) as JsonObject,
    forget: (workspaceId) => keys.forget(workspaceId),
  };
}
