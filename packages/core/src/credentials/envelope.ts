import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Sealed } from "../ports/records.ts";

/**
 * Encrypts small values with AES-256-GCM (NIST SP 800-38D) under a data key. A sealed value is text:
 *
 *   j1 . <data key id> . <nonce, 12 bytes> . <tag, 16 bytes> . <ciphertext>        bytes in base64url
 *
 * Associated data, not stored but needed to open: `["j1", workspace id, data key id, purpose]` as JSON. A value that was
 * moved to another workspace, name or column, or changed in any bit, therefore does not open.
 */

const format = "j1";
const nonceBytes = 12;
const tagBytes = 16;

/** What a sealed value is bound to. */
export interface SealContext {
  readonly workspaceId: string;
  /** What the value is and whose, such as `secret:apiToken`. */
  readonly purpose: string;
}

/** A data key, unwrapped, with its id. */
export interface DataKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: KeyObject;
}

/** Seals text under a data key, with a fresh random nonce. */
export function sealText(plaintext: string, dataKey: DataKey, context: SealContext): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", dataKey.key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(dataKey.id, context));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
  return [format, dataKey.id, ...[nonce, cipher.getAuthTag(), ciphertext].map(toText)].join(".");
}

/** Opens what `sealText` made under the same key and context; fails with KEY_UNAVAILABLE on any difference. */
export function openText(sealed: Sealed, dataKey: DataKey, context: SealContext): string {
  const { dataKeyId, nonce, tag, ciphertext } = parseSealed(sealed);
  try {
    const decipher = createDecipheriv("aes-256-gcm", dataKey.key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(associatedData(dataKeyId, context));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw damaged("it was changed, or it belongs to another place", cause);
  }
}

/** Reads which data key a sealed value needs, without opening it. */
export function readDataKeyId(sealed: Sealed): string {
  return parseSealed(sealed).dataKeyId;
}

/** The start of every value that is sealed under this data key. */
export function sealedPrefix(dataKeyId: string): string {
  return `${format}.${dataKeyId}.`;
}

function parseSealed(sealed: Sealed) {
  const [version, dataKeyId = "", ...rest] = sealed.split(".");
  const [nonce, tag, ciphertext] = rest.map((part) => Buffer.from(part, "base64url"));
  if (version !== format || rest.length !== 3 || !nonce || !tag || !ciphertext) {
    throw damaged("it is not in a known format");
  }
  if (nonce.length !== nonceBytes || tag.length !== tagBytes) throw damaged("it is cut off");
  return { dataKeyId, nonce, tag, ciphertext };
}

/** JSON keeps the parts apart whatever characters they hold. */
const associatedData = (dataKeyId: string, { workspaceId, purpose }: SealContext): Buffer =>
  Buffer.from(JSON.stringify([format, workspaceId, dataKeyId, purpose]));

const toText = (bytes: Buffer): string => bytes.toString("base64url");

const damaged = (why: string, cause?: unknown): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", `A stored secret does not open: ${why}.`, {
    hint: "Write the secret or credential again, or restore it together with the key it was sealed under.",
    retryable: false,
    ...(cause === undefined ? {} : { cause }),
  });
