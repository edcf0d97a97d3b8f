import { Readable } from "node:stream";
import { type CallResult, cutPart, type HttpHeaders, isNotModified } from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { mayPassOn } from "../../http/passed-headers.ts";
import { writeJson } from "../../http/write-json.ts";

/**
 * Sends what a widget call yielded: the body itself, with the status that the connector passes on, its content type, and
 * what the cache did. `isHead`: the connector itself asks its upstream with HEAD, so there is no body to send or measure.
 */
export function sendWidgetResult(
  { output, meta }: CallResult,
  request: FastifyRequest,
  reply: FastifyReply,
  isHead: boolean,
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
  if (isHead) return sendHead(output, headers, reply);
  const part = partOf(output, { status: meta.status, headers }, request);
  if (part !== undefined && "contentType" in output) {
    reply.code(206).header("content-range", part.headers["content-range"]);
    reply.header("content-type", output.contentType).header("x-content-type-options", "nosniff");
    return reply.send(Buffer.from(part.bytes));
  }
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

/**
 * Sends what an upstream said of a body that it did not send: with the body's length as the upstream has it, or with none
 * (RFC 9110 section 8.6).
 */
function sendHead(output: CallResult["output"], headers: HttpHeaders, reply: FastifyReply): FastifyReply {
  if ("contentType" in output) reply.header("content-type", output.contentType);
  const length = headers["content-length"];
  const isCoded = headers["content-encoding"] !== undefined;
  if (typeof length === "string" && /^\d+$/.test(length) && !isCoded) reply.header("content-length", length);
  return reply.send();
}

/**
 * The part that a caller asks for with `Range` of a text or file that is whole at hand (RFC 9110 section 14.2). JSON and
 * what is still on its way are sent whole: a server may ignore the field.
 */
function partOf(
  output: CallResult["output"],
  answer: { readonly status: number; readonly headers: HttpHeaders },
  { method, headers: { range, "if-range": ifRange } }: FastifyRequest,
): ReturnType<typeof cutPart> {
  if (range === undefined || method !== "GET" || (output.kind !== "text" && output.kind !== "binary")) return undefined;
  const bytes = output.kind === "text" ? Buffer.from(output.text) : output.bytes;
  if (bytes === undefined) return undefined;
  return cutPart({ range, ...(typeof ifRange === "string" && { "if-range": ifRange }) }, { ...answer, bytes });
}

function conditions({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return { "if-none-match": headers["if-none-match"], "if-modified-since": headers["if-modified-since"] };
}
