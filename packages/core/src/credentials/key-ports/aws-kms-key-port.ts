import { ConnectorError } from "../../errors/connector-error.ts";
import type { HttpPort } from "../../ports/http.ts";
import type { KeyPort } from "../../ports/key-port.ts";
import type { JsonObject } from "../../ports/records.ts";
import { askKeyService, type KeyServiceAnswer, readText } from "./key-service-request.ts";
import { damagedDataKey, unknownMasterKey } from "./wrap-locally.ts";

/** A request to be signed; the signer returns the headers to add. */
export interface KmsRequest {
  readonly method: "POST";
  readonly url: string;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body: string;
}
export type SignKmsRequest = (
  request: KmsRequest,
) =>
  | ReadonlyArray<readonly [name: string, value: string]>
  | Promise<ReadonlyArray<readonly [name: string, value: string]>>;

export interface AwsKmsOptions {
  readonly http: HttpPort;
  /** Such as `https://kms.eu-central-1.amazonaws.com/`, or that of a service with the same API. */
  readonly endpoint: string;
  /** Key ARN, key id or alias that wraps. */
  readonly keyId: string;
  /** Keys that may still unwrap. */
  readonly formerKeyIds?: readonly string[];
  /** Signs with SigV4 for service `kms`; asked anew for each attempt. */
  readonly sign: SignKmsRequest;
}

const service = "AWS KMS";
const prefix = "aws-kms:";

/**
 * Makes a key port of AWS KMS: actions `Encrypt` and `Decrypt` of its JSON API, with the context as encryption context,
 * so that KMS itself refuses a data key in a wrong place, and CloudTrail shows whose key was used.
 */
export function createAwsKmsKeyPort(options: AwsKmsOptions): KeyPort {
  const known = new Set([options.keyId, ...(options.formerKeyIds ?? [])]);
  return {
    currentKeyId: prefix + options.keyId,
    async wrap(dataKey, context) {
      const answer = await callKms(options, "Encrypt", {
        KeyId: options.keyId,
        Plaintext: Buffer.from(dataKey).toString("base64"),
        EncryptionContext: { junctor: context },
      });
      return readText(answer.body, "CiphertextBlob", service);
    },
    async unwrap(wrapped, keyId, context) {
      const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : undefined;
      if (name === undefined || !known.has(name)) throw unknownMasterKey(keyId, service);
      const answer = await callKms(options, "Decrypt", {
        KeyId: name,
        CiphertextBlob: wrapped,
        EncryptionContext: { junctor: context },
      });
      return Buffer.from(readText(answer.body, "Plaintext", service), "base64");
    },
  };
}

async function callKms(
  options: AwsKmsOptions,
  action: "Encrypt" | "Decrypt",
  input: JsonObject,
): Promise<KeyServiceAnswer> {
  const { http, endpoint, sign } = options;
  const answer = await askKeyService(http, service, async () => {
    const request: KmsRequest = {
      method: "POST",
      url: endpoint,
      headers: [
        ["host", new URL(endpoint).host],
        ["content-type", "application/x-amz-json-1.1"],
        ["x-amz-target", `TrentService.${action}`],
      ],
      body: JSON.stringify(input),
    };
    const headers = [...request.headers.filter(([name]) => name !== "host"), ...(await sign(request))].flat();
    return { method: request.method, url: request.url, headers, body: request.body };
  });
  if (answer.status === 200) return answer;
  throw refused(action, answer);
}

function refused(action: string, { status, body }: KeyServiceAnswer): ConnectorError {
  // Newer endpoints put a namespace in front: `com.amazonaws.kms#NotFoundException`.
  const type = typeof body.__type === "string" ? (body.__type.split("#").pop() ?? "") : "";
  if (type === "InvalidCiphertextException" || type === "IncorrectKeyException") return damagedDataKey(new Error(type));
  return new ConnectorError("KEY_UNAVAILABLE", `${service} refused ${action}: ${type || `HTTP status ${status}`}.`, {
    hint: "Check that the key exists and is enabled, and that the credentials may call kms:Encrypt and kms:Decrypt on it.",
  });
}
