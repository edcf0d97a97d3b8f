import { importInWorker } from "@junctor/importers/worker";
import { describe, expect, it } from "vitest";

const file = (value: unknown) => [{ path: "openapi.json", bytes: new TextEncoder().encode(JSON.stringify(value)) }];
const document = {
  openapi: "3.0.0",
  info: { title: "T", version: "1" },
  servers: [{ url: "https://x.example" }],
  paths: { "/x": { get: { operationId: "x", responses: { 200: { description: "OK" } } } } },
};
const large = {
  ...document,
  components: {
    schemas: Object.fromEntries(
      Array.from({ length: 40_000 }, (_, index) => [
        `S${index}`,
        { type: "object", properties: { a: { type: "string", description: "x".repeat(200) } } },
      ]),
    ),
  },
};

describe("an import in a process of its own", () => {
  it("yields what the import in this process yields, and what it cost", async () => {
    const { result, timeMs, peakRssMb } = await importInWorker(file(document));
    expect(result.ok).toBe(true);
    expect(result.operations.imported).toBe(1);
    expect(timeMs).toBeGreaterThan(0);
    expect(peakRssMb).toBeGreaterThan(20);
  });
  it("passes a refusal on as it is", async () => {
    await expect(importInWorker([{ path: "../x.json", bytes: new Uint8Array() }])).rejects.toMatchObject({
      code: "IMPORT_FAILED",
      message: expect.stringContaining("leaves the uploaded folder"),
    });
  });
  it("is ended when its time is up", async () => {
    await expect(importInWorker(file(large), {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: "IMPORT_LIMIT",
      message: expect.stringContaining("longer than 50 ms"),
    });
  });
  it("is ended when too much memory is resident", async () => {
    await expect(importInWorker(file(large), {}, { memoryMb: 60 })).rejects.toMatchObject({ code: "IMPORT_LIMIT" });
  });
  it("is ended when nobody waits any more", async () => {
    const controller = new AbortController();
    const pending = importInWorker(file(large), {}, { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(pending).rejects.toThrow("gone");
  });
});
