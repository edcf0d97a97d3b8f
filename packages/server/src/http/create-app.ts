import fastifyCors from "@fastify/cors";
import { type Route, routes } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from "fastify";
import type { ServerContext } from "../server-context.ts";
import { answerBrokenRequest } from "./answer-broken-request.ts";
import { type InputPlace, requireExactIntegers } from "./exact-integers.ts";
import { parseJson } from "./parse-json.ts";
import { chooseRequestId } from "./request-id.ts";
import { requireUtf8 } from "./require-utf8.ts";
import { sendProblem } from "./send-problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body's text as it came; empty without a JSON body. */
    bodyText: string;
    /** Id of the route for metrics and logs; `none` before one matched. */
    routeId: string;
    /** When the head of the request had arrived, by `performance.now()`. */
    arrivedAt: number;
    /**
     * Told once that the connection is done with the request, and whether the whole answer went out. Give it a name before it is
     * put here: V8 allocates a function that is written straight into a property as old, and such a one keeps all that its
     * request made until the next full collection (docs/adr/0157).
     */
    onGone: ((finished: boolean) => void) | null;
  }
}

/**
 * Makes the HTTP application without its surfaces. What every request passes, with the status a step may answer:
 *
 *   request id ─► stopping? 503 ─► too many? 503 ─► route 404 405 ─► who calls 401 403 ─► body 400 413 415 ─► handler
 *                                                                                                           └─► 500
 */
export async function createApp(context: ServerContext): Promise<FastifyInstance> {
  const { config, log } = context;
  const app = fastify({
    loggerInstance: sameForAll(log),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: chooseRequestId,
    requestIdHeader: false,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    bodyLimit: config.limits.bodyBytes,
    requestTimeout: config.limits.requestTimeoutMs,
    keepAliveTimeout: config.limits.keepAliveTimeoutMs,
    // Slow heads are looked for this often; the default of 30 s would stretch the limit.
    http: { headersTimeout: config.limits.headersTimeoutMs, connectionsCheckingInterval: 1000 },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => sendProblem(context, request, reply, error),
  }) as unknown as FastifyInstance;

  app.decorateRequest("bodyText", "");
  app.decorateRequest("routeId", "none");
  app.decorateRequest("arrivedAt", 0);
  app.decorateRequest("onGone", null);
  app.decorateRequest("holder", null);
  readJsonOnly(app);
  app.setErrorHandler((error, request, reply) => sendProblem(context, request, reply, error));
  app.setNotFoundHandler((request, reply) => sendProblem(context, request, reply, describeUnknown(context, request)));
  app.addHook("onRequest", (request, reply, done) => {
    // Counted before it is admitted: what is refused shows in the metrics too.
    admit(context, request, reply);
    done();
  });
  if (config.corsOrigins.length > 0) {
    await app.register(fastifyCors, {
      origin: [...config.corsOrigins],
      allowedHeaders: ["authorization", "content-type", "x-request-id"],
      exposedHeaders: ["x-request-id", "retry-after"],
      maxAge: 600,
    });
  }
  return app;
}

/**
 * The logger as the framework gets it: its children are itself. A child per request costs more than most requests, and so does
 * the check of what a factory of our own would return; the request id is logged where it matters.
 */
function sameForAll(log: ServerContext["log"]): ServerContext["log"] {
  const same: ServerContext["log"] = Object.create(log, { child: { value: () => same } });
  return same;
}

/** Routes whose bodies hold the input of a call. Those of management may hold longer integers: limits in schemas. */
const callRoutes: ReadonlySet<string> = new Set([routes.executeAction.id, routes.dryRunAction.id]);
const INPUT: InputPlace = { from: ["input"] };

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = body as string;
    request.bodyText = text;
    try {
      requireUtf8(request.headers["content-type"]);
      const value = text === "" ? undefined : parseJson(text);
      if (callRoutes.has(request.routeId)) requireExactIntegers(text, INPUT);
      done(null, value);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Counts a request in and, when its connection is done with it, out. */
function admit(context: ServerContext, request: FastifyRequest, reply: FastifyReply): void {
  const { admission, metrics, state, log } = context;
  request.arrivedAt = performance.now();
  reply.header("x-request-id", request.id);
  const routeId = request.routeOptions.config.routeId ?? "none";
  request.routeId = routeId;
  const isProbe = routeId === "getHealth" || routeId === "getReadiness";
  if (state.phase === "stopping" && !isProbe) {
    reply.header("connection", "close");
    throw new ConnectorError("SHUTTING_DOWN", "The server is stopping and takes no new requests.", {
      retryAfter: 1,
      hint: "Repeat the request; another replica or the restarted server answers.",
    });
  }
  if (!isProbe) admission.enterServer();
  // Not `once`: it comes once anyhow, and a wrapper that takes itself off costs more than the rest.
  reply.raw.on("close", () => {
    if (!isProbe) admission.leaveServer();
    const { statusCode, writableFinished } = reply.raw;
    request.onGone?.(writableFinished);
    const duration = (performance.now() - request.arrivedAt) / 1000;
    metrics.observeRequest(routeId, statusCode, duration);
    if (log.isLevelEnabled("debug")) {
      log.debug({ requestId: request.id, route: routeId, status: statusCode, seconds: duration }, "request answered");
    }
  });
}

/** Tells a wrong path from a wrong method. */
function describeUnknown({ config }: ServerContext, request: FastifyRequest): ConnectorError {
  const path = request.url.split("?")[0] ?? "";
  const below = path.startsWith(config.basePath) ? path.slice(config.basePath.length) : undefined;
  const methods = Object.values<Route>(routes)
    .filter((route) => below !== undefined && matchesPath(route.path, below))
    .map((route) => route.method);
  if (methods.length > 0) {
    return new ConnectorError("METHOD_NOT_ALLOWED", `This path does not take ${request.method}.`, {
      hint: `Use ${methods.join(" or ")}.`,
    });
  }
  return new ConnectorError("ROUTE_NOT_FOUND", "There is no such path on this server.", {
    hint: `The paths are in ${config.basePath}/openapi.json.`,
  });
}

function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith("{") || part === given[index]);
}
