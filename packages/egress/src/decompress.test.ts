import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decompressBody, dropPackedHeaders } from "./decompress.ts";
import { EgressError } from "./errors.ts";

const limits = { maxDecompressedBytes: 4 * 1024 * 1024, maxDecompressionRatio: 200 };
const text = "Moby-Dick; or, The Whale. ".repeat(400);

async function unpack(encoding: string | string[] | undefined, packed: Buffer, pieces = 3): Promise<string> {
  const size = Math.max(1, Math.ceil(packed.length / pieces));
  async function* source(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
  }
  const headers = encoding === undefined ? {} : { "content-encoding": encoding };
  const unpacked = decompressBody(source, { limits, headers, decompress: true });
  if (unpacked === undefined) return "(as sent)";
  const parts: Uint8Array[] = [];
  for await (const part of unpacked) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function failure(encoding: string, packed: Buffer): Promise<string> {
  const error: unknown = await unpack(encoding, packed).catch((reason: unknown) => reason);
  return error instanceof EgressError ? error.code : "(no error)";
}

describe("a body is unpacked", () => {
  test.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["GZIP", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["gzip, br", brotliCompressSync(gzipSync(text))],
    ["identity, gzip", gzipSync(text)],
  ])("%s (case %#)", async (encoding, packed) => {
    expect(await unpack(encoding, packed)).toBe(text);
  });

  test("that names its encodings in two headers", async () => {
    expect(await unpack(["gzip", "br"], brotliCompressSync(gzipSync(text)))).toBe(text);
  });

  test("that comes byte by byte", async () => {
    const packed = gzipSync("short");
    expect(await unpack("gzip", packed, packed.length)).toBe("short");
  });

  test.each([[undefined], ["identity"], [""]])("encoding %j is left as it is", async (encoding) => {
    expect(await unpack(encoding, Buffer.from(text))).toBe("(as sent)");
  });

  test("that is empty stays empty", async () => {
    expect(await unpack("gzip", Buffer.alloc(0))).toBe("");
  });
});

describe("a body is refused", () => {
  test.each([
    ["a ratio beyond the bound", "gzip", gzipSync(Buffer.alloc(3 * 1024 * 1024)), "EGRESS_DECOMPRESSION_BOMB"],
    ["more bytes than the bound", "br", brotliCompressSync(Buffer.alloc(8 * 1024 * 1024)), "EGRESS_DECOMPRESSION_BOMB"],
    [
      "a bomb inside a bomb",
      "gzip, gzip",
      gzipSync(gzipSync(Buffer.alloc(8 * 1024 * 1024))),
      "EGRESS_DECOMPRESSION_BOMB",
    ],
    ["a truncated body", "gzip", gzipSync(text).subarray(0, -20), "EGRESS_DECOMPRESSION_FAILED"],
    ["something else than it says", "gzip", Buffer.from(text), "EGRESS_DECOMPRESSION_FAILED"],
    ["an unknown encoding", "compress", Buffer.from(text), "EGRESS_DECOMPRESSION_FAILED"],
    ["too many layers", "gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(text))), "EGRESS_DECOMPRESSION_FAILED"],
  ])("for %s", async (_why, encoding, packed, code) => {
    expect(await failure(encoding, packed)).toBe(code);
  });
});

test("headers of the packed bytes are left out once they are unpacked", () => {
  expect(dropPackedHeaders({ "content-encoding": "gzip", "content-length": "9", etag: "x" })).toEqual({ etag: "x" });
  expect(dropPackedHeaders({ "content-length": "9" })).toEqual({ "content-length": "9" });
});
