import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { jwtVerify } from "jose";

/** Credentials that the upstream accepts. */
export const signing = {
  user: "ada",
  password: "a digest password: 12345",
  hmacKey: "an hmac key with 30 characters",
  jwtKey: "a shared key for HS256 that is long enough for anybody",
  awsSecret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  consumerSecret: "the consumer's secret",
  tokenSecret: "the token's own secret",
} as const;

/**
 * An API that checks signatures by itself: it shares no code with what made them.
 *
 *   /digest    RFC 7616 with SHA-256 and qop=auth; every third use of a nonce is stale
 *   /hmac      hex HMAC-SHA256 over method, path with query, timestamp and body
 *   /jwt       a JWT with HS256, audience `orders`
 *   /aws       SigV4 for region eu-central-1 and service execute-api
 *   /oauth1    OAuth 1.0a with HMAC-SHA1; /oauth1/request, /authorize and /access are the three legs
 */
export interface SigningUpstream {
  readonly url: string;
  readonly port: number;
  /** Why the last request was refused; null after an accepted one. */
  readonly lastRefusal: () => string | null;
  /** Digest challenges that were sent. */
  readonly challenges: () => number;
  close(): Promise<void>;
}

interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Starts it on a free loopback port. */
export async function startSigningUpstream(): Promise<SigningUpstream> {
  let refusal: string | null = null;
  const digest = { nonce: "first-nonce", uses: 0, last: 0, challenges: 0 };
  const server = createServer((request, response) => {
    void read(request).then(async (incoming) => {
      const problem = await check(incoming, response, digest).catch((error: Error) => error.message);
      if (response.writableEnded) return;
      refusal = problem ?? null;
      response
        .writeHead(problem === undefined ? 200 : 401, { "content-type": "application/json" })
        .end(JSON.stringify(problem === undefined ? { accepted: true } : { refused: problem }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    lastRefusal: () => refusal,
    challenges: () => digest.challenges,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function check(
  incoming: Incoming,
  response: ServerResponse,
  digest: { nonce: string; uses: number; last: number; challenges: number },
): Promise<string | undefined> {
  switch (incoming.url.pathname.split("/")[1]) {
    case "digest":
      return checkDigest(incoming, response, digest);
    case "hmac":
      return checkHmac(incoming);
    case "jwt":
      await jwtVerify(bearer(incoming), Buffer.from(signing.jwtKey), { audience: "orders", subject: "ada" });
      return undefined;
    case "aws":
      return checkAws(incoming);
    default:
      return answerOAuth1(incoming, response);
  }
}

function checkDigest(
  { method, url, headers }: Incoming,
  response: ServerResponse,
  digest: { nonce: string; uses: number; last: number; challenges: number },
): string | undefined {
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const challenge = (stale: boolean) => {
    digest.challenges += 1;
    digest.uses = 0;
    digest.last = 0;
    digest.nonce = `nonce-${digest.challenges}`;
    const header = `Digest realm="shop, \\"inner\\"", qop="auth", algorithm=SHA-256, nonce="${digest.nonce}", opaque="o", stale=${stale}`;
    response.writeHead(401, { "www-authenticate": ['Basic realm="x"', header] }).end();
    return undefined;
  };
  const fields = Object.fromEntries(
    [...(headers.authorization ?? "").matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map((match) => [
      match[1] ?? "",
      (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1"),
    ]),
  );
  if (!headers.authorization?.startsWith("Digest ")) return challenge(false);
  digest.uses += 1;
  if (fields.nonce !== digest.nonce || digest.uses > 2) return challenge(true);
  const count = Number.parseInt(fields.nc ?? "", 16);
  if (count !== digest.last + 1) return `nonce count ${fields.nc} after ${digest.last}`;
  digest.last = count;
  const uri = `${url.pathname}${url.search}`;
  const expected = sha(
    `${sha(`${signing.user}:shop, "inner":${signing.password}`)}:${fields.nonce}:${fields.nc}:${fields.cnonce}:auth:${sha(`${method}:${uri}`)}`,
  );
  return fields.response === expected && fields.uri === uri ? undefined : "wrong digest";
}

function checkHmac({ method, url, headers, body }: Incoming): string | undefined {
  const canonical = [method, `${url.pathname}${url.search}`, headers["x-time"], body].join("\n");
  const expected = createHmac("sha256", signing.hmacKey).update(canonical).digest("hex");
  return headers["x-signature"] === expected ? undefined : `wrong HMAC over ${JSON.stringify(canonical)}`;
}

/** SigV4, written out for requests with a plain path. */
function checkAws({ method, url, headers, body }: Incoming): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=AKID\/(\d{8})\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? "",
    );
  if (match === null) return "no SigV4 header";
  const [, day = "", signed = "", signature] = match;
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const request = [method, url.pathname, query, lines.join(""), signed, sha(body)].join("\n");
  const scope = `${day}/eu-central-1/execute-api/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${headers["x-amz-date"]}\n${scope}\n${sha(request)}`;
  const key = mac(mac(mac(mac(`AWS4${signing.awsSecret}`, day), "eu-central-1"), "execute-api"), "aws4_request");
  if (headers["x-amz-security-token"] !== "session-token-of-aws") return "no session token";
  return mac(key, text).toString("hex") === signature ? undefined : "wrong SigV4 signature";
}

function answerOAuth1(incoming: Incoming, response: ServerResponse): string | undefined {
  const { pathname } = incoming.url;
  const form = (pairs: Record<string, string>) => {
    response.writeHead(200, { "content-type": "text/plain" }).end(new URLSearchParams(pairs).toString());
    return undefined;
  };
  if (pathname === "/oauth1/authorize") {
    const target = callbacks.get(incoming.url.searchParams.get("oauth_token") ?? "") ?? "";
    response.writeHead(302, { location: `${target}&oauth_token=temporary&oauth_verifier=verified` }).end();
    return undefined;
  }
  const fields = readOAuth1(incoming);
  const secrets: Record<string, string> = { temporary: "temporary-secret", permanent: signing.tokenSecret };
  const problem = checkOAuth1(incoming, fields, secrets[fields.oauth_token ?? ""] ?? "");
  if (problem !== undefined) return problem;
  if (pathname === "/oauth1/request") {
    callbacks.set("temporary", fields.oauth_callback ?? "");
    return form({ oauth_token: "temporary", oauth_token_secret: "temporary-secret", oauth_callback_confirmed: "true" });
  }
  if (pathname === "/oauth1/access") {
    if (fields.oauth_verifier !== "verified") return "no verifier";
    return form({ oauth_token: "permanent", oauth_token_secret: signing.tokenSecret });
  }
  return fields.oauth_token === "permanent" ? undefined : "not the permanent token";
}

const callbacks = new Map<string, string>();

function readOAuth1({ headers }: Incoming): Record<string, string> {
  const pairs = [...(headers.authorization ?? "").matchAll(/(oauth_\w+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, decodeURIComponent(value)]));
}

function checkOAuth1(incoming: Incoming, fields: Record<string, string>, tokenSecret: string): string | undefined {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const isForm = incoming.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  const { oauth_signature: signature, ...rest } = fields;
  const parameters = [
    ...Object.entries(rest),
    ...incoming.url.searchParams,
    ...(isForm ? new URLSearchParams(incoming.body) : []),
  ]
    .map(([name = "", value = ""]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
  const base = [incoming.method, encode(`${incoming.url.origin}${incoming.url.pathname}`), encode(parameters)].join(
    "&",
  );
  const key = `${encode(signing.consumerSecret)}&${encode(tokenSecret)}`;
  const expected = createHmac("sha1", key).update(base).digest("base64");
  return signature === expected ? undefined : `wrong OAuth 1.0a signature over ${base}`;
}

function bearer({ headers }: Incoming): string {
  return headers.authorization?.replace(/^Bearer /, "") ?? "";
}

async function read(request: IncomingMessage): Promise<Incoming> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  return { method: request.method ?? "", url, headers: request.headers, body };
}
