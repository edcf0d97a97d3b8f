import type { KeyPort } from "../../ports/key-port.ts";
import type { JsonObject } from "../../ports/records.ts";
import { readText } from "./key-service-request.ts";
import { callVault, readVaultData, type VaultAccess, vaultRefused, vaultService } from "./vault-request.ts";
import { damagedDataKey, unknownMasterKey } from "./wrap-locally.ts";

export interface VaultTransitOptions extends VaultAccess {
  /** Where the transit engine is mounted. Default `transit`. */
  readonly mount?: string;
  /** Name of a key of type `aes256-gcm96` or `chacha20-poly1305`; the others take no associated data. */
  readonly key: string;
  /** Keys of the same mount that may still unwrap. */
  readonly formerKeys?: readonly string[];
}

/**
 * Makes a key port of the transit engine of HashiCorp Vault (and OpenBao): `encrypt` and `decrypt` with the context as
 * associated data. Vault's own key versions are inside the ciphertext; after rotating them there, run the rotation of
 * the master key with `force`.
 */
export function createVaultTransitKeyPort(options: VaultTransitOptions): KeyPort {
  const { mount = "transit", key, formerKeys = [] } = options;
  const prefix = `vault:${mount}/`;
  const known = new Set([key, ...formerKeys]);
  return {
    currentKeyId: prefix + key,
    keyIds: [...known].map((name) => prefix + name),
    async wrap(dataKey, context) {
      const data = await callTransit(options, mount, "encrypt", key, {
        plaintext: Buffer.from(dataKey).toString("base64"),
        associated_data: Buffer.from(context).toString("base64"),
      });
      return readText(data, "ciphertext", vaultService.name);
    },
    async unwrap(wrapped, keyId, context) {
      const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : undefined;
      if (name === undefined || !known.has(name)) throw unknownMasterKey(keyId, vaultService.name);
      const data = await callTransit(options, mount, "decrypt", name, {
        ciphertext: wrapped,
        associated_data: Buffer.from(context).toString("base64"),
      });
      return Buffer.from(readText(data, "plaintext", vaultService.name), "base64");
    },
  };
}

async function callTransit(
  access: VaultAccess,
  mount: string,
  action: "encrypt" | "decrypt",
  key: string,
  input: JsonObject,
): Promise<JsonObject> {
  const call = { method: "POST", path: [...mount.split("/"), action, key], action, input } as const;
  const answer = await callVault(access, call);
  if (answer.status === 200) return readVaultData(answer.body);
  const reason = vaultService.readReason(answer.body);
  // Vault answers 400 both for ciphertext it cannot open and for a key it does not have; only the text tells.
  if (
    action === "decrypt" &&
    answer.status === 400 &&
    /message authentication failed|invalid ciphertext/.test(reason)
  ) {
    throw damagedDataKey(new Error(reason));
  }
  throw vaultRefused(call, answer);
}
