import { type ExecuteRequest, type PretendedCaller, type Route, routes } from "@junctor/contract";
import type { Call, Caller, CallResult, Json, JsonObject } from "@junctor/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerPreflight, isPreflight } from "../../callers/page-access.ts";
import { mountRoute, toPattern } from "../../http/mount-route.ts";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";
import { type Admitted, admitCaller, answerFailedCall, keepToPages, requireAuthor } from "./admit-caller.ts";
import { Departure } from "./departure.ts";
import { PassThroughReply } from "./pass-through.ts";
import { sendResult, sendTraced } from "./send-result.ts";
import { SurfaceCall } from "./surface-call.ts";

/** Mounts the calls: `execute` and `dry-run`. */
export function mountExecute(app: FastifyInstance, context: ServerContext): void {
  mountCall(app, context);
  mountDryRun(app, context);
}

/**
 * A dry run shows what a call would send, so the caller must be let in as for the call. One that an author makes for somebody
 * else (`as`) is not asked of the policies: the scope is what lets it in, and it must not count against who is pretended.
 */
function mountDryRun(app: FastifyInstance, context: ServerContext): void {
  mountRoute(app, context, "dryRunAction", async ({ holder, parameters, body, requestId, reply }) => {
    const { as, ...rest } = body ?? {};
    const call = describeCall(holder, requestId, parameters, rest as ExecuteRequest);
    if (as === undefined) {
      const { caller, workspace, connector, action, connection } = call;
      const { ip: address } = reply.request;
      await context.gate.check({ caller, workspaceId: workspace.id, connector, action, address, connection });
      return { plan: { ...(await context.engine.dryRun(call)) } };
    }
    requireAuthor(holder, "`as`");
    return { plan: { ...(await context.engine.dryRun({ ...call, caller: pretend(as) })) } };
  });
}

/** The caller that a dry run is made for. Nothing is sent, so nobody's rights are used. */
function pretend({ kind, user }: PretendedCaller): Caller {
  if (kind === "anonymous") return { kind, id: null, scopes: [] };
  const { id = "somebody", email, name, roles = [], groups = [], claims = {} } = user ?? {};
  const profile = { ...(email !== undefined && { email }), ...(name !== undefined && { name }) };
  return { kind, id, scopes: [], user: { id, ...profile, roles, groups, claims: claims as JsonObject } };
}

interface CallPath {
  readonly name: string;
  readonly action: string;
}

/** Mounted by itself, because each step of it is on the path of every call. */
function mountCall(app: FastifyInstance, context: ServerContext): void {
  const route: Route = routes.executeAction;
  const validator = context.validatorOf(route);
  const { admission, engine, gate } = context;
  const url = toPattern(route.path);
  app.decorateRequest("identified", null);
  app.route({
    method: "OPTIONS",
    url,
    config: { routeId: route.id, cors: false },
    handler: (request, reply) =>
      isPreflight(request) ? answerPreflight(request, reply, [route.method]) : reply.callNotFound(),
  });
  app.route({
    method: route.method,
    url,
    config: { routeId: route.id },
    onRequest: admitCaller(context, route),
    errorHandler: (error, request, reply) => answerFailedCall(context, request, reply, error),
    async handler(request, reply) {
      const { identified } = request;
      const admitted: Admitted = identified ?? (request.holder as KeyHolder);
      const path = request.params as CallPath;
      validator.body(request.body);
      if ((request.body as ExecuteRequest | undefined)?.trace === true) requireAuthor(admitted, "`trace`");
      const raw = wantsRaw(request, validator);
      const workspaceId = admitted.workspace.id;
      const { name: connector, action } = path;
      const connection = (request.body as ExecuteRequest | undefined)?.connection;
      const { caller } = admitted;
      const question = { caller, workspaceId, connector, action, address: request.ip, connection };
      const origin = identified?.origin;
      const allowed = gate.check(origin === undefined ? question : { ...question, origin });
      if (allowed !== undefined) await allowed;
      let body = request.body as ExecuteRequest | undefined;
      if (identified !== null) body = await keepToPages(context, identified, path, body);
      // Gone while it was found out who calls and whether it may: nobody would give the place back.
      if (reply.raw.closed) return reply.hijack();
      admission.enterWorkspace(workspaceId);
      const departure = new Departure();
      const sink = raw ? new PassThroughReply(reply) : undefined;
      const leave = (finished: boolean): void => {
        admission.leaveWorkspace(workspaceId);
        if (!finished) departure.happen();
      };
      request.onGone = leave;
      const call = describeCall(admitted, request.id, path, body, departure);
      const result = await engine.execute(call, sink);
      return result.meta.trace === undefined ? answer(result, reply, raw) : sendTraced(result, reply);
    },
  });
}

function answer(result: CallResult, reply: FastifyReply, raw: boolean): FastifyReply {
  // A passed-through answer is on its way or out already.
  return result.output.kind === "passed" ? reply : sendResult(result, reply, raw);
}

/** `answer=raw` asks for the output as it is instead of the envelope. */
function wantsRaw(request: FastifyRequest, validator: ReturnType<ServerContext["validatorOf"]>): boolean {
  const { url } = request;
  // Fast path: no query, or the one that everybody writes.
  if (url.endsWith("/execute")) return false;
  if (url.endsWith("/execute?answer=raw")) return true;
  return validator.query(request.query as Record<string, unknown>).answer === "raw";
}

function describeCall(
  { workspace, caller }: Admitted,
  requestId: string,
  { name, action }: CallPath,
  body: ExecuteRequest = {},
  departure?: Departure,
): Call {
  const { connection, version, page, trace } = body;
  const input = (body.input ?? {}) as Json;
  return new SurfaceCall(
    { workspace, caller, requestId, surface: "rest", connector: name, action, input, connection, version, page, trace },
    departure,
  );
}
