import { resolveConfig, startServer } from "@junctor/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    odd: false,
    environment: {
      JUNCTOR_BASE_PATH: "/junctor",
      JUNCTOR_TRUSTED_PROXIES: "127.0.0.1",
      JUNCTOR_CORS_ORIGINS: "https://app.example",
      JUNCTOR_METRICS_ADDRESS: "127.0.0.1:0",
      JUNCTOR_PUBLIC_URL: "https://api.example/junctor",
    },
  });
});
afterAll(() => stack.stop());

describe("settings", () => {
  it("everything is mounted below the base path", async () => {
    expect(stack.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/junctor$/);
    expect((await stack.send("GET", "/v1/keys")).status).toBe(200);
    const outside = await fetch(`${new URL(stack.url).origin}/v1/keys`, {
      headers: { authorization: `Bearer ${stack.key}` },
    });
    expect(outside.status).toBe(404);
  });

  it("the served document names the public URL", async () => {
    const { body } = await stack.send("GET", "/openapi.json", { key: null });
    expect(body).toMatchObject({ openapi: "3.1.0", servers: [{ url: "https://api.example/junctor" }] });
  });

  it("browsers may call from the origins that are set, and from no other", async () => {
    const preflight = (origin: string) =>
      fetch(`${stack.url}/v1/keys`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" },
      });
    expect((await preflight("https://app.example")).headers.get("access-control-allow-origin")).toBe(
      "https://app.example",
    );
    expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("metrics are served without a key on their own address, and nothing else is", async () => {
    const url = stack.server.metricsUrl ?? "";
    const metrics = await fetch(url);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain("junctor_http_requests_running");
    expect((await fetch(url.replace("/metrics", "/v1/keys"))).status).toBe(404);
  });

  it("a request id of the caller is kept when it is sane, else replaced", async () => {
    const idFor = async (given: string) =>
      (await stack.send("GET", "/healthz", { key: null, headers: { "x-request-id": given } })).headers.get(
        "x-request-id",
      );
    expect(await idFor("order-42.retry")).toBe("order-42.retry");
    expect(await idFor("a b")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("without CORS origins no browser may call", async () => {
    const plain = await startStack({ odd: false });
    const answer = await fetch(`${plain.url}/healthz`, { headers: { origin: "https://app.example" } });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    await plain.stop();
  });
});

describe("a server that cannot start says why", () => {
  it("without a master key", async () => {
    const config = resolveConfig({ JUNCTOR_PORT: "0", JUNCTOR_DATA_DIR: "/nowhere" });
    await expect(startServer(config)).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      hint: expect.stringContaining("openssl rand -base64 32"),
    });
  });

  it("when another server has the data folder", async () => {
    const config = resolveConfig({ ...stack.environment, JUNCTOR_METRICS_ADDRESS: "" });
    await expect(startServer(config)).rejects.toMatchObject({ name: "ConnectorError", hint: expect.any(String) });
    // The first server is none the worse for it.
    expect((await stack.send("GET", "/readyz", { key: null })).status).toBe(200);
  });

  it("when the port is taken", async () => {
    const other = await startStack({ odd: false });
    const { stop } = other;
    const config = resolveConfig({
      ...stack.environment,
      JUNCTOR_METRICS_ADDRESS: "",
      JUNCTOR_DATA_DIR: `${other.environment.JUNCTOR_DATA_DIR}/second`,
      JUNCTOR_PORT: String(other.server.port),
    });
    await expect(startServer(config)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await stop();
  });
});
