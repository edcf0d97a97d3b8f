import { describe, expect, test } from "vitest";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const SECRET = "sesame-open-1234";

const run = async (body: Uint8Array | string, decode: object) => {
  const http = createCannedHttp([{ headers: { "content-type": "text/plain" }, body }]);
  const { call } = createTestEngine({
    http,
    connection: { secretParameters: { key: SECRET } },
    definition: {
      baseUrl: "https://api.example",
      connection: { parameters: { type: "object", properties: { key: { type: "string", writeOnly: true } } } },
      actions: {
        act: {
          request: { path: "/" },
          response: { decode: { type: "text", ...decode }, body: { out: "{{ response.body }}" } },
        },
      },
    },
  });
  const { output } = await call("act");
  return (output as unknown as { value: { out: string } }).value.out;
};

const swapped = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("an echo under another character set", () => {
  test.each([
    ["read as it was written", Buffer.from(`ä ${SECRET}.`, "utf16le"), { charset: "utf-16le" }, "ä [redacted]."],
    ["read as it was written, the other way round", swapped(`ä ${SECRET}.`), { charset: "utf-16be" }, "ä [redacted]."],
    ["misread as UTF-16", `a ${SECRET}!!`, { charset: "utf-16le" }, "[redacted]"],
    ["misread as UTF-16, one byte further", `ab ${SECRET}!!`, { charset: "utf-16le" }, "[redacted]"],
    ["misread as UTF-16, the other way round", `a ${SECRET}!!`, { charset: "utf-16be" }, "[redacted]"],
    ["misread up to its last byte", `x${SECRET}`, { charset: "utf-16le" }, "[redacted]"],
    ["misread as Latin-1", `ä ${SECRET}!`, { charset: "latin1" }, "Ã¤ [redacted]!"],
  ])("%s is replaced", async (_what, body, decode, expected) => {
    expect(await run(body, decode)).toBe(expected);
  });

  test("what holds no secret is read as the definition says", async () => {
    expect(await run(Buffer.from("süß 書", "utf16le"), { charset: "utf-16le" })).toBe("süß 書");
  });
});
