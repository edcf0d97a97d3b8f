import type { ConnectorError } from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerContext } from "../server-context.ts";
import { explainUnknownConnector, readUnknownConnector } from "./explain-unknown-connector.ts";
import { nameOddText } from "./name-odd-text.ts";
import { toConnectorError, toProblem } from "./to-problem.ts";

/** Answers with the problem document of an error, and logs what is a fault of the server. */
export function sendProblem(
  context: Pick<ServerContext, "log" | "secrets" | "stores">,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): void {
  const error = nameOddText(toConnectorError(thrown), request);
  const unknown = readUnknownConnector(error, request);
  if (unknown === undefined) sendError(context, request, reply, error);
  else {
    void explainUnknownConnector(context.stores.connectors, unknown).then((told) =>
      sendError(context, request, reply, told),
    );
  }
}

function sendError(
  context: Pick<ServerContext, "log" | "secrets">,
  request: FastifyRequest,
  reply: FastifyReply,
  error: ConnectorError,
): void {
  const problem = toProblem(error, request.id);
  if (problem.status >= 500 && problem.stage === "server" && problem.code === "INTERNAL") {
    context.log.error({ requestId: request.id, route: request.routeId, err: error.cause ?? error }, "request failed");
  } else {
    context.log.debug({ requestId: request.id, code: error.code, detail: error.message }, "request refused");
  }
  // The caller is gone, or the head of a streamed answer is out: there is nobody to tell.
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (error.retryAfter !== undefined) reply.header("retry-after", String(Math.ceil(error.retryAfter)));
  if (error.code === "UNAUTHENTICATED") reply.header("www-authenticate", 'Bearer realm="junctor"');
  if (error.code === "METHOD_NOT_ALLOWED" && error.hint !== undefined) {
    reply.header("allow", [...error.hint.matchAll(/[A-Z]{3,}/g)].join(", "));
  }
  reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .header("x-request-id", request.id)
    .header("cache-control", "no-store")
    .serializer((text: unknown) => String(text))
    .send(context.secrets.clean(JSON.stringify(problem)));
}
