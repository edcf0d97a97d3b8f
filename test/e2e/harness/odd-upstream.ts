import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An upstream that misbehaves on request. */
export interface OddUpstream {
  readonly port: number;
  readonly url: string;
  /** Requests whose connection the caller gave up before the answer. */
  readonly abandoned: () => number;
  /** Requests that wait for an answer now. */
  readonly waiting: () => number;
  close(): Promise<void>;
}

/**
 * Starts it on a free loopback port.
 *
 *   /echo          the request, headers and body included, as JSON
 *   /status/N      status N with a small JSON body
 *   /wait/MS       answers after MS milliseconds
 *   /broken-json   JSON that breaks off, labelled as JSON
 *   /reset         closes the connection without an answer
 *   /redirect?to=  307 to there
 *   /big/N         N bytes
 */
export async function startOddUpstream(): Promise<OddUpstream> {
  let abandoned = 0;
  let waiting = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://odd");
    const [, what = "", detail = ""] = url.pathname.split("/");
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    switch (what) {
      case "echo":
        return void readText(request).then((body) => json(200, { url: request.url, headers: request.headers, body }));
      case "status":
        return void json(Number(detail), {
          error: { reason: `status ${detail}` },
          seen: request.headers.authorization,
        });
      case "wait":
        waiting += 1;
        return waitThen(Number(detail), response, (gone) => {
          waiting -= 1;
          if (gone) abandoned += 1;
          else json(200, { waited: Number(detail) });
        });
      case "broken-json":
        return void response.writeHead(200, { "content-type": "application/json" }).end('{"a": [1, 2');
      case "reset":
        return void request.socket.destroy();
      case "redirect":
        return void response.writeHead(307, { location: url.searchParams.get("to") ?? "/" }).end();
      case "big":
        return void response.writeHead(200, { "content-type": "text/plain" }).end("x".repeat(Number(detail)));
      default:
        return void json(404, { error: "no such path" });
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    abandoned: () => abandoned,
    waiting: () => waiting,
    async close() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
    },
  };
}

function waitThen(ms: number, response: ServerResponse, done: (gone: boolean) => void): void {
  let over = false;
  const finish = (gone: boolean) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    done(gone);
  };
  const timer = setTimeout(() => finish(false), ms);
  response.once("close", () => finish(true));
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
