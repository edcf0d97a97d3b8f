import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Certificate, makeCertificate } from "@junctor/egress/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkTlsIdentity } from "../src/check-tls-identity.ts";
import {
  createEgress,
  type Egress,
  EgressError,
  type EgressOptions,
  type EgressRequest,
  type TlsIdentity,
} from "../src/index.ts";
import { type LoopbackServer, serveHttp, serveHttps, serveTcp } from "./loopback-servers.ts";

let authority: Certificate;
let otherAuthority: Certificate;
let client: Certificate;

beforeAll(() => {
  authority = makeCertificate({ name: "Test Authority", authority: true });
  otherAuthority = makeCertificate({ name: "Other Authority", authority: true });
  client = makeCertificate({ name: "client", issuer: authority });
});

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Serves as `api.test`, which resolves to 127.0.0.1 here, so that the certificate is checked against a name. */
async function start(
  server: LoopbackServer,
  options: EgressOptions = {},
): Promise<{ readonly egress: Egress; readonly url: string }> {
  const lookup = () => Promise.resolve([{ address: "127.0.0.1", family: 4 } as const]);
  const egress = createEgress({ allow: [`api.test:${server.port}`, `other.test:${server.port}`], lookup, ...options });
  cleanups.push(
    () => server.close(),
    () => egress.close(),
  );
  return { egress, url: `https://api.test:${server.port}/` };
}

function serve(certificate: Certificate, requireClient = false): Promise<LoopbackServer> {
  const options = {
    cert: certificate.cert,
    key: certificate.key,
    ca: authority.cert,
    requestCert: requireClient,
    rejectUnauthorized: requireClient,
  };
  return serveHttps(options, (request, response) => {
    const socket = request.socket as TLSSocket;
    response.end(
      JSON.stringify({ servername: socket.servername, client: socket.getPeerCertificate()?.subject?.CN ?? null }),
    );
  });
}

async function outcome(egress: Egress, request: Partial<EgressRequest> & { readonly url: string }): Promise<unknown> {
  try {
    const response = await egress.request({ method: "GET", ...request });
    return JSON.parse(await response.body.text());
  } catch (error) {
    if (error instanceof EgressError) return { code: error.code, sent: error.sent };
    throw error;
  }
}

/** Relays a handshake of TLS 1.2 until the client has shown its certificate, and answers that with an alert. */
function serveAlert(port: number, alert: number): Promise<LoopbackServer> {
  return serveTcp((socket) => {
    const behind = connect(port, "127.0.0.1");
    let flights = 0;
    socket.on("close", () => behind.destroy());
    behind.on("error", () => undefined).on("data", (data) => socket.write(data));
    socket.on("data", (data) => {
      flights += 1;
      if (flights === 1) behind.write(data);
      else socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, alert]));
    });
  });
}

const encrypted = (): string =>
  client.privateKey
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
    .toString();

function expired(): { readonly cert: string; readonly key: string } {
  const notAfter = new Date(Date.now() - 3_600_000);
  const { cert, key } = makeCertificate({ name: "client", issuer: authority, notAfter });
  return { cert, key };
}

const good = (): Certificate => makeCertificate({ name: "api", issuer: authority, hosts: ["api.test"] });

describe("a certificate is verified against the host name", () => {
  test.each<[what: string, certificate: () => Certificate, expected: object]>([
    ["signed by a trusted authority for this host", good, { servername: "api.test", client: null }],
    [
      "for another host",
      () => makeCertificate({ name: "x", issuer: authority, hosts: ["other.test"] }),
      { code: "EGRESS_TLS_FAILED", sent: false },
    ],
    [
      "signed by an unknown authority",
      () => makeCertificate({ name: "x", issuer: otherAuthority, hosts: ["api.test"] }),
      { code: "EGRESS_TLS_FAILED", sent: false },
    ],
    [
      "signed by itself",
      () => makeCertificate({ name: "api.test", hosts: ["api.test"] }),
      { code: "EGRESS_TLS_FAILED", sent: false },
    ],
    [
      "that has expired",
      () =>
        makeCertificate({
          name: "x",
          issuer: authority,
          hosts: ["api.test"],
          notAfter: new Date(Date.now() - 3_600_000),
        }),
      { code: "EGRESS_TLS_FAILED", sent: false },
    ],
  ])("%s", async (_what, certificate, expected) => {
    const { egress, url } = await start(await serve(certificate()));
    expect(await outcome(egress, { url, tls: { ca: authority.cert } })).toEqual(expected);
  });

  test("also when the environment says otherwise", async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      const { egress, url } = await start(await serve(good()));
      expect(await outcome(egress, { url })).toEqual({ code: "EGRESS_TLS_FAILED", sent: false });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });

  test("with authorities that the operator added", async () => {
    const { egress, url } = await start(await serve(good()), { trustedAuthorities: [authority.cert] });
    expect(await outcome(egress, { url })).toEqual({ servername: "api.test", client: null });
  });

  test("again for another host on the same address", async () => {
    const { egress, url } = await start(await serve(good()));
    const tls = { ca: authority.cert };
    expect(await outcome(egress, { url, tls })).toMatchObject({ servername: "api.test" });
    expect(await outcome(egress, { url: url.replace("api.test", "other.test"), tls })).toMatchObject({
      code: "EGRESS_TLS_FAILED",
    });
  });

  test("of a server that speaks plain HTTP fails as TLS", async () => {
    const { egress, url } = await start(await serveHttp((_request, response) => response.end()));
    expect(await outcome(egress, { url })).toMatchObject({ code: "EGRESS_TLS_FAILED", sent: false });
  });
});

describe("mutual TLS", () => {
  test("shows the client certificate of the identity", async () => {
    const { egress, url } = await start(await serve(good(), true));
    const tls = { ca: authority.cert, cert: client.cert, key: client.key };
    expect(await outcome(egress, { url, tls })).toEqual({ servername: "api.test", client: "client" });
  });

  test("without a certificate fails, and the hint names it", async () => {
    const { egress, url } = await start(await serve(good(), true));
    const error: unknown = await egress
      .request({ method: "GET", url, tls: { ca: authority.cert } })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EgressError);
    expect(error).toMatchObject({ hint: expect.stringContaining("client certificate") });
  });

  test("never lends the connection of one identity to another", async () => {
    const { egress, url } = await start(await serve(good(), true));
    const second = makeCertificate({ name: "second", issuer: authority });
    const identity = ({ cert, key }: Certificate) => ({ ca: authority.cert, cert, key });
    const names: unknown[] = [];
    for (const certificate of [client, second, client, second]) {
      names.push(await outcome(egress, { url, tls: identity(certificate) }));
    }
    expect(names.map((answer) => (answer as { client: string }).client)).toEqual([
      "client",
      "second",
      "client",
      "second",
    ]);
    expect(egress.stats().pools).toBe(2);
  });

  test.each<[what: string, identity: () => object, reason: string]>([
    ["a key that doesn't fit", () => ({ key: authority.key }), "the key belongs to another certificate"],
    ["no key", () => ({ key: undefined }), "it has no private key"],
    ["a key alone", () => ({ cert: undefined }), "there is a key, but no certificate"],
    ["text for a certificate", () => ({ cert: "MIIB…" }), "it is not a certificate in PEM"],
    ["text for a key", () => ({ key: "MIIE…" }), "its key is not a private key in PEM"],
    ["text for an authority", () => ({ ca: "MIIB…" }), "the authority is not a certificate in PEM"],
    ["an encrypted key and no passphrase", () => ({ key: encrypted() }), "there is no passphrase"],
    ["another passphrase", () => ({ key: encrypted(), passphrase: "guess" }), "the passphrase does not open its key"],
    ["a certificate that has expired", expired, "it expired on 20"],
  ])("with %s fails before a connection opens", async (_what, identity, reason) => {
    const server = await serve(good(), true);
    const { egress, url } = await start(server);
    const tls = { ca: authority.cert, cert: client.cert, key: client.key, ...identity() };
    const request = egress.request({ method: "GET", url, tls: tls as TlsIdentity });
    await expect(request).rejects.toMatchObject({
      code: "EGRESS_IDENTITY_INVALID",
      message: expect.stringContaining(reason),
      hint: expect.stringMatching(/\w{4}/),
      sent: false,
    });
    expect(server.connections()).toBe(0);
  });

  test("with an encrypted key and its passphrase shows the certificate", async () => {
    const { egress, url } = await start(await serve(good(), true));
    const tls = { ca: authority.cert, cert: client.cert, key: encrypted(), passphrase: "open sesame" };
    expect(await outcome(egress, { url, tls })).toEqual({ servername: "api.test", client: "client" });
  });

  test("that ends while connections are kept opens no further ones", async () => {
    const { egress, url } = await start(await serve(good(), true));
    const ending = makeCertificate({ name: "ending", issuer: authority, notAfter: new Date(Date.now() + 2_000) });
    const tls = { ca: authority.cert, cert: ending.cert, key: ending.key };
    expect(await outcome(egress, { url, tls })).toMatchObject({ client: "ending" });
    expect(() => checkTlsIdentity(tls, Date.now() + 3_000)).toThrow("it expired on");
  });

  test.each([
    ["certificate_expired", 45, "it has expired"],
    ["unknown_ca", 48, "doesn't know the authority"],
    ["certificate_revoked", 44, "it was revoked"],
    ["bad_certificate", 42, "it can't be verified"],
    ["access_denied", 49, "no access"],
    ["handshake_failure", 40, "may want a client certificate"],
    ["internal_error", 80, "whether it expects a client certificate"],
  ])("refused with the alert %s says what to do", async (_alert, number, hint) => {
    const { cert, key } = good();
    const options = { cert, key, maxVersion: "TLSv1.2", requestCert: true, rejectUnauthorized: false } as const;
    const behind = await serveHttps(options, () => undefined);
    cleanups.push(() => behind.close());
    const { egress, url } = await start(await serveAlert(behind.port, number));
    const tls = { ca: authority.cert, cert: client.cert, key: client.key };
    await expect(egress.request({ method: "GET", url, tls })).rejects.toMatchObject({
      code: "EGRESS_TLS_FAILED",
      hint: expect.stringContaining(hint),
      sent: false,
    });
  });

  test("doesn't show the client certificate to where a redirect leads", async () => {
    const target = await serve(good());
    cleanups.push(() => target.close());
    const options = { cert: good().cert, key: "" };
    const certificate = good();
    const front = await serveHttps({ ...options, cert: certificate.cert, key: certificate.key }, (_request, response) =>
      response.writeHead(302, { location: `https://api.test:${target.port}/` }).end(),
    );
    const { egress, url } = await start(front, {
      allow: [`api.test:${front.port}`, `api.test:${target.port}`],
      trustedAuthorities: [authority.cert],
    });
    const tls = { ca: authority.cert, cert: client.cert, key: client.key };
    expect(await outcome(egress, { url, tls, redirect: { mode: "follow" } })).toEqual({
      servername: "api.test",
      client: null,
    });
  });
});
