import { ConnectorError } from "../../errors/connector-error.ts";
import type { KeyPort } from "../../ports/key-port.ts";
import { callVault, readVaultData, type VaultAccess, vaultRefused } from "./vault-request.ts";
import { parseMasterKey, wrapLocally } from "./wrap-locally.ts";

export interface VaultKvOptions extends VaultAccess {
  /** Where the key-value engine, version 2, is mounted. Default `secret`. */
  readonly mount?: string;
  /** Path of the secret below the mount, such as `junctor/master-key`. */
  readonly secret: string;
  /** Field that holds the master keys, the current one first, separated by commas or spaces. Default `keys`. */
  readonly field?: string;
}

/**
 * Makes a key port of master keys that are kept as a secret in HashiCorp Vault (and OpenBao), read once: from then on
 * this process holds them itself and asks Vault no more. Fails with KEY_UNAVAILABLE.
 */
export async function loadVaultKvKeyPort(options: VaultKvOptions): Promise<KeyPort> {
  const { mount = "secret", secret, field = "keys" } = options;
  const call = { method: "GET", path: [...mount.split("/"), "data", ...secret.split("/")], action: "read" } as const;
  const answer = await callVault(options, call);
  if (answer.status !== 200) throw vaultRefused(call, answer);
  const value = readVaultData(readVaultData(answer.body))[field];
  const origin = `the secret ${mount}/${secret} of Vault`;
  if (typeof value !== "string") {
    throw new ConnectorError("KEY_UNAVAILABLE", `There is no text in the field ${field} of ${origin}.`, {
      hint: `Write it with: vault kv put -mount=${mount} ${secret} ${field}="$(openssl rand -base64 32)"`,
      retryable: false,
    });
  }
  const texts = value.split(/[\s,]+/).filter((text) => text !== "");
  return wrapLocally(
    texts.map((text) => parseMasterKey(text, origin)),
    origin,
  );
}
