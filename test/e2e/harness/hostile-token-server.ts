import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A token request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What the server answers a token request with; `hang` never answers, `reset` closes the connection. */
export type HostileAnswer =
  | "hang"
  | "reset"
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      /** An object is sent as JSON, text as it is. */
      readonly body?: unknown;
    };

/** A token server that answers whatever a test wants, and an API that says which credential came. */
export interface HostileTokenServer {
  readonly url: string;
  readonly port: number;
  /** Decides the answers from now on; the function sees each request. */
  play(answer: HostileAnswer | ((request: SeenRequest) => HostileAnswer)): void;
  /** Token requests since the last `play`. */
  readonly requests: readonly SeenRequest[];
  /** Credential of the last call of the API; the echo in the answer is redacted on its way. */
  readonly lastAuthorization: () => string | undefined;
  close(): Promise<void>;
}

/** Starts it: `/api…` echoes the credential, every other path is a token endpoint. */
export async function startHostileTokenServer(): Promise<HostileTokenServer> {
  let answer: HostileAnswer | ((request: SeenRequest) => HostileAnswer) = {};
  let requests: SeenRequest[] = [];
  let lastAuthorization: string | undefined;
  const server = createServer((request, response) => {
    void readRequest(request).then((seen) => {
      if (seen.path.startsWith("/api")) {
        lastAuthorization = seen.headers.authorization;
        return echo(response, seen);
      }
      requests.push(seen);
      send(request, response, typeof answer === "function" ? answer(seen) : answer);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    play(next) {
      answer = next;
      requests = [];
    },
    lastAuthorization: () => lastAuthorization,
    get requests() {
      return requests;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://hostile");
  return {
    method: request.method ?? "",
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body,
  };
}

function echo(response: ServerResponse, { headers, path }: SeenRequest): void {
  const refused = headers.authorization?.includes("refused") === true;
  response
    .writeHead(refused ? 401 : 200, { "content-type": "application/json" })
    .end(JSON.stringify({ authorization: headers.authorization, session: headers["x-session"], path }));
}

function send(request: IncomingMessage, response: ServerResponse, answer: HostileAnswer): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    request.socket.destroy();
    return;
  }
  const { status = 200, headers = {}, body = "" } = answer;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...type, ...(headers as Record<string, string | string[]>) }).end(text);
}
