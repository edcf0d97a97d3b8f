import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { EgressError } from "./errors.ts";
import type { EgressLimits } from "./limits.ts";
import type { ResponseHeaders } from "./message.ts";

/** Says what unpacking needs to know. */
export interface Unpacking {
  readonly limits: Pick<EgressLimits, "maxDecompressedBytes" | "maxDecompressionRatio">;
  readonly headers: ResponseHeaders;
  /** False leaves the bytes as they were sent. */
  readonly decompress: boolean;
}

/** More layers than any server applies on purpose. */
const MAX_LAYERS = 2;

/** Up to this size the ratio isn't looked at: small bodies of repeated text legitimately shrink a thousandfold. */
const RATIO_FLOOR = 1024 * 1024;

/** Lists the encodings that can be unpacked, in the order in which they are asked for. */
export const ACCEPT_ENCODING: string =
  typeof zlib.createZstdDecompress === "function" ? "gzip, deflate, br, zstd" : "gzip, deflate, br";

/**
 * Unpacks a body as its Content-Encoding says, piece by piece, within the bounds for size and ratio. Answers undefined if there
 * is nothing to unpack. The sent bytes are counted before the first layer, the result after the last.
 */
export function decompressBody(
  source: () => AsyncIterable<Buffer>,
  unpacking: Unpacking,
): AsyncIterable<Uint8Array> | undefined {
  if (!unpacking.decompress) return undefined;
  const encodings = readEncodings(unpacking.headers);
  if (encodings.length === 0) return undefined;
  return unpack(source, encodings, unpacking);
}

/** Says whether a body was sent packed. */
export const isPacked = (headers: ResponseHeaders): boolean => readEncodings(headers).length > 0;

function readEncodings(headers: ResponseHeaders): readonly string[] {
  const value = headers["content-encoding"];
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : value.join(",");
  return text
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
}

async function* unpack(
  source: () => AsyncIterable<Buffer>,
  encodings: readonly string[],
  { limits }: Unpacking,
): AsyncGenerator<Uint8Array> {
  if (encodings.length > MAX_LAYERS) throw failed(`The response is encoded ${encodings.length} times.`);
  const packed = source()[Symbol.asyncIterator]();
  const first = await packed.next();
  if (first.done === true) return;
  const layers = encodings.toReversed().map((encoding) => createLayer(encoding, first.value[0] ?? 0));

  let sent = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for (let next: IteratorResult<Buffer> = first; next.done !== true; next = await packed.next()) {
      sent += next.value.length;
      yield next.value;
    }
  }
  let unpacked = 0;
  const stream = joinStreams([Readable.from(counted()), ...layers]);
  try {
    for await (const chunk of stream) {
      unpacked += chunk.length;
      if (unpacked > limits.maxDecompressedBytes) throw bomb(`to more than ${limits.maxDecompressedBytes} bytes`);
      const isBomb = unpacked > RATIO_FLOOR && unpacked > sent * limits.maxDecompressionRatio;
      if (isBomb) throw bomb(`to more than ${limits.maxDecompressionRatio} times its size`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof EgressError) throw error;
    throw failed("The response body is not what its Content-Encoding says.", error);
  }
}

/** Pipes streams into each other; an error of any of them ends the last, where it is seen. */
function joinStreams(streams: readonly [Readable, ...Transform[]]): AsyncIterable<Uint8Array> {
  pipeline(streams, () => undefined);
  return streams.at(-1) ?? streams[0];
}

function createLayer(encoding: string, firstByte: number): Transform {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "deflate":
      // Some servers send the raw format; the low four bits of a zlib header are always 8 (RFC 1950).
      return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    case "br":
      return zlib.createBrotliDecompress();
    case "zstd":
      if (typeof zlib.createZstdDecompress === "function") return zlib.createZstdDecompress();
  }
  throw failed(`The response has the Content-Encoding ${encoding}, which wasn't asked for.`);
}

function bomb(what: string): EgressError {
  const hint = "Ask for less at once, or raise the limits for decompression if the peer is trusted.";
  return new EgressError("EGRESS_DECOMPRESSION_BOMB", `The response unpacks ${what}.`, { sent: true, hint });
}

function failed(message: string, cause?: unknown): EgressError {
  const hint = "Try again; if it persists, call without decompression and tell the owner of the API.";
  return new EgressError("EGRESS_DECOMPRESSION_FAILED", message, {
    sent: true,
    hint,
    ...(cause !== undefined && { cause }),
  });
}

/** Leaves out the response headers that describe the packed bytes and are wrong once they are unpacked. */
export function dropPackedHeaders(headers: ResponseHeaders): ResponseHeaders {
  if (headers["content-encoding"] === undefined) return headers;
  const { "content-encoding": _encoding, "content-length": _length, ...kept } = headers;
  return kept;
}
