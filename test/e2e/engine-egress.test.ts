import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import {
  type ConnectorError,
  createTestEngine,
  type PassThroughSink,
  processClock,
  type TestEngine,
} from "@junctor/core";
import { createEgress, type Egress } from "@junctor/egress";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The engine over real sockets: what a canned upstream cannot show. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let upstream: Server;
let other: Server;
let egress: Egress;
let engine: TestEngine;
let port = 0;
let otherPort = 0;
const seen: Seen[] = [];

const ROUTES: Readonly<Record<string, (request: Seen, response: ServerResponse) => void>> = {
  "/echo": (request, response) => json(response, { method: request.method, body: request.body }),
  "/gzip": (_request, response) =>
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
      .end(gzipSync('{"a":1}')),
  "/large": (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify("x".repeat(200_000)));
  },
  "/slow": (_request, response) => void setTimeout(() => json(response, {}), 5_000).unref(),
  "/cut": (_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write("{");
    setTimeout(() => response.destroy(), 20);
  },
  "/here": (_request, response) => response.writeHead(302, { location: "/echo" }).end(),
  "/away": (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${otherPort}/echo` }).end(),
  "/metadata": (_request, response) => response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
  "/busy": (() => {
    let calls = 0;
    return (_request: Seen, response: ServerResponse) => {
      calls += 1;
      if (calls === 1) response.writeHead(503, { "retry-after": "0" }).end();
      else json(response, { calls });
    };
  })(),
};

const json = (response: ServerResponse, body: unknown): void =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "", url = "", headers } = request;
  const record = { method, url, headers, body: Buffer.concat(chunks).toString() };
  seen.push(record);
  const route = ROUTES[url.split("?", 1)[0] ?? ""];
  if (route === undefined) response.writeHead(404).end();
  else route(record, response);
}

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  upstream = createServer((request, response) => void serve(request, response));
  other = createServer((request, response) => void serve(request, response));
  port = await listen(upstream);
  otherPort = await listen(other);
  egress = createEgress({ allow: [`127.0.0.1:${port}`, `127.0.0.1:${otherPort}`] });
  const get = (path: string, more: object = {}) => ({ request: { path }, retry: { attempts: 1 }, ...more });
  engine = createTestEngine({
    http: egress,
    clock: processClock,
    limits: { responseBytes: 100_000 },
    connection: { secretParameters: { token: "sesame-open" } },
    definition: {
      baseUrl: `http://127.0.0.1:${port}`,
      connection: {
        parameters: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
        auth: [{ type: "bearer", token: "{{ connection.token }}" }],
      },
      actions: {
        gzip: get("/gzip"),
        large: get("/large"),
        slow: get("/slow", { timeout: "PT0.2S" }),
        cut: get("/cut"),
        here: get("/here"),
        away: get("/away"),
        metadata: get("/metadata"),
        busy: { request: { path: "/busy" } },
        pass: get("/echo"),
        missing: get("/missing"),
        private: { request: { url: "http://10.0.0.1/", auth: false }, retry: { attempts: 1 } },
        closed: { request: { url: "http://127.0.0.1:9/", auth: false }, retry: { attempts: 1 } },
        upload: {
          input: { type: "object", properties: { file: { type: "string", format: "binary" } } },
          request: {
            method: "POST",
            path: "/echo",
            contentType: "multipart/form-data",
            body: { title: "T", file: "{{ input.file }}" },
          },
        },
      },
    },
  });
});

afterAll(async () => {
  await egress.close();
  upstream.close();
  other.close();
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (error: ConnectorError) => error.code,
  );

describe("answers", () => {
  it("unpacks what is compressed", async () => {
    expect((await engine.call("gzip")).output).toMatchObject({ kind: "json", value: { a: 1 } });
  });

  it("sends a file in a multipart body", async () => {
    const file = { base64: Buffer.from("content").toString("base64"), name: "a.txt" };
    const { output } = await engine.call("upload", { file });
    expect(output).toMatchObject({ kind: "json", value: { method: "POST", body: expect.stringContaining("content") } });
  });

  it("tries again after a 503", async () => {
    const { output, meta } = await engine.call("busy");
    expect(output).toMatchObject({ kind: "json", value: { calls: 2 } });
    expect(meta.attempts).toBe(2);
  });
});

describe("failures", () => {
  it.each([
    ["large", "UPSTREAM_TOO_LARGE"],
    ["slow", "UPSTREAM_TIMEOUT"],
    ["cut", "UPSTREAM_UNREACHABLE"],
    ["missing", "UPSTREAM_STATUS"],
    ["private", "EGRESS_REFUSED"],
    ["closed", "EGRESS_REFUSED"],
    ["metadata", "UPSTREAM_REDIRECT_REFUSED"],
  ])("%s ends in %s", async (action, code) => {
    expect(await codeOf(engine.call(action))).toBe(code);
  });

  it("a caller that goes away ends the call", async () => {
    const controller = new AbortController();
    const call = codeOf(engine.call("slow", {}, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect(await call).toBe("CALL_CANCELLED");
  });
});

describe("redirects", () => {
  it("carries the credential within the origin", async () => {
    seen.length = 0;
    await engine.call("here");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer sesame-open", "Bearer sesame-open"]);
  });

  it("drops it elsewhere", async () => {
    seen.length = 0;
    await engine.call("away");
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer sesame-open", undefined]);
  });
});

describe("pass-through", () => {
  const execute = async (action: string) => {
    const parts: Buffer[] = [];
    let status = 0;
    const sink: PassThroughSink = {
      head: (given) => {
        status = given;
      },
      data: (chunk) => {
        parts.push(chunk);
        return true;
      },
      end: () => undefined,
      fail: () => undefined,
    };
    const code = await codeOf(engine.engine.execute(engine.callOf(action), sink));
    return { code, status, body: Buffer.concat(parts).toString() };
  };

  it("hands the upstream's bytes on", async () => {
    expect(await execute("pass")).toEqual({ code: "no error", status: 200, body: '{"method":"GET","body":""}' });
  });

  it.each([
    ["missing", "UPSTREAM_STATUS", 0],
    ["cut", "UPSTREAM_UNREACHABLE", 200],
    ["private", "EGRESS_REFUSED", 0],
    ["slow", "UPSTREAM_TIMEOUT", 0],
  ])("%s ends in %s", async (action, code, status) => {
    expect(await execute(action)).toMatchObject({ code, status });
  });
});
