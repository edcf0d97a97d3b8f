import { createHash } from "node:crypto";

/**
 * HTTP Digest access authentication (RFC 7616, and RFC 2069 servers that send no `qop`).
 *
 *   first request ─► 401 + WWW-Authenticate: Digest nonce=… ─► repeat with Authorization: Digest response=…, nc=00000001
 *   later requests reuse the nonce with a growing nc, until the server says stale=true or sends another nonce
 */

/** A parsed challenge. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  readonly algorithm: DigestAlgorithm;
  /** `auth`, `auth-int`, or undefined for servers of RFC 2069. */
  readonly qop: "auth" | "auth-int" | undefined;
  readonly stale: boolean;
  readonly userhash: boolean;
}
export type DigestAlgorithm = "MD5" | "MD5-sess" | "SHA-256" | "SHA-256-sess" | "SHA-512-256" | "SHA-512-256-sess";

/** What one `Authorization: Digest` header is computed from. */
export interface DigestRequest {
  readonly method: string;
  /** Request target as on the wire: path and query. */
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  /** Grows by one with each use of the nonce, from 1. */
  readonly nonceCount: number;
  readonly cnonce: string;
  /** Needed for `auth-int` only. */
  readonly body?: string | Uint8Array | null;
}

/** Algorithms from strongest to weakest, as OpenSSL names their hash. */
const hashes: ReadonlyArray<readonly [name: string, hash: string]> = [
  ["SHA-512-256", "sha512-256"],
  ["SHA-256", "sha256"],
  ["MD5", "md5"],
];

/** Picks the strongest Digest challenge of the `WWW-Authenticate` headers; `undefined` where none can be answered. */
export function parseDigestChallenge(headers: readonly string[]): DigestChallenge | undefined {
  const challenges = headers
    .flatMap(splitChallenges)
    .map(readChallenge)
    .filter((found) => found !== undefined);
  const rank = (challenge: DigestChallenge) =>
    hashes.findIndex(([name]) => name === challenge.algorithm.replace(/-sess$/, ""));
  return challenges.sort((a, b) => rank(a) - rank(b))[0];
}

/** Computes the value of the `Authorization` header that answers a challenge. */
export function answerDigest(challenge: DigestChallenge, request: DigestRequest): string {
  const hash = hashOf(challenge.algorithm);
  const { nonce, realm, qop } = challenge;
  const nc = request.nonceCount.toString(16).padStart(8, "0");
  let a1 = hash(`${request.username}:${realm}:${request.password}`);
  if (challenge.algorithm.endsWith("-sess")) a1 = hash(`${a1}:${nonce}:${request.cnonce}`);
  const a2 = hash(
    qop === "auth-int"
      ? `${request.method}:${request.uri}:${hash(request.body ?? "")}`
      : `${request.method}:${request.uri}`,
  );
  const response =
    qop === undefined ? hash(`${a1}:${nonce}:${a2}`) : hash(`${a1}:${nonce}:${nc}:${request.cnonce}:${qop}:${a2}`);
  return joinFields(challenge, request, {
    response,
    nc,
    username: challenge.userhash ? hash(`${request.username}:${realm}`) : request.username,
  });
}

function joinFields(
  challenge: DigestChallenge,
  request: DigestRequest,
  computed: { readonly response: string; readonly nc: string; readonly username: string },
): string {
  const plainName = challenge.userhash || /^[\x20-\x7e]*$/.test(computed.username);
  const fields = [
    // A name beyond ASCII travels in the extended notation of RFC 8187.
    plainName ? `username=${quote(computed.username)}` : `username*=UTF-8''${encodeURIComponent(computed.username)}`,
    `realm=${quote(challenge.realm)}`,
    `nonce=${quote(challenge.nonce)}`,
    `uri=${quote(request.uri)}`,
    `algorithm=${challenge.algorithm}`,
    `response="${computed.response}"`,
  ];
  if (challenge.opaque !== undefined) fields.push(`opaque=${quote(challenge.opaque)}`);
  const needsCnonce = challenge.qop !== undefined || challenge.algorithm.endsWith("-sess");
  if (challenge.qop !== undefined) fields.push(`qop=${challenge.qop}`, `nc=${computed.nc}`);
  if (needsCnonce) fields.push(`cnonce=${quote(request.cnonce)}`);
  if (challenge.userhash) fields.push("userhash=true");
  return `Digest ${fields.join(", ")}`;
}

/** Cuts a header that may hold several challenges before each `scheme name=`. */
function splitChallenges(header: string): string[] {
  const starts: number[] = [];
  // A scheme is a token followed by a blank and a parameter; quoted strings are stepped over whole.
  const pattern = /"(?:[^"\\]|\\.)*"|(?:^|,\s*)([A-Za-z][\w-]*)\s+(?=[\w-]+\s*=)/g;
  for (const match of header.matchAll(pattern)) {
    if (match[1] !== undefined) starts.push(match.index + match[0].indexOf(match[1]));
  }
  return starts.map((start, index) => header.slice(start, starts[index + 1]));
}

function readChallenge(text: string): DigestChallenge | undefined {
  if (!/^digest\s/i.test(text)) return undefined;
  const fields = new Map<string, string>();
  for (const match of text.slice(7).matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    fields.set((match[1] ?? "").toLowerCase(), match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "");
  }
  const algorithm = readAlgorithm(fields.get("algorithm") ?? "MD5");
  const nonce = fields.get("nonce");
  if (algorithm === undefined || nonce === undefined) return undefined;
  const offered = fields
    .get("qop")
    ?.split(",")
    .map((value) => value.trim().toLowerCase());
  const qop = offered?.includes("auth") ? "auth" : offered?.includes("auth-int") ? "auth-int" : undefined;
  const opaque = fields.get("opaque");
  return {
    realm: fields.get("realm") ?? "",
    nonce,
    ...(opaque !== undefined && { opaque }),
    algorithm,
    qop,
    stale: fields.get("stale")?.toLowerCase() === "true",
    userhash: fields.get("userhash")?.toLowerCase() === "true",
  };
}

function readAlgorithm(text: string): DigestAlgorithm | undefined {
  const session = /-sess$/i.test(text);
  const base = hashes.find(([name]) => name === text.replace(/-sess$/i, "").toUpperCase())?.[0];
  return base === undefined ? undefined : (`${base}${session ? "-sess" : ""}` as DigestAlgorithm);
}

function hashOf(algorithm: DigestAlgorithm): (data: string | Uint8Array) => string {
  const name = hashes.find(([label]) => label === algorithm.replace(/-sess$/, ""))?.[1] ?? "md5";
  return (data) => createHash(name).update(data).digest("hex");
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
