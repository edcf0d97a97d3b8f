import { signSigV4 } from "../../auth/aws-sig-v4.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort, HttpRequest } from "../../ports/http.ts";
import type { KeyPort } from "../../ports/key-port.ts";
import type { JsonObject } from "../../ports/records.ts";
import { askKeyService, type KeyService, type KeyServiceAnswer, readText } from "./key-service-request.ts";
import { damagedDataKey, unknownMasterKey } from "./wrap-locally.ts";

/** Who signs requests to AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Token of temporary credentials. */
  readonly sessionToken?: string;
}

export interface AwsKmsOptions {
  readonly http: HttpPort;
  /** Such as `https://kms.eu-central-1.amazonaws.com/`, or that of a service with the same API. */
  readonly endpoint: string;
  /** Region that signatures name. */
  readonly region: string;
  /** Key ARN, key id or alias that wraps. */
  readonly keyId: string;
  /** Keys that may still unwrap. */
  readonly formerKeyIds?: readonly string[];
  /** Asked anew for each attempt, so that temporary credentials may change. */
  readonly credentials: () => AwsCredentials | Promise<AwsCredentials>;
}

const prefix = "aws-kms:";

/** What KMS says, and what helps; names as in its API reference, section "Errors" and "Common errors". */
const advice: readonly (readonly [reason: RegExp, hint: string])[] = [
  [/ExpiredToken/, "The session token has expired: give new credentials. A credentials file is read again each time."],
  [
    /UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken/,
    "Check the access key id and the secret access key, that they belong together, and this machine's clock.",
  ],
  [/AccessDenied/, "Allow the credentials kms:Encrypt and kms:Decrypt on the key, in the key's policy or in IAM."],
  [/NotFound/, "Check the key's id, its region and its account."],
  [/Disabled|KMSInvalidState/, "Enable the key, or cancel its deletion, before its waiting period ends."],
  [/InvalidKeyUsage/, "The key must be symmetric and made for encryption (SYMMETRIC_DEFAULT)."],
];

const kms: KeyService = {
  name: "AWS KMS",
  // Newer endpoints put a namespace in front: `com.amazonaws.kms#NotFoundException`.
  readReason: ({ __type: type }) => (typeof type === "string" ? (type.split("#").pop() ?? "") : ""),
  adviseOn: (reason) => advice.find(([pattern]) => pattern.test(reason))?.[1],
  // KMS says 400 where others say 429.
  isBusy: ({ status, body }) => status === 400 && /Throttling|LimitExceeded/.test(kms.readReason(body)),
};

/**
 * Makes a key port of AWS KMS: actions `Encrypt` and `Decrypt` of its JSON API, with the context as encryption context,
 * so that KMS itself refuses a data key in a wrong place, and CloudTrail shows whose key was used.
 */
export function createAwsKmsKeyPort(options: AwsKmsOptions): KeyPort {
  const known = new Set([options.keyId, ...(options.formerKeyIds ?? [])]);
  return {
    currentKeyId: prefix + options.keyId,
    keyIds: [...known].map((id) => prefix + id),
    async wrap(dataKey, context) {
      const answer = await callKms(options, "Encrypt", {
        KeyId: options.keyId,
        Plaintext: Buffer.from(dataKey).toString("base64"),
        EncryptionContext: { junctor: context },
      });
      return readText(answer.body, "CiphertextBlob", kms.name);
    },
    async unwrap(wrapped, keyId, context) {
      const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : undefined;
      if (name === undefined || !known.has(name)) throw unknownMasterKey(keyId, kms.name);
      const answer = await callKms(options, "Decrypt", {
        KeyId: name,
        CiphertextBlob: wrapped,
        EncryptionContext: { junctor: context },
      });
      return Buffer.from(readText(answer.body, "Plaintext", kms.name), "base64");
    },
  };
}

async function callKms(
  options: AwsKmsOptions,
  action: "Encrypt" | "Decrypt",
  input: JsonObject,
): Promise<KeyServiceAnswer> {
  const body = JSON.stringify(input);
  const answer = await askKeyService(options.http, kms, () => makeRequest(options, action, body));
  if (answer.status === 200) return answer;
  throw refused(action, answer);
}

async function makeRequest(
  { endpoint, region, credentials }: AwsKmsOptions,
  action: string,
  body: string,
): Promise<HttpRequest> {
  const { host, pathname } = new URL(endpoint);
  const headers: readonly (readonly [string, string])[] = [
    ["content-type", "application/x-amz-json-1.1"],
    ["x-amz-target", `TrentService.${action}`],
  ];
  const signed = signSigV4(
    { method: "POST", path: pathname, query: [], headers: [["host", host], ...headers], body },
    { ...(await credentials()), region, service: "kms", date: new Date() },
  );
  return { method: "POST", url: endpoint, headers: [...headers, ...signed].flat(), body };
}

function refused(action: string, { status, body }: KeyServiceAnswer): ConnectorError {
  const reason = kms.readReason(body);
  if (reason === "InvalidCiphertextException" || reason === "IncorrectKeyException") {
    return damagedDataKey(new Error(reason));
  }
  return new ConnectorError("KEY_UNAVAILABLE", `${kms.name} refused ${action}: ${reason || `HTTP status ${status}`}.`, {
    hint:
      kms.adviseOn(reason) ??
      "Check that the key exists and is enabled, and that the credentials may call kms:Encrypt and kms:Decrypt on it.",
  });
}
