/** An upstream whose `/slow…` paths answer after ten seconds and whose other paths answer at once. */
import { createServer } from "node:http";
import { UPSTREAM_ANSWER } from "./payload.ts";

const headers = ["content-type", "application/json", "content-length", String(Buffer.byteLength(UPSTREAM_ANSWER))];

createServer((request, response) => {
  const answer = (): void => {
    response.writeHead(200, headers).end(UPSTREAM_ANSWER);
  };
  if (request.url?.startsWith("/slow") === true) setTimeout(answer, 10_000);
  else answer();
}).listen({ port: Number(process.env.PORT), host: "127.0.0.1", backlog: 1024 });
process.on("SIGTERM", () => process.exit(0));
