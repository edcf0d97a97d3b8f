/**
 * The widget surface: `{METHOD} /connectors/{permalink}/execute`, and `POST /connectors/composite/{permalink}/execute`.
 *
 *   who calls? 401 403 ─► which connector? 404 ─► its method? 405 ─► path values? 400 ─► policy? 403 429 ─► execute
 *
 * Every answer has `X-Request-ID`, `Server-Timing` and `X-Connector-Timing`; failures have the widget envelope, also those that
 * come before the handler (a body that cannot be read, a server that has no room). Pages of other origins may read an answer
 * only where the caller's key or the workspace lists their origin.
 */
import { type Call, type CallResult, type CompiledConnector, ConnectorError, type Json } from "@junctor/core";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import {
  allowOrigin,
  answerPreflight,
  isPreflight,
  letPageRead,
  readEvidence,
  readHeader,
} from "../../callers/page-access.ts";
import { toConnectorError } from "../../http/to-problem.ts";
import type { ServerContext } from "../../server-context.ts";
import { Departure } from "../execute/departure.ts";
import { PassThroughReply } from "../execute/pass-through.ts";
import { SurfaceCall, type SurfaceCallParts } from "../execute/surface-call.ts";
import { sendWidgetResult } from "./send-widget-result.ts";
import { writeTimingHeaders } from "./timing-headers.ts";
import { toWidgetFailure, type WidgetEnvelope, widgetEnvelope } from "./widget-envelope.ts";
import { chooseAction, listDeclaredHeaders, methodOf, readWidgetInput } from "./widget-input.ts";

const methods: HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const path = "/connectors/:permalink/execute";

/** Mounts the widget surface. */
export function mountWidget(app: FastifyInstance, context: ServerContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => answerWidget(context, request, reply);
  const errorHandler = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerBroken(context, request, reply, thrown);
  const mount = (method: HTTPMethods[], url: string, routeId: string) => {
    app.route({ method, url, config: { routeId }, handler, errorHandler });
    // The origins that an operator lists for the API are not those of the keys: the preflight is answered here.
    app.route({ method: "OPTIONS", url, config: { routeId, cors: false }, handler, errorHandler });
  };
  mount(methods, path, "widgetExecute");
  mount(["POST"], path.replace("/:", "/composite/:"), "widgetCompositeExecute");
}

async function answerWidget(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (isPreflight(request)) return answerPreflight(request, reply, [...methods, "OPTIONS"]);
  const known: Known = { compatible: false, trusted: false, connector: undefined, method: undefined };
  try {
    const result = await call(context, request, reply, known);
    if (result.output.kind === "passed") return reply;
    writeTiming(request, reply, known, result, undefined);
    return sendWidgetResult(result, request, reply, known.method === "HEAD");
  } catch (thrown) {
    await letPageRead(context, request, reply, thrown, pageAnswers);
    return answerFailure(context, request, reply, known, thrown);
  }
}

/** Answers what failed before the handler, or after it: nothing is known of the call but its credentials. */
function answerBroken(context: ServerContext, request: FastifyRequest, reply: FastifyReply, thrown: unknown): void {
  // The caller is gone, or the head of a streamed answer is out: there is nobody to tell.
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const known: Known = { compatible: false, trusted: false, connector: undefined, method: undefined };
  const answer = () => void answerFailure(context, request, reply, known, thrown);
  const reading = letPageRead(context, request, reply, thrown, pageAnswers);
  if (reading === undefined) answer();
  else void reading.then(answer);
}

function answerFailure(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  known: Known,
  thrown: unknown,
): FastifyReply {
  const error = toConnectorError(thrown);
  if (error.code === "INTERNAL") context.log.error({ err: thrown, requestId: request.id }, "a widget call failed");
  const failure = toWidgetFailure(error, request.id, {
    compatible: known.compatible,
    ...(error.step === undefined ? {} : { step: error.step }),
  });
  writeTiming(request, reply, known, undefined, {
    timedOut: failure.timedOut,
    scope: failure.body.errors.scope ?? error.code,
  });
  if (error.retryAfter !== undefined) reply.header("retry-after", error.retryAfter);
  const body = thrown instanceof WidgetRefusal ? widgetEnvelope(request.id, thrown.errors) : failure.body;
  return reply.code(failure.status).send(body);
}

/** What is known of a call by the time it ends, whichever way. */
interface Known {
  compatible: boolean;
  trusted: boolean;
  connector: CompiledConnector | undefined;
  /** The connector's own. */
  method: string | undefined;
}

async function call(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  known: Known,
): Promise<CallResult> {
  const identified = await context.identify(readEvidence(request));
  // A service's answer is the same for every origin, and no browser keeps it: no page may read it.
  if (identified.caller.kind !== "service") allowOrigin(reply, identified.origin, pageAnswers);
  known.trusted = identified.trusted;
  const { permalink } = request.params as { readonly permalink: string };
  const connector = await context.engine.connector(identified.workspace.id, permalink);
  known.connector = connector;
  known.compatible = connector.definition.compat !== undefined;
  const action = chooseAction(connector);
  const definition = connector.definition.actions?.[action] ?? {};
  const method = methodOf(definition as Parameters<typeof methodOf>[0]);
  known.method = method;
  // HEAD is GET without the body (RFC 9110 section 9.3.2); any other method is locked.
  if (request.method !== method && !(request.method === "HEAD" && method === "GET")) {
    throw new ConnectorError("METHOD_NOT_ALLOWED", `"${permalink}" takes ${method}, not ${request.method}.`, {
      hint: `Call it with ${method}.`,
    });
  }
  const read = readWidgetInput(
    {
      method,
      query: request.query as Readonly<Record<string, string | readonly string[]>>,
      pathParams: readHeader(request, "x-path-params"),
      headers: request.headers,
      body: request.body as Json | undefined,
      // Imported connectors pass on or read the text itself.
      ...(!known.compatible && { bodyText: request.bodyText }),
    },
    definition as Parameters<typeof readWidgetInput>[1],
  );
  if (!read.ok) throw new WidgetRefusal(read.problem);
  const { caller, workspace, origin } = identified;
  if (caller.kind !== "service") {
    const declared = listDeclaredHeaders(definition as Parameters<typeof listDeclaredHeaders>[0]);
    if (declared !== "") reply.header("vary", `${pageVary}, ${declared}`);
  }
  const connection = connectionOf(request);
  const allowed = context.gate.check({
    caller,
    workspaceId: workspace.id,
    connector: connector.name,
    action,
    address: request.ip,
    ...(origin === undefined ? {} : { origin }),
    ...connection,
  });
  if (allowed !== undefined) await allowed;
  return runCall(context, request, reply, {
    workspace,
    caller,
    requestId: request.id,
    surface: "widget",
    connector: connector.name,
    action,
    input: read.input,
    ...(request.bodyText !== "" && { bodyText: request.bodyText }),
    ...freshnessOf(request),
    ...connection,
  });
}

/** A refusal that only the widget contract knows. */
class WidgetRefusal extends ConnectorError {
  readonly errors: WidgetEnvelope["errors"];
  constructor(problem: { readonly code: string; readonly params?: readonly string[]; readonly detail?: string }) {
    const detail =
      problem.detail ??
      (problem.code === "MISSING_PATH_PARAMETERS" ? "Path parameters are missing." : "Path parameters are not valid.");
    super("REQUEST_INVALID", detail);
    this.errors = { code: problem.code, detail, ...(problem.params !== undefined && { params: problem.params }) };
  }
}

async function runCall(
  { admission, engine }: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: SurfaceCallParts,
): Promise<CallResult> {
  // Gone while it was found out who calls: nobody would give the place back.
  if (reply.raw.closed) throw new ConnectorError("CALL_CANCELLED", "The caller went away before the call was made.");
  const workspaceId = parts.workspace.id;
  admission.enterWorkspace(workspaceId);
  const departure = new Departure();
  const leave = (finished: boolean): void => {
    admission.leaveWorkspace(workspaceId);
    if (!finished) departure.happen();
  };
  request.onGone = leave;
  return engine.execute(new SurfaceCall(parts, departure), new PassThroughReply(reply));
}

/** What the caller accepts from the cache. */
function freshnessOf(request: FastifyRequest): Pick<Call, "freshness"> {
  const cacheControl = request.headers["cache-control"];
  const pragma = readHeader(request, "pragma");
  if (cacheControl === undefined && pragma === undefined) return {};
  return {
    freshness: { ...(cacheControl !== undefined && { cacheControl }), ...(pragma !== undefined && { pragma }) },
  };
}

/** The runtime choice of a connection, by name. */
function connectionOf(request: FastifyRequest): { readonly connection?: string } {
  const name = readHeader(request, "x-junctor-connection");
  return name === undefined ? {} : { connection: name };
}

const exposed = "x-request-id, server-timing, x-connector-timing, x-junctor-cache, retry-after, age, etag";

/**
 * What an answer to a page depends on beside its URL. The upstream's `Cache-Control` goes out with it, so a browser may keep
 * it, and must not show it to the next user of the page, or for other path parameters.
 */
const pageVary = "origin, authorization, x-junctor-key, x-junctor-connection, x-path-params";

const pageAnswers = { exposed, vary: pageVary };

function writeTiming(
  request: FastifyRequest,
  reply: FastifyReply,
  { connector, trusted }: Known,
  result: CallResult | undefined,
  failure: { readonly timedOut: boolean; readonly scope: string } | undefined,
): void {
  const totalMs = performance.now() - request.arrivedAt;
  const meta = result?.meta;
  const externalMs = Math.min(totalMs, meta?.timing.externalMs ?? 0);
  const host = hostOf(connector);
  const headers = writeTimingHeaders(
    {
      totalMs,
      setupMs: Math.max(0, totalMs - (meta?.durationMs ?? 0)),
      transformMs: meta?.timing.transformMs ?? 0,
      cacheMs: meta?.timing.cacheMs ?? 0,
      externalMs,
      cacheHit: meta?.cache === "hit" || meta?.cache === "stale",
      timedOut: failure?.timedOut ?? false,
      ...(meta?.steps !== undefined && { steps: meta.steps }),
      ...(host !== undefined && { externalHost: host }),
      ...(failure !== undefined && { error: failure.scope }),
    },
    request.id,
    trusted,
  );
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
}

function hostOf(connector: CompiledConnector | undefined): string | undefined {
  const base = connector?.baseUrls?.values().next().value;
  return base?.fixed?.host;
}
