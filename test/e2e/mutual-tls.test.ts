import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { type Certificate, makeCertificate } from "@junctor/egress/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * Mutual TLS from the HTTP API to a real upstream that takes no connection without a client certificate, and OAuth 2 clients
 * that authenticate with one (RFC 8705). Keys, certificates and tokens are guarded: the stack fails at its end if one was in
 * an answer, a log line, a metric or the database.
 */
const authority = makeCertificate({ name: "Private Authority", authority: true });
const stranger = makeCertificate({ name: "Other Authority", authority: true });
const robot = makeCertificate({ name: "robot", issuer: authority });
const passphrase = `open-${randomBytes(9).toString("hex")}`;
const encryptedKey = robot.privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase })
  .toString();
const clientSecret = `secret-${randomBytes(9).toString("hex")}`;
const oldRefresh = `refresh-${randomBytes(9).toString("hex")}`;

/** Token requests as the token endpoint saw them. */
const tokenRequests: { readonly grant: string; readonly secret: boolean; readonly certificate: string }[] = [];
/** Fingerprint of the certificate that each token is bound to. */
const boundTokens = new Map<string, string>();

let servers: { readonly right: Server; readonly unknown: Server; readonly misnamed: Server };
let stack: Stack;
beforeAll(async () => {
  const here = { hosts: ["localhost"] };
  const [right, unknown, misnamed] = await Promise.all([
    serve(makeCertificate({ name: "upstream", issuer: authority, ...here })),
    serve(makeCertificate({ name: "upstream", issuer: stranger, ...here })),
    serve(makeCertificate({ name: "upstream", issuer: authority, hosts: ["other.example"] })),
  ]);
  servers = { right, unknown, misnamed };
  const allowed = Object.values(servers).map((server) => `localhost:${portOf(server)}`);
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: allowed.join(",") } });
  for (const pem of [robot.key, robot.cert, encryptedKey]) {
    stack.guard(pem);
    // A line of it, in case it is written without its breaks.
    stack.guard(pem.split("\n")[1] ?? pem);
  }
  for (const secret of [passphrase, clientSecret, oldRefresh]) stack.guard(secret);
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: plainConnector() }));
});
afterAll(async () => {
  await stack.stop();
  for (const server of Object.values(servers)) {
    server.close();
    server.closeAllConnections();
  }
});
beforeEach(() => {
  tokenRequests.length = 0;
});

async function serve({ cert, key }: Certificate): Promise<Server> {
  const options = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

/** `/me` names the certificate, and takes a token only with the one that it is bound to; `/token` gives such tokens. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const peer = (request.socket as TLSSocket).getPeerCertificate();
  const json = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/token") return void json(...(await issue(request, peer)));
  const token = request.headers.authorization?.replace("Bearer ", "");
  if (token !== undefined && boundTokens.get(token) !== peer.fingerprint256) return void json(401, {});
  json(200, { certificate: peer.subject.CN, token: token !== undefined });
}

async function issue(request: IncomingMessage, peer: PeerCertificate): Promise<[status: number, body: object]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const secret = form.get("client_secret");
  tokenRequests.push({
    grant: form.get("grant_type") ?? "",
    secret: secret !== null,
    certificate: String(peer.subject.CN),
  });
  // A client is known by its secret or, without one, by its certificate.
  const isKnown = secret === null ? form.get("client_id") === peer.subject.CN : secret === clientSecret;
  if (!isKnown) return [401, { error: "invalid_client" }];
  const token = `access-${randomBytes(12).toString("hex")}`;
  stack.guard(token);
  boundTokens.set(token, peer.fingerprint256);
  return [200, { access_token: token, token_type: "Bearer", expires_in: 600 }];
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const urlOf = (server: Server): string => `https://localhost:${portOf(server)}`;

const hidden = { type: "string", writeOnly: true };
const parameters = {
  type: "object",
  properties: { certificate: hidden, key: hidden, passphrase: hidden, authority: { type: "string" } },
};
const tls = {
  certificate: "{{ connection.certificate }}",
  key: "{{ connection.key }}",
  passphrase: "{{ connection.passphrase }}",
  ca: "{{ connection.authority }}",
};
const actions = { me: { retry: { attempts: 1 }, request: { path: "/me" } } };

function plainConnector() {
  const baseUrl = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, { baseUrl: urlOf(server) }]),
  );
  const about = { $schema: "https://junctor.dev/schema/connector/v1.json", name: "mutual", title: "Mutual" };
  return { ...about, version: "1.0.0", baseUrl, connection: { parameters, auth: [{ type: "none" }], tls }, actions };
}

let count = 0;

/** Connects with these parameters beside the right ones and calls `me`. */
async function call(given: object, environment = "right") {
  const name = `connection-${++count}`;
  const right = { certificate: robot.cert, key: robot.key, authority: authority.cert };
  const body = { connector: "mutual", name, environment, parameters: { ...right, ...given } };
  await expectStatus(201, stack.send("POST", "/v1/connections", { body }));
  return await stack.execute("mutual", "me", { input: {}, connection: name });
}

const issued = (issuer: Certificate, notAfter?: Date) => {
  const { cert, key } = makeCertificate({ name: "robot", issuer, ...(notAfter !== undefined && { notAfter }) });
  return { certificate: cert, key };
};

describe("a call to an upstream that requires a client certificate", () => {
  it.each([
    ["with the right one", {}],
    ["with an encrypted key and its passphrase", { key: encryptedKey, passphrase }],
  ])("is answered %s", async (_what, given) => {
    const { status, body } = await call(given);
    expect({ status, body }).toMatchObject({ status: 200, body: { output: { certificate: "robot", token: false } } });
  });

  it.each<
    [what: string, given: () => object, expected: { code: string; status: number; detail?: string; hint: string }]
  >([
    [
      "none",
      () => ({ certificate: undefined, key: undefined }),
      { code: "UPSTREAM_UNREACHABLE", status: 502, hint: "may expect a client certificate" },
    ],
    [
      "one of another authority",
      () => issued(stranger),
      { code: "UPSTREAM_UNREACHABLE", status: 502, hint: "or another one than it was shown" },
    ],
    [
      "one that has expired",
      () => issued(authority, new Date(Date.now() - 3_600_000)),
      { code: "CONNECTION_UNUSABLE", status: 409, detail: "it expired on 20", hint: "Get a new certificate" },
    ],
    [
      "an encrypted key and another passphrase",
      () => ({ key: encryptedKey, passphrase: "guessed wrong" }),
      { code: "CONNECTION_UNUSABLE", status: 409, detail: "the passphrase does not open its key", hint: "passphrase" },
    ],
    [
      "an encrypted key and no passphrase",
      () => ({ key: encryptedKey }),
      { code: "CONNECTION_UNUSABLE", status: 409, detail: "there is no passphrase", hint: "passphrase" },
    ],
    [
      "the key of another certificate",
      () => ({ key: stranger.key }),
      {
        code: "CONNECTION_UNUSABLE",
        status: 409,
        detail: "the key belongs to another certificate",
        hint: "issued for",
      },
    ],
    [
      "a certificate that is none",
      () => ({ certificate: robot.cert.replaceAll("\n", " ") }),
      { code: "CONNECTION_UNUSABLE", status: 409, detail: "it is not a certificate in PEM", hint: "line breaks" },
    ],
  ])("with %s fails and says what to do", async (_what, given, { code, status, detail = "", hint }) => {
    const answered = await call(given());
    expect(answered.body).toMatchObject({
      code,
      status,
      detail: expect.stringContaining(detail),
      hint: expect.stringContaining(hint),
    });
  });

  it.each([
    ["of an unknown authority", "unknown", {}, "authority isn't known"],
    ["for another host", "misnamed", {}, "for another host name"],
    [
      "of a private authority that the connection does not name",
      "right",
      { authority: undefined },
      "authority isn't known",
    ],
  ])("goes to no server with a certificate %s: verification is always on", async (_what, environment, given, hint) => {
    const { body } = await call(given, environment);
    expect(body).toMatchObject({ code: "UPSTREAM_TLS_FAILED", status: 502, hint: expect.stringContaining(hint) });
  });
});

describe("an OAuth 2 client that authenticates with its certificate (RFC 8705)", () => {
  const byTls = { clientAuthentication: "tls_client_auth" };
  const bySecret = { clientAuthentication: "client_secret_post" };
  const expired = { accessToken: "access-of-yesterday", refreshToken: oldRefresh, expiresAt: 1_700_000_000 };

  /** Publishes a connector with this method, connects it, and calls `me`. */
  async function callWith(method: object, given: object = {}, credential?: object) {
    const name = `oauth-${++count}`;
    const url = urlOf(servers.right);
    const auth = [{ type: "oauth2", tokenUrl: `${url}/token`, clientId: "robot", ...method }];
    const about = { $schema: "https://junctor.dev/schema/connector/v1.json", name, title: "OAuth", version: "1.0.0" };
    const definition = { ...about, baseUrl: url, connection: { parameters, auth, tls }, actions };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
    const right = { certificate: robot.cert, key: robot.key, authority: authority.cert };
    const connection = {
      connector: name,
      name: "main",
      parameters: { ...right, ...given },
      ...(credential && { credential }),
    };
    const created = await expectStatus(201, stack.send("POST", "/v1/connections", { body: connection }));
    const answered = await stack.execute(name, "me", { input: {}, connection: "main" });
    const { id } = created.body as { id: string };
    return { answered, connection: (await stack.send("GET", `/v1/connections/${id}`)).body };
  }

  const robotSecret = { clientSecret: "{{ secret('client') }}" };
  const code = { grant: "authorizationCode", authorizationUrl: "https://localhost/authorize" };
  beforeAll(async () => {
    const body = { value: clientSecret, hosts: ["localhost"] };
    await expectStatus(200, stack.send("PUT", "/v1/secrets/client", { body }));
  });

  it.each<[what: string, method: object, credential: object | undefined, grant: string, secret: boolean]>([
    ["for the exchange", { grant: "clientCredentials", ...byTls }, undefined, "client_credentials", false],
    [
      "for the exchange alone",
      { grant: "clientCredentials", ...robotSecret, ...bySecret, tokenRequest: byTls },
      undefined,
      "client_credentials",
      false,
    ],
    ["for the refresh", { ...code, ...byTls }, expired, "refresh_token", false],
    [
      "for the refresh alone",
      { ...code, ...robotSecret, ...bySecret, refreshRequest: byTls },
      expired,
      "refresh_token",
      false,
    ],
    [
      "for the exchange alone, so that the refresh sends the secret",
      { ...code, ...robotSecret, ...bySecret, tokenRequest: byTls },
      expired,
      "refresh_token",
      true,
    ],
  ])("%s", async (_what, method, credential, grant, secret) => {
    const { answered } = await callWith(method, {}, credential);
    expect(tokenRequests).toEqual([{ grant, secret, certificate: "robot" }]);
    expect(answered.body).toMatchObject({ output: { certificate: "robot", token: true } });
  });

  it.each<[what: string, given: () => object, code: string, status: string, said: string]>([
    [
      "a certificate that names another client",
      () => other(),
      "AUTHENTICATION_FAILED",
      "misconfigured",
      "invalid_client",
    ],
    [
      "a certificate that has expired",
      () => issued(authority, new Date(Date.now() - 3_600_000)),
      "AUTHENTICATION_FAILED",
      "misconfigured",
      "it expired on 20",
    ],
    [
      "no certificate",
      () => ({ certificate: undefined, key: undefined }),
      "TOKEN_REQUEST_FAILED",
      "active",
      "EGRESS_CONNECTION_LOST",
    ],
  ])("with %s gets no token, and the answer says why", async (_what, given, code, status, said) => {
    const { answered, connection } = await callWith({ grant: "clientCredentials", ...byTls }, given());
    expect(answered.body).toMatchObject({ code, detail: expect.stringContaining(said) });
    expect(connection).toMatchObject({ status });
  });

  function other() {
    const { cert, key } = makeCertificate({ name: "somebody", issuer: authority });
    return { certificate: cert, key };
  }
});
