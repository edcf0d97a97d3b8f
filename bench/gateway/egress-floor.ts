/**
 * Fastify in front of `egress.dispatch` and nothing else: what is left of the pass-through figure when the engine is taken away.
 * Not a variant that anybody would run; it says where the time goes.
 */
import { createEgress, type DispatchCall, type DispatchSink, type EgressError } from "@junctor/egress";
import { type FastifyReply, fastify } from "fastify";
import { UPSTREAM_CLIENT, UPSTREAM_TOKEN } from "./payload.ts";

const { PORT, UPSTREAM_PORT } = process.env;
const egress = createEgress({ allow: [`127.0.0.1:${UPSTREAM_PORT}`] });
const target = egress.target(`http://127.0.0.1:${UPSTREAM_PORT}`);
const headers = ["authorization", `Bearer ${UPSTREAM_TOKEN}`, "x-client", UPSTREAM_CLIENT];

class ReplySink implements DispatchSink {
  readonly #reply: FastifyReply["raw"];
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;

  constructor(reply: FastifyReply["raw"]) {
    this.#reply = reply;
  }

  onHead(status: number, head: string[], _call: DispatchCall): void {
    this.#reply.writeHead(status, head);
  }

  onData(chunk: Buffer): boolean {
    if (this.#first === undefined) this.#first = chunk;
    else if (this.#rest === undefined) this.#rest = [this.#first, chunk];
    else this.#rest.push(chunk);
    return true;
  }

  onEnd(): void {
    this.#reply.end(this.#rest === undefined ? this.#first : Buffer.concat(this.#rest));
  }

  onError(error: EgressError): void {
    this.#reply.destroy(error);
  }
}

const app = fastify({ logger: false });
app.post("/pass", (_request, reply) => {
  reply.hijack();
  egress.dispatch(target, { method: "GET", path: "/orders/4711", headers }, new ReplySink(reply.raw));
});
await app.listen({ port: Number(PORT), host: "127.0.0.1", backlog: 1024 });
process.on("SIGTERM", () => process.exit(0));
