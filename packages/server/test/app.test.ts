import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../src/config.ts";
import { createAdmission } from "../src/http/admission.ts";
import { createApp } from "../src/http/create-app.ts";
import { createLogger } from "../src/logging/create-logger.ts";
import { createSecretValues } from "../src/logging/secret-values.ts";
import { createMetrics } from "../src/metrics/metrics.ts";
import type { ServerContext } from "../src/server-context.ts";

/** The application without its surfaces: what happens to a request that goes wrong before or within a handler. */
const lines: string[] = [];
const secrets = createSecretValues();
const idle = { connections: 0, running: 0, queued: 0, requests: 0, refused: 0, failed: 0 };
const admission = createAdmission({ concurrency: 10, workspaceConcurrency: 10 });
const context: Pick<ServerContext, "config" | "log" | "secrets" | "metrics" | "admission" | "state"> = {
  config: resolveConfig({ JUNCTOR_HEADERS_TIMEOUT: "1", JUNCTOR_REQUEST_TIMEOUT: "1" }),
  log: createLogger({ level: "debug", secrets, destination: { write: (line) => void lines.push(line) } }),
  secrets,
  metrics: createMetrics({
    running: () => admission.running,
    executions: () => ({ queued: 0, dropped: 0 }),
    egress: () => idle,
  }),
  admission,
  state: { phase: "ready", url: "" },
};
let app: Awaited<ReturnType<typeof createApp>>;
let port: number;

beforeAll(async () => {
  secrets.add("hunter2-hunter2");
  // The hooks of the application use these members of a context and no others.
  app = await createApp(context as ServerContext);
  app.get("/crash", () => {
    throw new TypeError("cannot read hunter2-hunter2");
  });
  app.get("/reject", () => Promise.reject(new Error("database says hunter2-hunter2")));
  app.get("/half", (_request, reply) => {
    reply.raw.writeHead(200, { "content-length": "100" });
    reply.raw.write("half");
    throw new Error("broke off");
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as { port: number }).port;
});
afterAll(() => app.close());

describe("a handler that fails", () => {
  for (const path of ["/crash", "/reject"]) {
    it(`${path} answers INTERNAL without its own words, and logs the cause without the secret`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { "x-request-id": "crash-test-1" } });
      expect(answer.status).toBe(500);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ code: "INTERNAL", requestId: "crash-test-1", hint: expect.any(String) });
      expect(text).not.toMatch(/hunter2|cannot read|database says/);
      const logged = lines.filter((line) => line.includes("request failed")).at(-1) ?? "";
      expect(JSON.parse(logged)).toMatchObject({ level: "error", requestId: "crash-test-1" });
      expect(logged).toContain("[redacted]");
      expect(lines.join("")).not.toContain("hunter2");
    });
  }

  it("after the head is out, breaks the connection instead of pretending", async () => {
    await expect(fetch(`http://127.0.0.1:${port}/half`).then((answer) => answer.text())).rejects.toThrow();
  });

  it("leaves no request counted as running", async () => {
    await expect.poll(() => admission.running).toBe(0);
  });
});

describe("a request that is none", () => {
  const send = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      socket.on("end", () => resolve(answer));
      socket.on("error", reject);
    });

  const broken: readonly [what: string, text: string, status: number][] = [
    ["not HTTP", "hello there\r\n\r\n", 400],
    ["a bad header", "GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400],
    ["a head that is too large", `GET / HTTP/1.1\r\nHost: x\r\nx-large: ${"a".repeat(40_000)}\r\n\r\n`, 431],
    ["a head that never ends", "GET / HTTP/1.1\r\nHost: x\r\n", 408],
    ["a path that cannot be decoded", "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400],
    ["an unknown path", "GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404],
  ];
  for (const [what, text, status] of broken) {
    it(`${what} gets a problem document with ${status}`, async () => {
      const answer = await send(text);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
      expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4))).toMatchObject({
        status,
        hint: expect.any(String),
      });
    });
  }
});
