/** Node's HTTP server answering the upstream's bytes itself: what is left when neither a framework nor an upstream is there. */
import { createServer } from "node:http";
import { UPSTREAM_ANSWER } from "./payload.ts";

const headers = ["content-type", "application/json", "content-length", String(Buffer.byteLength(UPSTREAM_ANSWER))];

createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(UPSTREAM_ANSWER);
}).listen({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 1024 });
process.on("SIGTERM", () => process.exit(0));
