import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type ConnectorError, createTestEngine, type PassThroughSink, processClock } from "@junctor/core";
import { createEgress, type Egress } from "@junctor/egress";
import { makeCertificate } from "@junctor/egress/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/**
 * Where a client certificate is shown. Two real TLS servers ask every caller for one and note who came, by which name:
 * `api.test` is the connector's own, `files.test` is declared, `cdn.test` is not. Nothing but the connection's private
 * authority vouches for the first two.
 */
const authority = makeCertificate({ name: "Private Authority", authority: true });
const publicAuthority = makeCertificate({ name: "Public Authority", authority: true });
const client = makeCertificate({ name: "client", issuer: authority });
const seen: string[] = [];
let own: Server;
let other: Server;
let foreign: Server;
let egress: Egress;

beforeAll(async () => {
  const inside = makeCertificate({ name: "inside", issuer: authority, hosts: ["api.test", "files.test"] });
  const outside = makeCertificate({ name: "outside", issuer: publicAuthority, hosts: ["cdn.test"] });
  [own, other, foreign] = await Promise.all([serve(inside), serve(inside), serve(outside)]);
  egress = createEgress({
    allow: [`api.test:${portOf(own)}`, `files.test:${portOf(other)}`, `cdn.test:${portOf(foreign)}`],
    trustedAuthorities: [publicAuthority.cert],
    lookup: async () => [{ address: "127.0.0.1", family: 4 }],
  });
});
afterAll(async () => {
  await egress.close();
  for (const server of [own, other, foreign]) server.close();
});
beforeEach(() => {
  seen.length = 0;
});

/** Asks for a client certificate, takes any, and notes it. `/to?a,b` redirects to a, with the rest for the next hop. */
async function serve(certificate: { readonly cert: string; readonly key: string }): Promise<Server> {
  const { cert, key } = certificate;
  const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    seen.push(`${request.headers.host?.split(":")[0]} sees ${subject?.CN ?? "nobody"}`);
    const [next, ...rest] = decodeURIComponent(new URL(request.url ?? "/", "https://x").search.slice(1)).split(",");
    if (next === undefined || next === "") return void response.setHeader("content-type", "application/json").end("{}");
    response.writeHead(302, { location: addressOf(next, rest) }).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const serverOf = (host: string): Server => (host === "api.test" ? own : host === "files.test" ? other : foreign);
const addressOf = (host: string, then: readonly string[] = []): string =>
  `https://${host}:${portOf(serverOf(host))}/${then.length === 0 ? "" : `?${encodeURIComponent(then.join(","))}`}`;

function engineOf(request: object, more: object = {}, secretHosts: readonly string[] = ["*"]) {
  const fromConnection = { certificate: "{{ connection.certificate }}", key: "{{ connection.key }}" };
  return createTestEngine({
    http: egress,
    clock: processClock,
    connection: { secretParameters: { certificate: client.cert, key: client.key } },
    secrets: {
      certificate: { value: client.cert, hosts: secretHosts },
      key: { value: client.key, hosts: secretHosts },
    },
    definition: {
      baseUrl: addressOf("api.test").slice(0, -1),
      hosts: ["files.test"],
      connection: {
        parameters: {
          type: "object",
          properties: {
            certificate: { type: "string", writeOnly: true },
            key: { type: "string", writeOnly: true },
          },
        },
        auth: [{ type: "none" }],
        tls: { ...fromConnection, ca: authority.cert, ...more },
      },
      actions: { act: { request, retry: { attempts: 1 } } },
    } as never,
  });
}

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "answered",
    (error: ConnectorError) => error.code,
  );

/** Redirects that the first answer begins, as the path of the request. */
const to = (...hosts: readonly string[]) => ({ path: `/?${encodeURIComponent(hosts.join(","))}` });

describe("a client certificate is shown where a credential may go", () => {
  it.each<[what: string, request: () => object, seen: readonly string[], outcome?: string]>([
    ["to the host of the base URL", () => ({ path: "/" }), ["api.test sees client"]],
    ["to a declared host", () => ({ url: addressOf("files.test") }), ["files.test sees client"]],
    ["not to another host, which the call is told", () => ({ url: addressOf("cdn.test") }), [], "SECRET_HOST_REFUSED"],
    [
      "not to another host of a call without credential, which the system's authorities vouch for",
      () => ({ url: addressOf("cdn.test"), auth: false }),
      ["cdn.test sees nobody"],
    ],
    [
      "not by a call without credential, which still knows the private authority",
      () => ({ path: "/", auth: false }),
      ["api.test sees nobody"],
    ],
    [
      "along a redirect within the connector's hosts",
      () => to("api.test", "files.test"),
      ["api.test sees client", "api.test sees client", "files.test sees client"],
    ],
    ["not along a redirect to another host", () => to("cdn.test"), ["api.test sees client", "cdn.test sees nobody"]],
    [
      "not when that host redirects to itself",
      () => to("cdn.test", "cdn.test"),
      ["api.test sees client", "cdn.test sees nobody", "cdn.test sees nobody"],
    ],
    [
      "not along the redirects of a call without credential",
      () => ({ ...to("files.test", "cdn.test"), auth: false }),
      ["api.test sees nobody", "files.test sees nobody", "cdn.test sees nobody"],
    ],
  ])("%s", async (_what, request, expected, outcome = "answered") => {
    expect(await outcomeOf(engineOf(request()).call("act"))).toBe(outcome);
    expect(seen).toEqual(expected);
  });

  it.each<[what: string, request: object, seen: readonly string[]]>([
    ["with its certificate", { path: "/" }, ["api.test sees client"]],
    ["without, where it sends no credential", { path: "/", auth: false }, ["api.test sees nobody"]],
  ])("an answer that is passed through is asked for %s", async (_what, request, expected) => {
    const { engine, callOf } = engineOf(request);
    const sink: PassThroughSink = {
      head: () => undefined,
      data: () => true,
      end: () => undefined,
      fail: () => undefined,
    };
    expect(await outcomeOf(engine.execute(callOf("act"), sink))).toBe("answered");
    expect(seen).toEqual(expected);
  });
});

describe("a certificate that is a secret of the workspace", () => {
  const tls = { certificate: "{{ secret('certificate') }}", key: "{{ secret('key') }}" };

  it("is shown to the hosts of the secret", async () => {
    expect(await outcomeOf(engineOf({ path: "/" }, tls, ["api.test"]).call("act"))).toBe("answered");
    expect(seen).toEqual(["api.test sees client"]);
  });

  it("is not shown to a host that it is not bound to, although the connector names it", async () => {
    const { call } = engineOf({ url: addressOf("files.test") }, tls, ["api.test"]);
    expect(await outcomeOf(call("act"))).toBe("SECRET_HOST_REFUSED");
    const redirected = engineOf(to("files.test"), tls, ["api.test"]);
    expect(await outcomeOf(redirected.call("act"))).toBe("SECRET_HOST_REFUSED");
    expect(seen).toEqual(["api.test sees client"]);
  });
});
