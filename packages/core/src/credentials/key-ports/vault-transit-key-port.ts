import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort } from "../../ports/http.ts";
import type { KeyPort } from "../../ports/key-port.ts";
import type { JsonObject } from "../../ports/records.ts";
import { askKeyService, type KeyServiceAnswer, readText } from "./key-service-request.ts";
import { damagedDataKey, unknownMasterKey } from "./wrap-locally.ts";

export interface VaultTransitOptions {
  readonly http: HttpPort;
  /** Such as `https://vault.example:8200`. */
  readonly address: string;
  /** Where the transit engine is mounted. Default `transit`. */
  readonly mount?: string;
  /** Name of a key of type `aes256-gcm96` or `chacha20-poly1305`; the others take no associated data. */
  readonly key: string;
  /** Keys of the same mount that may still unwrap. */
  readonly formerKeys?: readonly string[];
  /** Gives the token for the next request, so that it may be renewed. */
  readonly token: () => string | Promise<string>;
  readonly namespace?: string;
}

const service = "Vault";

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
    async wrap(dataKey, context) {
      const answer = await callTransit(options, mount, "encrypt", key, {
        plaintext: Buffer.from(dataKey).toString("base64"),
        associated_data: Buffer.from(context).toString("base64"),
      });
      return readText(readData(answer), "ciphertext", service);
    },
    async unwrap(wrapped, keyId, context) {
      const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : undefined;
      if (name === undefined || !known.has(name)) throw unknownMasterKey(keyId, service);
      const answer = await callTransit(options, mount, "decrypt", name, {
        ciphertext: wrapped,
        associated_data: Buffer.from(context).toString("base64"),
      });
      return Buffer.from(readText(readData(answer), "plaintext", service), "base64");
    },
  };
}

async function callTransit(
  { http, address, token, namespace }: VaultTransitOptions,
  mount: string,
  action: "encrypt" | "decrypt",
  key: string,
  input: JsonObject,
): Promise<KeyServiceAnswer> {
  const path = [...mount.split("/"), action, key].map(encodeURIComponent).join("/");
  const answer = await askKeyService(http, service, async () => ({
    method: "POST",
    url: `${address.replace(/\/+$/, "")}/v1/${path}`,
    headers: [
      ...["content-type", "application/json", "x-vault-request", "true", "x-vault-token", await token()],
      ...(namespace === undefined ? [] : ["x-vault-namespace", namespace]),
    ],
    body: JSON.stringify(input),
    sensitive: { headers: ["x-vault-token"] },
  }));
  if (answer.status === 200) return answer;
  throw refused(action, answer);
}

const readData = ({ body }: KeyServiceAnswer): JsonObject => {
  const { data } = body;
  return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as JsonObject) : {};
};

function refused(action: string, { status, body }: KeyServiceAnswer): ConnectorError {
  const errors = Array.isArray(body.errors) ? body.errors.map(String).join("; ") : "";
  // Vault answers 400 both for ciphertext it cannot open and for a key it does not have; only the text tells.
  if (action === "decrypt" && status === 400 && /message authentication failed|invalid ciphertext/.test(errors)) {
    return damagedDataKey(new Error(errors));
  }
  return new ConnectorError("KEY_UNAVAILABLE", `${service} refused ${action}: ${errors || `HTTP status ${status}`}.`, {
    hint: "Check that the key exists and that the token's policy allows update on encrypt and decrypt of it.",
  });
}
