import { coversScope, type ExecuteRequest, type PretendedCaller, type Route, routes } from "@junctor/contract";
import { type Call, type Caller, type CallResult, ConnectorError, type Json, type JsonObject } from "@junctor/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorizeBy, mountRoute, toPattern } from "../../http/mount-route.ts";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";
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

/** Who may write connectors may see how they render, for whoever calls (FORBIDDEN for others). */
function requireAuthor({ caller }: KeyHolder, what: string): void {
  if (coversScope(caller.scopes, "connectors:write")) return;
  throw new ConnectorError("FORBIDDEN", `${what} needs the scope connectors:write.`, {
    hint: "Use a key that may write connectors.",
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
  app.route({
    method: route.method,
    url: toPattern(route.path),
    config: { routeId: route.id },
    onRequest: authorizeBy(context, route),
    async handler(request, reply) {
      const holder = request.holder as KeyHolder;
      const path = request.params as CallPath;
      validator.body(request.body);
      if ((request.body as ExecuteRequest | undefined)?.trace === true) requireAuthor(holder, "`trace`");
      const raw = wantsRaw(request, validator);
      const workspaceId = holder.workspace.id;
      const { name: connector, action } = path;
      const connection = (request.body as ExecuteRequest | undefined)?.connection;
      const allowed = gate.check({
        caller: holder.caller,
        workspaceId,
        connector,
        action,
        address: request.ip,
        connection,
      });
      if (allowed !== undefined) await allowed;
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
      const call = describeCall(holder, request.id, path, request.body as ExecuteRequest | undefined, departure);
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
  { workspace, caller }: KeyHolder,
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
