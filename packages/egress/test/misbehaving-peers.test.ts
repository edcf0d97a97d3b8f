import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { createEgress, type Egress, EgressError, type EgressOptions, type EgressRequest } from "../src/index.ts";
import { type LoopbackServer, serveHttp, serveTcp } from "./loopback-servers.ts";

/** Short times, so that the tests are quick; undici's own timers are exact to about a second. */
const limits = {
  connectMs: 500,
  headersMs: 500,
  bodyMs: 500,
  totalMs: 8_000,
  maxResponseBytes: 100_000,
  maxHeaderBytes: 8_192,
};

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function egressFor(
  server: LoopbackServer,
  options: EgressOptions = {},
): { readonly egress: Egress; readonly url: string } {
  const egress = createEgress({ limits, ...options, allow: [`127.0.0.1:${server.port}`, ...(options.allow ?? [])] });
  cleanups.push(
    () => server.close(),
    () => egress.close(),
  );
  return { egress, url: `http://127.0.0.1:${server.port}/` };
}

async function failure(
  egress: Egress,
  request: Partial<EgressRequest> & { readonly url: string },
): Promise<EgressError> {
  const outcome: unknown = await egress
    .request({ method: "GET", ...request })
    .then((response) => response.body.bytes())
    .catch((error: unknown) => error);
  if (!(outcome instanceof EgressError)) throw new Error(`expected an EgressError, got ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Answers every request on a connection with the same bytes. */
const says = (text: string | Buffer, then?: (socket: Socket) => void) => (socket: Socket) => {
  socket.once("data", () => {
    socket.write(text);
    then?.(socket);
  });
};

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

function floodHeaders(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\n");
  const flood = setInterval(() => socket.write(`x-${randomBytes(4).toString("hex")}: ${"a".repeat(1_000)}\r\n`), 1);
  socket.on("close", () => clearInterval(flood));
}

function streamForever(socket: Socket): void {
  const piece = Buffer.alloc(16_384, "x");
  const write = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", write);
  write();
}

function informForever(socket: Socket): void {
  const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"), 5);
  socket.on("close", () => clearInterval(timer));
}

function dripForever(socket: Socket): void {
  const timer = setInterval(() => socket.write("x"), 50);
  socket.on("close", () => clearInterval(timer));
}

describe("a peer that misbehaves ends in an error that says how, and whether the request was sent", () => {
  test.each<[what: string, peer: (socket: Socket) => void, expected: object]>([
    ["accepts and never answers", () => undefined, { code: "EGRESS_TIMEOUT", phase: "headers", sent: true }],
    [
      "sends half a head and stops",
      says("HTTP/1.1 200 OK\r\nx: "),
      { code: "EGRESS_TIMEOUT", phase: "headers", sent: true },
    ],
    [
      "sends headers without end",
      (socket) => socket.once("data", () => floodHeaders(socket)),
      { code: "EGRESS_HEADERS_TOO_LARGE" },
    ],
    [
      "sends one huge header",
      says(`${HEAD}x-big: ${"a".repeat(10_000)}\r\n\r\n`),
      { code: "EGRESS_HEADERS_TOO_LARGE" },
    ],
    ["sends informational responses without end", says("", informForever), { code: "EGRESS_RESPONSE_INVALID" }],
    [
      "stops in the middle of the body",
      says(`${HEAD}content-length: 10\r\n\r\nabc`),
      { code: "EGRESS_TIMEOUT", phase: "body" },
    ],
    [
      "declares a body that is too large",
      says(`${HEAD}content-length: 100001\r\n\r\n`),
      { code: "EGRESS_BODY_TOO_LARGE" },
    ],
    [
      "declares a body beyond all numbers",
      says(`${HEAD}content-length: 99999999999999999999\r\n\r\n`),
      { code: "EGRESS_RESPONSE_INVALID" },
    ],
    ["sends a body without end", says(`${HEAD}\r\n`, streamForever), { code: "EGRESS_BODY_TOO_LARGE" }],
    [
      "sends chunks without end",
      says(`${HEAD}transfer-encoding: chunked\r\n\r\n${`1000\r\n${"x".repeat(4_096)}\r\n`.repeat(40)}`),
      { code: "EGRESS_BODY_TOO_LARGE" },
    ],
    [
      "resets in the middle of the body",
      says(`${HEAD}content-length: 10\r\n\r\nabc`, (socket) => setTimeout(() => socket.resetAndDestroy(), 20)),
      { code: "EGRESS_CONNECTION_LOST", sent: true },
    ],
    [
      "closes in the middle of the body",
      says(`${HEAD}content-length: 10\r\n\r\nabc`, (socket) => socket.end()),
      { code: "EGRESS_CONNECTION_LOST", sent: true },
    ],
    [
      "closes without an answer",
      (socket) => socket.once("data", () => socket.end()),
      { code: "EGRESS_CONNECTION_LOST", sent: true },
    ],
    [
      "resets without an answer",
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      { code: "EGRESS_CONNECTION_LOST", sent: true },
    ],
    ["doesn't speak HTTP", says("220 mail.example ESMTP\r\n"), { code: "EGRESS_RESPONSE_INVALID", sent: true }],
    [
      "sends two different lengths",
      says(`${HEAD}content-length: 3\r\ncontent-length: 4\r\n\r\nabc`),
      { code: "EGRESS_RESPONSE_INVALID" },
    ],
    [
      "sends length and chunks at once",
      says(`${HEAD}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
      { code: "EGRESS_RESPONSE_INVALID" },
    ],
    [
      "switches protocols unasked",
      says("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
      { code: "EGRESS_RESPONSE_INVALID" },
    ],
    ["sends a gzip bomb", says(packed(gzipSync(Buffer.alloc(50_000_000)))), { code: "EGRESS_DECOMPRESSION_BOMB" }],
    [
      "sends a bomb in a bomb",
      says(packed(gzipSync(gzipSync(Buffer.alloc(100_000_000))), "gzip, gzip")),
      { code: "EGRESS_DECOMPRESSION_BOMB" },
    ],
    ["sends text and calls it gzip", says(packed(Buffer.from("plain"))), { code: "EGRESS_DECOMPRESSION_FAILED" }],
  ])("%s", async (_what, peer, expected) => {
    const { egress, url } = egressFor(await serveTcp(peer));
    expect(await failure(egress, { url })).toMatchObject(expected);
    await expect.poll(() => egress.stats()).toMatchObject({ running: 0, queued: 0 });
  });

  function packed(body: Buffer, encoding = "gzip"): Buffer {
    return Buffer.concat([
      Buffer.from(`${HEAD}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`),
      body,
    ]);
  }
});

describe("time", () => {
  test("a body that drips is ended by the whole time, whatever its pace", async () => {
    const { egress, url } = egressFor(await serveTcp(says(`${HEAD}\r\n`, dripForever)));
    expect(await failure(egress, { url, timeoutMs: 300 })).toMatchObject({
      code: "EGRESS_TIMEOUT",
      phase: "total",
      sent: true,
    });
  });

  test("a deadline that has passed sends nothing", async () => {
    const server = await serveHttp((_request, response) => response.end());
    const { egress, url } = egressFor(server);
    expect(await failure(egress, { url, deadline: Date.now() - 1 })).toMatchObject({
      code: "EGRESS_TIMEOUT",
      sent: false,
    });
    expect(server.connections()).toBe(0);
  });

  test("a resolver that never answers is a connect timeout", async () => {
    const { egress } = egressFor(await serveTcp(() => undefined), { lookup: () => new Promise(() => undefined) });
    expect(await failure(egress, { url: "https://slow.example/" })).toMatchObject({
      code: "EGRESS_TIMEOUT",
      phase: "connect",
      sent: false,
    });
  });

  test("a TLS handshake that is never answered is a connect timeout", async () => {
    const server = await serveTcp(() => undefined);
    const { egress } = egressFor(server);
    const error = await failure(egress, { url: `https://127.0.0.1:${server.port}/` });
    expect(error).toMatchObject({ code: "EGRESS_TIMEOUT", phase: "connect", sent: false });
  });

  test("a port where nobody listens is refused at once", async () => {
    const server = await serveTcp(() => undefined);
    const { egress, url } = egressFor(server);
    await server.close();
    expect(await failure(egress, { url })).toMatchObject({ code: "EGRESS_CONNECT_REFUSED", sent: false });
  });
});

describe("abort", () => {
  test("before the request sends nothing", async () => {
    const server = await serveHttp((_request, response) => response.end());
    const { egress, url } = egressFor(server);
    expect(await failure(egress, { url, signal: AbortSignal.abort() })).toMatchObject({
      code: "EGRESS_ABORTED",
      sent: false,
    });
    expect(server.connections()).toBe(0);
  });

  test("while it waits for a connection counts as not sent", async () => {
    const { egress } = egressFor(await serveTcp(() => undefined), { lookup: () => new Promise(() => undefined) });
    const error = await failure(egress, { url: "https://slow.example/", signal: AbortSignal.timeout(30) });
    expect(error).toMatchObject({ code: "EGRESS_ABORTED", sent: false });
  });

  test("while it waits for the head", async () => {
    const { egress, url } = egressFor(await serveTcp(() => undefined));
    expect(await failure(egress, { url, signal: AbortSignal.timeout(50) })).toMatchObject({
      code: "EGRESS_ABORTED",
      sent: true,
    });
  });

  test("while the body is being read", async () => {
    const { egress, url } = egressFor(await serveTcp(says(`${HEAD}\r\n`, dripForever)));
    expect(await failure(egress, { url, signal: AbortSignal.timeout(150) })).toMatchObject({
      code: "EGRESS_ABORTED",
      sent: true,
    });
  });

  test("a reader that leaves early closes the connection", async () => {
    const { egress, url } = egressFor(await serveTcp(says(`${HEAD}\r\n`, streamForever)), {
      limits: { ...limits, maxResponseBytes: 10_000_000 },
    });
    const response = await egress.request({ method: "GET", url });
    for await (const piece of response.body.stream()) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => egress.stats().connections).toBe(0);
  });
});

describe("backpressure", () => {
  test("a reader that is slow pauses the socket instead of filling the memory", async () => {
    let sent = 0;
    const peer = says(`${HEAD}content-length: 50000000\r\n\r\n`, (socket) => {
      const piece = Buffer.alloc(65_536, "x");
      const write = (): void => {
        while (sent < 50_000_000) {
          sent += piece.length;
          if (!socket.write(piece)) return;
        }
      };
      socket.on("drain", write);
      write();
    });
    const { egress, url } = egressFor(await serveTcp(peer), { limits: { ...limits, maxResponseBytes: 60_000_000 } });
    const response = await egress.request({ method: "GET", url });
    await new Promise((resolve) => setTimeout(resolve, 200));
    // The kernel's buffers take some megabytes; without a pause all fifty arrive.
    expect(sent).toBeLessThan(25_000_000);
    response.body.discard();
  });
});

describe("a request that can't be sent is refused before anything leaves", () => {
  test.each<[what: string, request: Omit<Partial<EgressRequest>, "url">]>([
    ["a line break in a header", { headers: { "x-a": "1\r\nhost: evil.example" } }],
    ["a host header", { headers: { Host: "evil.example" } }],
    ["a transfer encoding", { headers: ["Transfer-Encoding", "chunked"] }],
    ["a method with a space", { method: "GET /x HTTP/1.1\r\nx:" }],
    ["CONNECT", { method: "CONNECT" }],
    ["TRACE", { method: "TRACE" }],
    ["a length that lies", { method: "POST", headers: { "content-length": "3" }, body: "abcdef" }],
  ])("%s", async (_what, request) => {
    let requests = 0;
    const server = await serveHttp((_request, response) => {
      requests++;
      response.end();
    });
    const { egress, url } = egressFor(server);
    expect(await failure(egress, { url, ...request })).toMatchObject({ code: "EGRESS_REQUEST_INVALID", sent: false });
    expect(requests).toBe(0);
  });
});
