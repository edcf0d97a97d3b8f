import { createHash, createHmac } from "node:crypto";
import { percentEncode } from "../templates/encode-url.ts";

/**
 * AWS Signature Version 4, header form. The signature covers
 *
 *   method \n canonical path \n canonical query \n canonical headers \n \n names of signed headers \n hash of the body
 *
 * whose hash goes into `AWS4-HMAC-SHA256 \n date \n scope \n hash`, signed with a key derived from the secret, the day,
 * the region and the service. Pure: the date is an argument.
 */

/** The request as it will leave: path and query as they are on the wire. */
export interface SigV4Request {
  readonly method: string;
  /** Path as sent, without the query. */
  readonly path: string;
  /** Query parameters, decoded, in any order. */
  readonly query: ReadonlyArray<readonly [name: string, value: string]>;
  /** Headers as sent, `host` included. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Body bytes; `null` = none; `"unsigned"` = a streamed body, which only S3 accepts. */
  readonly body: Uint8Array | string | null | "unsigned";
}

/** Who signs, and for what. */
export interface SigV4Settings {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Token of temporary credentials, sent and signed as `x-amz-security-token`. */
  readonly sessionToken?: string;
  readonly region: string;
  readonly service: string;
  readonly date: Date;
}

const unsignedPayload = "UNSIGNED-PAYLOAD";
/** Headers that proxies or the transport change, so that no signature may cover them. */
const neverSigned = new Set([
  "authorization",
  "connection",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-amzn-trace-id",
]);

/** Signs a request and returns the headers to add to it, `authorization` last. A present header of the same name is replaced. */
export function signSigV4(
  request: SigV4Request,
  settings: SigV4Settings,
): ReadonlyArray<readonly [name: string, value: string]> {
  const timestamp = settings.date.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = timestamp.slice(0, 8);
  const bodyHash = hashBody(request.body);
  const added: [string, string][] = [["x-amz-date", timestamp]];
  if (settings.sessionToken !== undefined) added.push(["x-amz-security-token", settings.sessionToken]);
  // S3 insists on the hash in a header of its own; the other services read it from the signature only.
  if (settings.service === "s3") added.push(["x-amz-content-sha256", bodyHash]);

  const replaced = new Set(added.map(([name]) => name));
  const headers = canonicalHeaders([
    ...request.headers.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...added,
  ]);
  const signedNames = headers.map(([name]) => name).join(";");
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path, settings.service),
    canonicalQuery(request.query),
    headers.map(([name, value]) => `${name}:${value}\n`).join(""),
    signedNames,
    bodyHash,
  ].join("\n");

  const scope = `${day}/${settings.region}/${settings.service}/aws4_request`;
  const stringToSign = `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonicalRequest)}`;
  const signature = hmac(deriveSigningKey(settings, day), stringToSign).toString("hex");
  added.push([
    "authorization",
    `AWS4-HMAC-SHA256 Credential=${settings.accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`,
  ]);
  return added;
}

function hashBody(body: SigV4Request["body"]): string {
  if (body === "unsigned") return unsignedPayload;
  return sha256(body ?? "");
}

function canonicalHeaders(headers: SigV4Request["headers"]): [string, string][] {
  const merged = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (neverSigned.has(key)) continue;
    const trimmed = value.trim().replace(/[ \t]+/g, " ");
    const before = merged.get(key);
    merged.set(key, before === undefined ? trimmed : `${before},${trimmed}`);
  }
  return [...merged].sort(compareFirst);
}

function canonicalPath(path: string, service: string): string {
  // S3 keys may hold anything, so its path is signed as it was sent; everywhere else the sent path is encoded once more.
  if (service === "s3") return path === "" ? "/" : path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(percentEncode(segment));
  }
  const slash = path.endsWith("/") && segments.length > 0 ? "/" : "";
  return `/${segments.join("/")}${slash}`;
}

function canonicalQuery(query: SigV4Request["query"]): string {
  return query
    .map(([name, value]): [string, string] => [percentEncode(name), percentEncode(value)])
    .sort((a, b) => compareFirst(a, b) || compareText(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function deriveSigningKey(settings: SigV4Settings, day: string): Buffer {
  const dayKey = hmac(`AWS4${settings.secretAccessKey}`, day);
  return hmac(hmac(hmac(dayKey, settings.region), settings.service), "aws4_request");
}

function compareFirst(a: readonly [string, string], b: readonly [string, string]): number {
  return compareText(a[0], b[0]);
}
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
