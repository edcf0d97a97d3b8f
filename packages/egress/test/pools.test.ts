import { afterEach, describe, expect, test } from "vitest";
import {
  createEgress,
  type DispatchCall,
  type DispatchRequest,
  type DispatchSink,
  type Egress,
  EgressError,
  type EgressOptions,
  type RequestBody,
  resolvePolicy,
} from "../src/index.ts";
import { type LoopbackServer, serveHttp } from "./loopback-servers.ts";

const cleanups: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Listener = Parameters<typeof serveHttp>[0];

async function start(
  listener: Listener,
  options: EgressOptions = {},
): Promise<{ readonly server: LoopbackServer; readonly egress: Egress; readonly url: string }> {
  const server = await serveHttp(listener);
  const egress = createEgress({ allow: [`127.0.0.1:${server.port}`], ...options });
  cleanups.push(
    () => server.close(),
    () => egress.close(),
  );
  return { server, egress, url: `http://127.0.0.1:${server.port}/` };
}

const echo: Listener = (request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces).toString();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
};

describe("one pool", () => {
  test("answers 200 requests at once over no more connections than it may open", async () => {
    const { egress, server, url } = await start((_request, response) => void setTimeout(() => response.end("ok"), 20), {
      pools: { connectionsPerOrigin: 16 },
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const response = await egress.request({ method: "GET", url: `${url}${i}` });
        return response.status === 200 ? await response.body.text() : "";
      }),
    );
    expect(answers.filter((answer) => answer === "ok")).toHaveLength(200);
    expect(server.connections()).toBeLessThanOrEqual(16);
    expect(egress.stats()).toMatchObject({ pools: 1, running: 0, queued: 0, requests: 200, failed: 0 });
  });

  test("refuses what would wait behind too many others", async () => {
    const { egress, url } = await start((_request, response) => void setTimeout(() => response.end("ok"), 100), {
      pools: { connectionsPerOrigin: 2, maxQueuedPerOrigin: 3 },
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => egress.request({ method: "GET", url }).then((response) => response.body.text())),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected").map((outcome) => outcome.reason.code);
    expect(refused).toEqual(Array(5).fill("EGRESS_OVERLOADED"));
  });

  test("is not shared between policies, nor between TLS identities", async () => {
    const { egress, url, server } = await start((_request, response) => response.end());
    const policy = resolvePolicy({ allow: [`127.0.0.1:${server.port}`, "10.0.0.0/8"] });
    for (const extra of [{}, { policy }, { tls: { ca: "pem" } }, { tls: { ca: "pem" } }, { policy }]) {
      (await egress.request({ method: "GET", url, ...extra })).body.discard();
    }
    expect(egress.stats().pools).toBe(3);
  });

  test("is closed when it is idle, and opened again when it is needed", async () => {
    const { egress, url, server } = await start((_request, response) => response.end("ok"), { pools: { idleMs: 100 } });
    await (await egress.request({ method: "GET", url })).body.text();
    await expect.poll(() => egress.stats().pools, { timeout: 5_000 }).toBe(0);
    await (await egress.request({ method: "GET", url })).body.text();
    expect(server.connections()).toBe(2);
  });

  test("makes room for another origin if it is idle; a busy one doesn't", async () => {
    const first = await serveHttp(
      (request, response) => void (request.url === "/wait" ? setTimeout(() => response.end(), 300) : response.end()),
    );
    const second = await serveHttp((_request, response) => response.end());
    const egress = createEgress({
      allow: [`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`],
      pools: { maxOrigins: 1 },
    });
    cleanups.push(
      () => first.close(),
      () => second.close(),
      () => egress.close(),
    );
    const call = async (port: number, path = "/"): Promise<Uint8Array> =>
      (await egress.request({ method: "GET", url: `http://127.0.0.1:${port}${path}` })).body.bytes();
    await call(first.port);
    await call(second.port);
    const busy = call(first.port, "/wait");
    await expect.poll(() => egress.stats().running).toBe(1);
    await expect(call(second.port)).rejects.toMatchObject({ code: "EGRESS_OVERLOADED", sent: false });
    await busy;
  });

  test("is closed for good by close(), after the running requests", async () => {
    const { egress, url } = await start((_request, response) => void setTimeout(() => response.end("late"), 100));
    const running = egress.request({ method: "GET", url }).then((response) => response.body.text());
    await expect.poll(() => egress.stats().running).toBe(1);
    await egress.close();
    expect(await running).toBe("late");
    await expect(egress.request({ method: "GET", url })).rejects.toMatchObject({ code: "EGRESS_CLOSED" });
  });

  test("cuts off what runs longer than the grace of close()", async () => {
    const { egress, url } = await start(() => undefined);
    const running = egress.request({ method: "GET", url }).catch((error: unknown) => error);
    await expect.poll(() => egress.stats().running).toBe(1);
    await egress.close({ graceMs: 50 });
    expect(await running).toMatchObject({ code: "EGRESS_CLOSED", sent: true });
  });
});

describe("a request", () => {
  async function* pieces(...parts: readonly string[]): AsyncGenerator<string> {
    for (const part of parts) yield part;
  }

  test.each<[what: string, body: () => RequestBody, expected: string, length: string | undefined]>([
    ["text", () => "héllo", "héllo", "6"],
    ["bytes", () => new TextEncoder().encode("abc"), "abc", "3"],
    ["an async iterable", () => pieces("a", "b", "c"), "abc", undefined],
    ["nothing", () => null, "", "0"],
  ])("sends %s", async (_what, body, expected, length) => {
    const { egress, url } = await start(echo);
    const response = await egress.request({ method: "POST", url, headers: { "x-tag": ["1", "2"] }, body: body() });
    const seen = JSON.parse(await response.body.text());
    expect(seen).toMatchObject({ method: "POST", url: "/", body: expected });
    expect(seen.headers["content-length"]).toBe(length);
    expect(seen.headers["x-tag"]).toBe("1, 2");
    expect(seen.headers["accept-encoding"]).toMatch(/^gzip, deflate, br/);
  });

  test("whose body fails while it is read says so", async () => {
    async function* broken(): AsyncGenerator<string> {
      yield "a";
      throw new Error("disk on fire");
    }
    const { egress, url } = await start(echo);
    const error: unknown = await egress
      .request({ method: "POST", url, body: broken() })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EgressError);
    expect(error).toMatchObject({ code: "EGRESS_REQUEST_INVALID", cause: { message: "disk on fire" } });
  });

  test.each([
    ["text/plain; charset=iso-8859-1", Buffer.from("h\u00e9llo", "latin1"), "héllo"],
    ['text/plain; charset="UTF-8"', Buffer.from("héllo"), "héllo"],
    ["text/plain", Buffer.from("\ufeffhéllo"), "héllo"],
    ["text/plain; charset=klingon", Buffer.from("héllo"), "héllo"],
  ])("decodes %s", async (type, bytes, expected) => {
    const { egress, url } = await start((_request, response) => response.setHeader("content-type", type).end(bytes));
    expect(await (await egress.request({ method: "GET", url })).body.text()).toBe(expected);
  });

  test("answers repeated headers as an array and doesn't unpack unless it may", async () => {
    const { egress, url } = await start((_request, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]).setHeader("content-encoding", "gzip").end("not really");
    });
    const response = await egress.request({ method: "GET", url, decompress: false });
    expect(response.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(await response.body.text()).toBe("not really");
    await expect(response.body.text()).rejects.toMatchObject({ code: "EGRESS_REQUEST_INVALID" });
  });

  test.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("%s with status %i and an encoding has an empty body", async (method, status) => {
    const { egress, url } = await start((_request, response) =>
      response.writeHead(status, { "content-encoding": "gzip" }).end(),
    );
    const response = await egress.request({ method, url });
    expect(response.status).toBe(status);
    expect(await response.body.text()).toBe("");
  });

  test("a 304 may say how long the answer is that it stands for", async () => {
    const { egress, url } = await start((_request, response) =>
      response.writeHead(304, { "content-length": "99999999999", etag: '"1"' }).end(),
    );
    const response = await egress.request({ method: "GET", url });
    expect(response.headers["content-length"]).toBe("99999999999");
    expect(await response.body.text()).toBe("");
    expect(egress.stats()).toMatchObject({ failed: 0 });
  });
});

describe("dispatch", () => {
  interface Outcome {
    readonly status: number;
    readonly headers: readonly string[];
    readonly body: string;
  }

  function run(
    egress: Egress,
    url: string,
    request: Partial<DispatchRequest>,
    onCall?: (call: DispatchCall) => void,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let head: { readonly status: number; readonly headers: readonly string[] } = { status: 0, headers: [] };
      let body = "";
      const sink: DispatchSink = {
        onHead: (status, headers) => {
          head = { status, headers };
        },
        onData: (chunk) => {
          body += chunk.toString();
          return true;
        },
        onEnd: () => resolve({ ...head, body }),
        onError: reject,
      };
      const call = egress.dispatch(egress.target(url), { method: "GET", path: "/", headers: [], ...request }, sink);
      onCall?.(call);
    });
  }

  test("passes status, end-to-end headers and bytes on as they are", async () => {
    const { egress, url } = await start((_request, response) => {
      response.writeHead(418, { "X-Tea": "pot", "content-encoding": "gzip" }).end("raw");
    });
    const outcome = await run(egress, url, { path: "/pot?x=1", headers: ["accept", "a/b"] });
    expect(outcome).toMatchObject({ status: 418, body: "raw" });
    expect(outcome.headers).toEqual(expect.arrayContaining(["x-tea", "pot", "content-encoding", "gzip"]));
    expect(outcome.headers).not.toContain("connection");
  });

  test.each<[Partial<DispatchRequest>, string]>([
    [{ path: "http://evil.example/" }, "EGRESS_REQUEST_INVALID"],
    [{ path: "/a b" }, "EGRESS_REQUEST_INVALID"],
    [{ path: "/a\r\nhost: evil.example" }, "EGRESS_REQUEST_INVALID"],
    [{ headers: ["Host", "evil.example"] }, "EGRESS_REQUEST_INVALID"],
    [{ headers: ["x-a", "1\r\nx-b: 2"] }, "EGRESS_REQUEST_INVALID"],
    [{ headers: ["transfer-encoding", "chunked"] }, "EGRESS_REQUEST_INVALID"],
    [{ method: "CONNECT" }, "EGRESS_REQUEST_INVALID"],
    [{ maxResponseBytes: 2 }, "EGRESS_BODY_TOO_LARGE"],
    [{ path: "/wait", timeoutMs: 50 }, "EGRESS_TIMEOUT"],
  ])("%j: %s", async (request, code) => {
    const { egress, url } = await start(
      (incoming, response) => void (incoming.url === "/wait" || response.end("long")),
    );
    await expect(run(egress, url, request)).rejects.toMatchObject({ code });
    await expect.poll(() => egress.stats()).toMatchObject({ running: 0, queued: 0 });
  });

  test("is refused for an origin that the policy closes, once, at target()", async () => {
    const { egress } = await start(echo);
    expect(() => egress.target("https://10.0.0.1/")).toThrow("10.0.0.1 is refused");
  });

  test("can be aborted and paused", async () => {
    const { egress, url } = await start((_request, response) => void response.write("first"));
    await expect(run(egress, url, {}, (call) => setTimeout(() => call.abort(), 30))).rejects.toMatchObject({
      code: "EGRESS_ABORTED",
    });

    const { egress: second, url: address } = await start((_request, response) => response.end("x".repeat(300_000)));
    let received = 0;
    let calls = 0;
    await new Promise<void>((resolve, reject) => {
      const call = second.dispatch(
        second.target(address),
        { method: "GET", path: "/", headers: [] },
        {
          onHead: () => undefined,
          onData: (chunk) => {
            received += chunk.length;
            calls++;
            setTimeout(() => call.resume(), 1);
            return false;
          },
          onEnd: resolve,
          onError: reject,
        },
      );
    });
    expect(received).toBe(300_000);
    expect(calls).toBeGreaterThan(1);
  });

  test("goes on after its pool was closed for being idle", async () => {
    const { egress, url } = await start((_request, response) => response.end("ok"), { pools: { idleMs: 100 } });
    const target = egress.target(url);
    const once = () =>
      new Promise<string>((resolve, reject) => {
        let body = "";
        egress.dispatch(
          target,
          { method: "GET", path: "/", headers: [] },
          {
            onHead: () => undefined,
            onData: (chunk) => {
              body += chunk.toString();
              return true;
            },
            onEnd: () => resolve(body),
            onError: reject,
          },
        );
      });
    expect(await once()).toBe("ok");
    await expect.poll(() => egress.stats().pools, { timeout: 5_000 }).toBe(0);
    expect(await once()).toBe("ok");
  });
});
