/** Fastify that answers every call with the same bytes, given in `ANSWER`: what a cache hit is compared with. */
import { fastify } from "fastify";

const { PORT, ANSWER = "" } = process.env;
const app = fastify({ logger: false });
app.removeAllContentTypeParsers();
app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
  done(null, JSON.parse(String(body))),
);
app.post("/bytes", (_request, reply) => {
  reply.header("content-type", "application/json; charset=utf-8").send(ANSWER);
});
await app.listen({ port: Number(PORT), host: "127.0.0.1", backlog: 1024 });
process.on("SIGTERM", () => process.exit(0));
