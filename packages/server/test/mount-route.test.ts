import { get } from "node:http";
import { Readable } from "node:stream";
import { type FastifyReply, fastify } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { mountRoute } from "../src/http/mount-route.ts";
import { createRequestValidators } from "../src/http/request-validator.ts";
import type { ServerContext } from "../src/server-context.ts";

/** How a handler of the contract may answer, over a socket: what comes of it, and what the framework complains of. */
const open: { close(): unknown }[] = [];
afterEach(() => Promise.all(open.splice(0).map((app) => app.close())));

type Answer = (reply: FastifyReply) => FastifyReply | Promise<FastifyReply>;

async function serve(answer: Answer) {
  const lines: string[] = [];
  const app = fastify({
    logger: { level: "info", stream: { write: (line: string) => void lines.push(line) } },
    forceCloseConnections: true,
  });
  open.push(app);
  // A public route asks for nothing else of the context.
  const context = { validatorOf: createRequestValidators() } as unknown as ServerContext;
  mountRoute(app as never, context, "getOpenApi", ({ reply }) => answer(reply));
  const url = `${await app.listen({ port: 0, host: "127.0.0.1" })}/openapi.json`;
  const complaints = () => lines.filter((line) => (JSON.parse(line) as { level: number }).level > 30);
  return { url, complaints };
}

const twoChunks = () => Readable.from([Buffer.from("open"), Buffer.from("api")]);

describe("a handler answers with", () => {
  const ways: readonly [what: string, answer: Answer][] = [
    ["a text that it sends itself", (reply) => reply.send("openapi")],
    ["a text that it sends later", async (reply) => reply.send("openapi")],
    ["a stream", (reply) => reply.send(twoChunks())],
    ["a stream that begins later", async (reply) => reply.send(twoChunks())],
  ];
  for (const [what, answer] of ways) {
    it(`${what}, once`, async () => {
      const { url, complaints } = await serve(answer);
      expect(await (await fetch(url)).text()).toBe("openapi");
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(complaints()).toEqual([]);
    });
  }

  it("a stream whose reader leaves: nothing is sent after that", async () => {
    let gone: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const endless = () => {
      const stream = new Readable({ read: () => setTimeout(() => stream.push("x"), 5) });
      return stream.once("close", () => gone?.());
    };
    const { url, complaints } = await serve(async (reply) => reply.send(endless()));
    const request = get(url, (response) => response.once("data", () => request.destroy()));
    request.on("error", () => undefined);
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(complaints()).toEqual([]);
  });
});
