import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { type ComposeOptions, type Composition, compose } from "./compose.ts";
import type { ServerConfig } from "./config.ts";
import { startKeepAlive } from "./connections/keep-alive.ts";
import { ensureDefaultWorkspace, ensureFirstKey } from "./ensure-workspace.ts";
import { createApp } from "./http/create-app.ts";
import { startRetention } from "./records/retention.ts";
import type { ServerContext } from "./server-context.ts";
import { mountExecute } from "./surfaces/execute/mount-execute.ts";
import { mountHealth } from "./surfaces/health/mount-health.ts";
import { mountManagement } from "./surfaces/management/mount-management.ts";
import { mountOAuth } from "./surfaces/oauth/mount-oauth.ts";
import { mountWidget } from "./surfaces/widget/mount-widget.ts";

/** A server that answers. */
export interface RunningServer {
  /** Base URL, base path included, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** The parts of the server, for whoever hosts it in the same process. */
  readonly context: ServerContext;
  /** Where metrics are served without a key; undefined if nowhere. */
  readonly metricsUrl: string | undefined;
  /** Takes no new requests, lets running ones finish, writes what waits, and closes everything. Twice is no error. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 *
 *   starting ─► ready ──close()──► stopping: 503 for new requests ─► idle or stopTimeout ─► closed
 *
 * Rejects when the port or the data folder is taken, the database does not answer, or there is no master key.
 */
export async function startServer(config: ServerConfig, options: ComposeOptions = {}): Promise<RunningServer> {
  const composition = await compose(config, options);
  const { context } = composition;
  try {
    await ensureDefaultWorkspace(context.stores);
    if (config.firstKey !== undefined) await ensureFirstKey(context.stores, config.firstKey);
    const app = await createApp(context);
    await app.register(
      async (scoped) => {
        mountExecute(scoped, context);
        mountManagement(scoped, context);
        mountHealth(scoped, context);
        mountOAuth(scoped, context);
        mountWidget(scoped, context);
      },
      { prefix: config.basePath },
    );
    return await listen(app, composition);
  } catch (error) {
    await composition.close();
    throw error;
  }
}

async function listen(app: FastifyInstance, { context, store, close }: Composition): Promise<RunningServer> {
  const { config, log, state } = context;
  const metricsServer = await serveMetrics(context);
  const stopRetention = startRetention(context);
  const stopKeepAlive = startKeepAlive(context);
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}${config.basePath}`;
  state.url = url;
  state.phase = "ready";
  log.info({ url, store: store.kind }, "server is ready");

  let closing: Promise<void> | undefined;
  async function stop(): Promise<void> {
    state.phase = "stopping";
    log.info({ running: context.admission.running }, "server is stopping");
    stopRetention();
    stopKeepAlive();
    // Whoever keeps a connection beyond the time that was given is cut off.
    const force = setTimeout(() => app.server.closeAllConnections(), config.limits.stopTimeoutMs);
    // A connection that was in use when the stop began becomes idle later, and would keep the server open.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
    await app.close();
    clearInterval(sweep);
    clearTimeout(force);
    metricsServer?.close();
    await close();
    log.info("server has stopped");
  }
  return {
    url,
    port,
    context,
    metricsUrl: metricsServer === undefined ? undefined : metricsUrlOf(metricsServer),
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

/** Serves metrics on an address of its own, which the operator keeps private. */
async function serveMetrics({ config, metrics, log }: ServerContext): Promise<Server | undefined> {
  const address = config.metricsAddress;
  if (address === undefined) return undefined;
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    metrics.render().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      (error: unknown) => {
        log.error({ err: error }, "metrics could not be rendered");
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(address.port, address.host, listening);
  });
  server.unref();
  return server;
}

function metricsUrlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}/metrics`;
}
