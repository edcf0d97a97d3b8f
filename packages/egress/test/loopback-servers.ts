import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";

/** A server on a loopback address that counts who came. */
export interface LoopbackServer {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** Starts an HTTP server on a loopback address. */
export function serveHttp(listener: RequestListener, host = "127.0.0.1", port = 0): Promise<LoopbackServer> {
  return listen(createServer({ keepAliveTimeout: 5_000 }, listener), host, port);
}

/** Starts an HTTPS server on a loopback address. */
export function serveHttps(options: ServerOptions, listener: RequestListener): Promise<LoopbackServer> {
  return listen(createTlsServer(options, listener), "127.0.0.1", 0);
}

/** Starts a TCP server whose every connection is handed to a function: for peers that don't behave. */
export function serveTcp(
  onConnection: (socket: Socket) => void,
  host = "127.0.0.1",
  port = 0,
): Promise<LoopbackServer> {
  return listen(
    createTcpServer((socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    }),
    host,
    port,
  );
}

function listen(server: Server | TcpServer, host: string, port: number): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve({ port: bound, connections: () => connections, close: () => stop(server, sockets) });
    });
  });
}

function stop(server: Server | TcpServer, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
