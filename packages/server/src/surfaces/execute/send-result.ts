import { Readable } from "node:stream";
import type { CallResult } from "@junctor/core";
import type { FastifyReply } from "fastify";
import { writeJson } from "../../http/write-json.ts";

const json = "application/json; charset=utf-8";

/**
 * Sends what a call yielded: JSON in its envelope (or bare, when the caller asked for it), text and files as they are
 * with the execution's id in a header.
 */
export function sendResult({ output, meta }: CallResult, reply: FastifyReply, raw: boolean): FastifyReply {
  if (output.kind === "json" && !raw) {
    return reply.header("content-type", json).send(writeEnvelope(output, meta));
  }
  reply.header("x-junctor-execution", meta.executionId);
  if (meta.continuation !== undefined) reply.header("x-junctor-continuation", meta.continuation);
  switch (output.kind) {
    case "json":
      return output.value === undefined
        ? reply.code(204).send()
        : reply.header("content-type", json).send(output.text ?? writeJson(output.value));
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

type JsonOutput = Extract<CallResult["output"], { readonly kind: "json" }>;

/** An upstream's own JSON is put in as it came. */
function writeEnvelope({ value, text }: JsonOutput, meta: CallResult["meta"]): string {
  return text === undefined ? writeJson({ output: value, meta }) : `{"output":${text},"meta":${JSON.stringify(meta)}}`;
}

/** Most bytes of a file that are shown in a traced answer. */
const shownBytes = 64 * 1024;

/** Sends a traced call in its envelope, whatever it yielded: text and files as text, the latter up to a limit. */
export async function sendTraced({ output, meta }: CallResult, reply: FastifyReply): Promise<FastifyReply> {
  const value =
    output.kind === "json" ? output.value : output.kind === "text" ? output.text : await readShown(output, shownBytes);
  return reply.header("content-type", json).send(writeJson({ output: value, meta: { ...meta, headers: undefined } }));
}

async function readShown(output: CallResult["output"], limit: number): Promise<string | undefined> {
  if (output.kind !== "binary") return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of output.stream) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString();
}
