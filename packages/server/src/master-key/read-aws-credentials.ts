import { readFile } from "node:fs/promises";
import { type AwsCredentials, ConnectorError } from "@junctor/core";

/**
 * Reads the profile `default` of a file in the format of AWS's shared credentials: `aws_access_key_id`,
 * `aws_secret_access_key` and, for temporary ones, `aws_session_token`. Fails with KEY_UNAVAILABLE.
 */
export async function readAwsCredentials(path: string): Promise<AwsCredentials> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw unusable(path, "cannot be read", cause);
  }
  const values = readProfile(text, "default");
  const accessKeyId = values.get("aws_access_key_id");
  const secretAccessKey = values.get("aws_secret_access_key");
  const sessionToken = values.get("aws_session_token");
  if (!accessKeyId || !secretAccessKey) {
    throw unusable(path, "has no aws_access_key_id and aws_secret_access_key in its profile [default]");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function readProfile(text: string, profile: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let isWanted = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) isWanted = section === profile;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (isWanted && name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
}

const unusable = (path: string, what: string, cause?: unknown): ConnectorError =>
  new ConnectorError("KEY_UNAVAILABLE", `The AWS credentials file ${path} ${what}.`, {
    hint: "Check JUNCTOR_KMS_CREDENTIALS_FILE and what writes it. It is read again with each request.",
    ...(cause === undefined ? {} : { cause }),
  });
