import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
// biome-ignore lint/style/noRestrictedImports: listens for tests; opens no outbound connection
import { createServer, type IncomingMessage, type Server } from "node:http";
// biome-ignore lint/style/noRestrictedImports: a type
import type { AddressInfo } from "node:net";
import { signSigV4 } from "../auth/aws-sig-v4.ts";

/** A server on loopback that plays a key service. */
export interface KeyServiceStandIn {
  readonly url: string;
  /** Answers of this many next requests are this status and body instead. */
  failNext(times: number, status: number, body?: unknown): void;
  /** Requests seen so far. */
  requests(): number;
  close(): Promise<void>;
}

/** A stand-in for Vault, with what only Vault has. */
export interface VaultStandIn extends KeyServiceStandIn {
  /** From now on this is the only token that is known. */
  acceptToken(token: string): void;
  /** Writes a secret of the key-value engine at `secret/`, version 2. */
  writeSecret(path: string, fields: Readonly<Record<string, string>>): void;
}

/** Credentials that a stand-in accepts, and the region it is in. */
export interface KmsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

interface KmsInput {
  readonly KeyId?: string;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Record<string, string>;
}

/**
 * Starts a stand-in for the part of AWS KMS that wraps keys: `Encrypt` and `Decrypt` of its JSON 1.1 API, with
 * encryption contexts, its error names, and signatures that are recomputed and compared.
 */
export async function startKmsStandIn(
  keyIds: readonly string[],
  credentials: KmsCredentials,
): Promise<KeyServiceStandIn> {
  const keys = new Map(keyIds.map((keyId) => [keyId, randomBytes(32)]));
  return startStandIn((request, body) => {
    if (!isSigned(request, body, credentials)) return [400, { __type: "InvalidSignatureException", message: "bad" }];
    const input = JSON.parse(body) as KmsInput;
    const key = keys.get(input.KeyId ?? "");
    if (key === undefined) return [400, { __type: "com.amazonaws.kms#NotFoundException", message: "no such key" }];
    const context = JSON.stringify(Object.entries(input.EncryptionContext ?? {}).sort());
    if (request.headers["x-amz-target"] === "TrentService.Encrypt") {
      return [200, { CiphertextBlob: encrypt(key, context, input.Plaintext ?? ""), KeyId: input.KeyId }];
    }
    try {
      return [200, { Plaintext: decrypt(key, context, input.CiphertextBlob ?? ""), KeyId: input.KeyId }];
    } catch {
      return [400, { __type: "InvalidCiphertextException", message: null }];
    }
  });
}

/**
 * Starts a stand-in for the parts of Vault that keep keys: `encrypt` and `decrypt` of the transit engine at `transit/`,
 * with associated data and key versions in front of the ciphertext, reading of the key-value engine (version 2) at
 * `secret/`, and Vault's error texts.
 */
export async function startVaultStandIn(keyNames: readonly string[], firstToken: string): Promise<VaultStandIn> {
  const keys = new Map(keyNames.map((name) => [name, randomBytes(32)]));
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  let token = firstToken;
  const standIn = await startStandIn((request, body) => {
    if (request.headers["x-vault-token"] !== token) {
      return [403, { errors: ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"] }];
    }
    const [, , mount, action, ...names] = (request.url ?? "").split("/").map(decodeURIComponent);
    if (mount === "transit" && request.method === "POST") {
      return answerTransit(keys.get(names.join("/")), action ?? "", JSON.parse(body) as Record<string, string>);
    }
    const fields = secrets.get(names.join("/"));
    if (mount !== "secret" || action !== "data" || request.method !== "GET" || fields === undefined) {
      return [404, { errors: [] }];
    }
    return [200, { data: { data: fields, metadata: { version: 1, destroyed: false } } }];
  });
  return {
    ...standIn,
    acceptToken(next) {
      token = next;
    },
    writeSecret: (path, fields) => void secrets.set(path, fields),
  };
}

function answerTransit(key: Buffer | undefined, action: string, input: Readonly<Record<string, string>>): Answer {
  if (key === undefined) return [400, { errors: ["encryption key not found"] }];
  const context = input.associated_data ?? "";
  if (action === "encrypt") {
    const ciphertext = `vault:v1:${encrypt(key, context, input.plaintext ?? "")}`;
    return [200, { data: { ciphertext, key_version: 1 } }];
  }
  const ciphertext = /^vault:v1:(.+)$/.exec(input.ciphertext ?? "")?.[1];
  try {
    if (ciphertext === undefined) return [400, { errors: ["invalid ciphertext: no prefix"] }];
    return [200, { data: { plaintext: decrypt(key, context, ciphertext) } }];
  } catch {
    return [400, { errors: ["cipher: message authentication failed"] }];
  }
}

type Answer = readonly [status: number, body: unknown];

async function startStandIn(answer: (request: IncomingMessage, body: string) => Answer): Promise<KeyServiceStandIn> {
  let seen = 0;
  let failures: { readonly times: number; readonly status: number; readonly body: unknown } = {
    times: 0,
    status: 500,
    body: {},
  };
  const server: Server = createServer(async (request, response) => {
    seen += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let [status, body] = answer(request, Buffer.concat(chunks).toString("utf8"));
    if (failures.times > 0) {
      failures = { ...failures, times: failures.times - 1 };
      [status, body] = [failures.status, failures.body];
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext(times, status, body = {}) {
      failures = { times, status, body };
    },
    requests: () => seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isSigned(request: IncomingMessage, body: string, credentials: KmsCredentials): boolean {
  const sent = String(request.headers.authorization ?? "");
  const names = /SignedHeaders=([^,]+)/.exec(sent)?.[1]?.split(";") ?? [];
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(request.headers["x-amz-date"]));
  if (stamp === null || !names.includes("host") || !names.includes("x-amz-target")) return false;
  const [, year, month, day, hour, minute, second] = stamp;
  const headers = names
    .filter((name) => name !== "x-amz-date")
    .map((name) => [name, String(request.headers[name])] as const);
  const signed = signSigV4(
    { method: request.method ?? "", path: request.url ?? "", query: [], headers, body },
    { ...credentials, service: "kms", date: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) },
  );
  return signed.some(([name, value]) => name === "authorization" && value === sent);
}

function encrypt(key: Buffer, context: string, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext, "base64"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString("base64");
}

function decrypt(key: Buffer, context: string, text: string): string {
  const bytes = Buffer.from(text, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("base64");
}
