import { type ExecuteRequest, type Route, routes } from "@junctor/contract";
import type { Call, CallResult, Json } from "@junctor/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorizeBy, mountRoute, toPattern } from "../../http/mount-route.ts";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";
import { PassThroughReply } from "./pass-through.ts";
import { sendResult } from "./send-result.ts";

/** Mounts the calls: `execute` and `dry-run`. */
export function mountExecute(app: FastifyInstance, context: ServerContext): void {
  mountCall(app, context);
  mountRoute(app, context, "dryRunAction", async ({ holder, parameters, body, requestId }) => ({
    plan: { ...(await context.engine.dryRun(describeCall(holder, requestId, parameters, body))) },
  }));
}

interface CallPath {
  readonly name: string;
  readonly action: string;
}

/** Mounted by itself, because each step of it is on the path of every call. */
function mountCall(app: FastifyInstance, context: ServerContext): void {
  const route: Route = routes.executeAction;
  const validator = context.validatorOf(route);
  const { admission, engine } = context;
  app.route({
    method: route.method,
    url: toPattern(route.path),
    config: { routeId: route.id },
    onRequest: authorizeBy(context, route),
    async handler(request, reply) {
      const holder = request.holder as KeyHolder;
      const path = request.params as CallPath;
      validator.body(request.body);
      const raw = wantsRaw(request, validator);
      const workspaceId = holder.workspace.id;
      admission.enterWorkspace(workspaceId);
      const gone = new AbortController();
      reply.raw.once("close", () => {
        admission.leaveWorkspace(workspaceId);
        if (!reply.raw.writableFinished) gone.abort();
      });
      const call = describeCall(holder, request.id, path, request.body as ExecuteRequest | undefined, gone.signal);
      const sink = raw ? new PassThroughReply(reply) : undefined;
      const result = await engine.execute(call, sink);
      return answer(result, reply, raw);
    },
  });
}

function answer(result: CallResult, reply: FastifyReply, raw: boolean): FastifyReply {
  // A passed-through answer is on its way or out already.
  return result.output.kind === "passed" ? reply : sendResult(result, reply, raw);
}

/** `answer=raw` asks for the output as it is instead of the envelope. */
function wantsRaw(request: FastifyRequest, validator: ReturnType<ServerContext["validatorOf"]>): boolean {
  if (!request.url.includes("?")) return false;
  return validator.query(request.query as Record<string, unknown>).answer === "raw";
}

function describeCall(
  holder: KeyHolder,
  requestId: string,
  path: CallPath,
  body: ExecuteRequest | undefined,
  signal?: AbortSignal,
): Call {
  return {
    workspace: holder.workspace,
    caller: holder.caller,
    requestId,
    surface: "rest",
    connector: path.name,
    action: path.action,
    input: (body?.input ?? {}) as Json,
    ...(body?.version === undefined ? undefined : { version: body.version }),
    ...(body?.connection === undefined ? undefined : { connection: body.connection }),
    ...(body?.page === undefined ? undefined : { page: body.page }),
    ...(signal === undefined ? undefined : { signal }),
  };
}
