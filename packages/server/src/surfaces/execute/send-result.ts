import { Readable } from "node:stream";
import type { CallResult } from "@junctor/core";
import type { FastifyReply } from "fastify";

const json = "application/json; charset=utf-8";

/**
 * Sends what a call yielded: JSON in its envelope (or bare, when the caller asked for it), text and files as they are
 * with the execution's id in a header.
 */
export function sendResult({ output, meta }: CallResult, reply: FastifyReply, raw: boolean): FastifyReply {
  if (output.kind === "json" && !raw) {
    return reply.header("content-type", json).send(JSON.stringify({ output: output.value, meta }));
  }
  reply.header("x-junctor-execution", meta.executionId);
  if (meta.continuation !== undefined) reply.header("x-junctor-continuation", meta.continuation);
  switch (output.kind) {
    case "json":
      return output.value === undefined
        ? reply.code(204).send()
        : reply.header("content-type", json).send(JSON.stringify(output.value));
    case "text":
      return reply.header("content-type", output.contentType).send(output.text);
    case "binary":
      // What an upstream sends is shown under our origin: a browser must not run it.
      reply.header("content-type", output.contentType).header("x-content-type-options", "nosniff");
      if (output.size !== undefined) reply.header("content-length", output.size);
      return reply.send(output.bytes === undefined ? Readable.from(output.stream) : Buffer.from(output.bytes));
    case "passed":
      return reply;
  }
}
