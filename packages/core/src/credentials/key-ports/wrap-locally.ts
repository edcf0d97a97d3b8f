import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { KeyPort } from "../../ports/key-port.ts";

/** A master key that this process holds itself. */
export interface MasterKey {
  /** Made from the key, so that an operator lists keys and never names them. */
  readonly id: string;
  readonly key: KeyObject;
}

const format = "w1";

/**
 * Reads a master key of 32 bytes from base64, base64url or hex. Fails with KEY_UNAVAILABLE for anything else, a
 * passphrase above all: it would hold far less than 256 bits.
 */
export function parseMasterKey(text: string, origin: string): MasterKey {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, "hex")
    : /^[0-9A-Za-z+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, "base64url")
      : undefined;
  if (bytes?.length !== 32) {
    throw new ConnectorError("KEY_UNAVAILABLE", `A master key in ${origin} is not 32 bytes in base64 or hex.`, {
      hint: "Make one with: openssl rand -base64 32",
      retryable: false,
    });
  }
  const id = `local:${createHash("sha256").update("junctor master key id\0").update(bytes).digest("hex").slice(0, 16)}`;
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { id, key };
}

/** Makes a key port of master keys that this process holds: the first one wraps, all of them unwrap. */
export function wrapLocally(keys: readonly MasterKey[], origin: string): KeyPort {
  const [current] = keys;
  if (current === undefined) {
    throw new ConnectorError("KEY_UNAVAILABLE", `There is no master key in ${origin}.`, {
      hint: "Make one with: openssl rand -base64 32",
      retryable: false,
    });
  }
  const byId = new Map(keys.map((key) => [key.id, key.key]));
  return {
    currentKeyId: current.id,
    keyIds: [...byId.keys()],
    async wrap(dataKey, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", current.key, nonce, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      return [format, ...[nonce, cipher.getAuthTag(), ciphertext].map((part) => part.toString("base64url"))].join(".");
    },
    async unwrap(wrapped, keyId, context) {
      const key = byId.get(keyId);
      if (key === undefined) throw unknownMasterKey(keyId, origin);
      const [version, ...parts] = wrapped.split(".");
      const [nonce, tag, ciphertext] = parts.map((part) => Buffer.from(part, "base64url"));
      try {
        if (version !== format || !nonce || !tag || !ciphertext) throw new Error("unknown format");
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
      } catch (cause) {
        throw damagedDataKey(cause);
      }
    },
  };
}

/** The error for a data key that was wrapped by a master key which is not at hand. */
export const unknownMasterKey = (keyId: string, origin: string): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", `The master key ${keyId} is not in ${origin}.`, {
    hint: "Add the former master key behind the current one until the rotation has finished.",
    retryable: false,
  });

/** The error for a wrapped data key that its master key does not open. */
export const damagedDataKey = (cause: unknown): ConnectorError =>
  new ConnectorError(
    "KEY_UNAVAILABLE",
    "A wrapped data key does not open: it was changed or belongs to another place.",
    {
      hint: "Restore the database from a backup, or write the secrets of this workspace again.",
      retryable: false,
      cause,
    },
  );
