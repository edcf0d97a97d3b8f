/**
 * Mints user tokens for Junctor: the part of a host application that says who is signed in.
 *
 *   JUNCTOR_TOKEN_SECRET=… node examples/user-tokens/server.ts
 *
 * The page asks `GET /junctor-token` with its own session cookie and hands the answer to the client's `userToken`.
 * Junctor accepts the token because the workspace trusts this issuer, this audience and this secret.
 */
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.JUNCTOR_TOKEN_SECRET ?? "";
const port = Number(process.env.PORT ?? 4020);
const issuer = "https://app.example";
const audience = "junctor";
const lifetimeSeconds = 300;

if (Buffer.byteLength(secret) < 32) {
  console.error("Set JUNCTOR_TOKEN_SECRET to at least 32 bytes: the secret that the workspace has for this issuer.");
  process.exit(1);
}

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs a token (RFC 7519, HS256) that names the user and ends in five minutes. */
function mintUserToken({ id, ...profile }: User): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: id,
    iat: now,
    exp: now + lifetimeSeconds,
    jti: randomUUID(),
    ...profile,
  };
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

/** Stands for your own session: here every visitor is Ada. Return nothing for visitors who are not signed in. */
function readSession(): User | undefined {
  return { id: "u-1", email: "ada@app.example", name: "Ada", roles: ["member"] };
}

createServer((request, response) => {
  const user = request.method === "GET" && request.url === "/junctor-token" ? readSession() : undefined;
  if (user === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
  response.end(mintUserToken(user));
}).listen(port, "127.0.0.1", () => console.log(`User tokens at http://127.0.0.1:${port}/junctor-token`));
