import { TextDecoder } from "node:util";
import { decompressBody, isPacked, type Unpacking } from "./decompress.ts";
import { EgressError } from "./errors.ts";
import type { DispatchCall } from "./exchange.ts";
import { firstValue } from "./message.ts";

/** Reads a response body, once, in one of three ways. What isn't wanted is `discard`ed. */
export interface EgressBody {
  bytes(): Promise<Uint8Array>;
  /** Decodes by the charset of the content type; UTF-8 where it names none that is known. */
  text(): Promise<string>;
  /** Takes the text if the whole body is here and nothing is packed, as with most short answers; else takes nothing. */
  readyText(): string | undefined;
  stream(): AsyncIterable<Uint8Array>;
  /** Lets go of the body; a small rest is read so that the connection can be used again. */
  discard(): void;
}

/** Holds this many bytes before the socket is paused. */
const HIGH_WATER = 64 * 1024;

/**
 * Buffers a body between socket and reader:
 *
 *     unread ─ bytes()/text() ─► collecting (never pauses; the exchange bounds the size) ─► done
 *        ├──── stream() ───────► streaming (pauses above 64 KiB until the reader catches up) ─► done
 *        └──── discard() ──────► draining (aborts above 64 KiB) ─► done
 */
export class ResponseBody implements EgressBody {
  readonly #call: DispatchCall;
  readonly #unpacking: Unpacking;
  readonly #chunks: Buffer[] = [];
  #buffered = 0;
  #mode: "unread" | "collecting" | "streaming" | "draining" = "unread";
  #done = false;
  #failure: EgressError | undefined;
  #wake: (() => void) | undefined;

  constructor(call: DispatchCall, unpacking: Unpacking) {
    this.#call = call;
    this.#unpacking = unpacking;
  }

  /** Takes a piece from the exchange; answers false to pause it. */
  push(chunk: Buffer): boolean {
    this.#buffered += chunk.length;
    if (this.#mode === "draining") {
      if (this.#buffered > HIGH_WATER) this.#call.abort();
      return true;
    }
    this.#chunks.push(chunk);
    if (this.#mode === "collecting") return true;
    this.#notify();
    return this.#buffered < HIGH_WATER;
  }

  end(): void {
    this.#done = true;
    this.#notify();
  }

  fail(error: EgressError): void {
    this.#failure = error;
    this.#notify();
  }

  async bytes(): Promise<Uint8Array> {
    const unpacked = decompressBody(() => this.#pull(), this.#unpacking);
    if (unpacked === undefined) return await this.#collect();
    this.#begin("streaming");
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#guard(unpacked)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async text(): Promise<string> {
    return this.#decode(await this.bytes());
  }

  readyText(): string | undefined {
    if (!this.#done || this.#mode !== "unread" || this.#failure !== undefined) return undefined;
    if (this.#unpacking.decompress && isPacked(this.#unpacking.headers)) return undefined;
    this.#mode = "collecting";
    return this.#decode(this.#join());
  }

  stream(): AsyncIterable<Uint8Array> {
    this.#begin("streaming");
    return this.#guard(decompressBody(() => this.#pull(), this.#unpacking) ?? this.#pull());
  }

  discard(): void {
    if (this.#mode !== "unread") return;
    this.#mode = "draining";
    this.#chunks.length = 0;
    if (this.#done || this.#failure !== undefined) return;
    if (this.#buffered > HIGH_WATER) this.#call.abort();
    else this.#call.resume();
  }

  #begin(mode: "collecting" | "streaming"): void {
    if (this.#mode !== "unread") {
      throw new EgressError("EGRESS_REQUEST_INVALID", "The response body was read or discarded before.", {
        sent: true,
        hint: "Keep the result of the first read.",
      });
    }
    this.#mode = mode;
  }

  async #collect(): Promise<Uint8Array> {
    this.#begin("collecting");
    this.#call.resume();
    while (!this.#done && this.#failure === undefined) await this.#changed();
    if (this.#failure !== undefined) throw this.#failure;
    return this.#join();
  }

  #join(): Buffer {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
  }

  #decode(bytes: Uint8Array): string {
    return decoderFor(firstValue(this.#unpacking.headers, "content-type")).decode(bytes);
  }

  /** Ends the exchange if the reader leaves early or the encoding is refused, so that no paused connection stays behind. */
  async *#guard(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } finally {
      if (!this.#done) this.#call.abort();
    }
  }

  async *#pull(): AsyncGenerator<Buffer> {
    while (true) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#buffered -= chunk.length;
        if (this.#buffered < HIGH_WATER) this.#call.resume();
        yield chunk;
      } else if (this.#failure !== undefined) {
        throw this.#failure;
      } else if (this.#done) {
        return;
      } else {
        await this.#changed();
      }
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

const UTF8 = new TextDecoder("utf-8");

function decoderFor(contentType: string | undefined): TextDecoder {
  if (contentType === undefined || contentType === "application/json") return UTF8;
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  if (charset === undefined || charset.toLowerCase() === "utf-8") return UTF8;
  try {
    return new TextDecoder(charset);
  } catch {
    return UTF8;
  }
}
