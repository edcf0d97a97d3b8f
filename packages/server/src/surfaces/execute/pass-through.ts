import type { ServerResponse } from "node:http";
import type { ConnectorError, PassThroughFlow, PassThroughSink } from "@junctor/core";
import type { FastifyReply } from "fastify";
import { mayPassThrough } from "../../http/passed-headers.ts";

/**
 * Writes an upstream's answer to the caller as it arrives. The head waits for the first piece, so that an answer that
 * comes in one piece leaves in one write.
 */
export class PassThroughReply implements PassThroughSink {
  readonly #reply: FastifyReply;
  readonly #raw: ServerResponse;
  #status = 200;
  #headers: string[] = [];
  #expected = -1;
  #flow: PassThroughFlow | null = null;
  #started = false;
  #ended = false;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
    this.#raw = reply.raw;
  }

  head(status: number, headers: string[], flow: PassThroughFlow): void {
    this.#reply.hijack();
    this.#status = status;
    this.#flow = flow;
    // What the surface set (request id, origin that may read) goes along; what speaks for the upstream's host does not.
    const passed: string[] = ["x-content-type-options", "nosniff"];
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] as string;
      const value = headers[index + 1] as string;
      if (name === "content-length") this.#expected = Number(value);
      if (mayPassThrough(name)) passed.push(name, value);
    }
    const own = this.#reply.getHeaders();
    for (const name in own) passed.push(name, String(own[name]));
    this.#headers = passed;
  }

  data(chunk: Buffer): boolean | undefined {
    if (!this.#started) {
      this.#started = true;
      this.#raw.writeHead(this.#status, this.#headers);
      if (chunk.length === this.#expected) {
        this.#ended = true;
        this.#raw.end(chunk);
        return undefined;
      }
      this.#raw.on("drain", () => this.#flow?.resume());
    }
    return this.#raw.write(chunk) ? undefined : false;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#started) this.#raw.writeHead(this.#status, this.#headers);
    this.#raw.end();
  }

  fail(_error: ConnectorError): void {
    // The head may be out, so the only honest sign of a broken answer is a broken connection.
    this.#ended = true;
    this.#raw.destroy();
  }
}
