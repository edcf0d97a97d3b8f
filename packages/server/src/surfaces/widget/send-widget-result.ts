import { Readable } from "node:stream";
import { type CallResult, isNotModified } from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { mayPassOn } from "../../http/passed-headers.ts";
import { writeJson } from "../../http/write-json.ts";

/**
 * Sends what a widget call yielded: the body itself, with the status that the connector passes on, its content type, and
 * what the cache did.
 */
export function sendWidgetResult(
  { output, meta }: CallResult,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.code(meta.status);
  if (meta.cache !== null) reply.header("x-junctor-cache", meta.cache);
  const headers = meta.headers ?? {};
  for (const name in headers) {
    if (name === "vary")
      reply.header("vary", [reply.getHeader("vary"), headers.vary].flat().filter(Boolean).join(", "));
    else if (mayPassOn(name)) reply.header(name, headers[name]);
  }
  if (isNotModified(conditions(request), { status: meta.status, headers })) return reply.code(304).send();
  switch (output.kind) {
    case "json":
      if (output.value === undefined) return meta.status === 200 ? reply.code(204).send() : reply.send();
      return reply.header("content-type", "application/json; charset=utf-8").send(writeJson(output.value));
    case "text":
      return reply.header("content-type", output.contentType).send(output.text);
    case "binary":
      // What an upstream sends is shown under our origin: a browser must not run it.
      reply.header("content-type", output.contentType).header("x-content-type-options", "nosniff");
      if (output.bytes !== undefined) return reply.send(Buffer.from(output.bytes));
      if (output.size !== undefined) reply.header("content-length", output.size);
      return reply.send(Readable.from(output.stream));
    case "passed":
      return reply;
  }
}

function conditions({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return { "if-none-match": headers["if-none-match"], "if-modified-since": headers["if-modified-since"] };
}
