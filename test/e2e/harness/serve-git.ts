import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A real Git server on loopback. */
export interface GitServer {
  readonly port: number;
  /** Keeps back the next pack, which is made by then: `reached` resolves when there is one, `release` sends it. */
  holdPack(): { readonly reached: Promise<void>; release(): void };
  close(): void;
}

/** Serves the bare repositories of a folder: `git http-backend` behind a small CGI host. */
export async function serveGit(root: string): Promise<GitServer> {
  let held: { readonly reach: () => void; readonly released: Promise<void> } | undefined;
  const server = createServer((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: path,
      QUERY_STRING: query,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    };
    const backend = spawn("git", ["http-backend"], { env });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.once("close", async () => {
      if (request.method === "POST" && held !== undefined) {
        const { reach, released } = held;
        held = undefined;
        reach();
        await released;
      }
      const output = Buffer.concat(chunks);
      const end = output.indexOf("\r\n\r\n");
      const lines = output.subarray(0, end).toString().split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2))) as Record<string, string>;
      response.writeHead(Number.parseInt(headers.Status ?? "200", 10), headers);
      response.end(output.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    holdPack() {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      held = { reach: reached.resolve, released: released.promise };
      return { reached: reached.promise, release: released.resolve };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
