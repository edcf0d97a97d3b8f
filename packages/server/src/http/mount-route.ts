import { type Operations, type Route, type RouteId, routes } from "@junctor/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { KeyHolder } from "../keys/key-ring.ts";
import type { ServerContext } from "../server-context.ts";
import { authenticate, requireScope } from "./authorize.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Id of the route in the contract, or of a surface's own route. */
    readonly routeId?: string;
  }
  interface FastifyRequest {
    /** Who calls; null on public routes. */
    holder: KeyHolder | null;
  }
}

/** What a handler gets: the checked parts of the request. */
export interface RouteRequest<Id extends RouteId> {
  readonly parameters: Operations[Id]["parameters"];
  readonly query: Operations[Id]["query"];
  readonly body: Operations[Id]["body"];
  /** Who calls. Throws on a public route, where nobody needs to be known. */
  readonly holder: KeyHolder;
  readonly requestId: string;
  /** The body's text as it was sent. */
  readonly text: string;
  readonly reply: FastifyReply;
}

/** Answers one route. The answer is sent with the route's status; a handler that sent it itself returns `reply`. */
export type RouteHandler<Id extends RouteId> = (
  request: RouteRequest<Id>,
) => Promise<Operations[Id]["answer"] | FastifyReply> | Operations[Id]["answer"] | FastifyReply;

/**
 * Mounts a route of the contract: it is opened to whom the contract says, and to nobody else, and its handler sees only
 * what matches the contract's schemas.
 */
export function mountRoute<Id extends RouteId>(
  app: FastifyInstance,
  context: ServerContext,
  id: Id,
  handler: RouteHandler<Id>,
): void {
  const route: Route = routes[id];
  const validator = context.validatorOf(route);
  app.route({
    method: route.method,
    url: toPattern(route.path),
    config: { routeId: id },
    ...(route.body?.maxBytes === undefined ? {} : { bodyLimit: route.body.maxBytes }),
    onRequest: authorizeBy(context, route),
    async handler(request, reply) {
      validator.parameters(request.params as Record<string, unknown>);
      const query = validator.query(request.query as Record<string, unknown>);
      validator.body(request.body);
      const answer = await handler(describeRequest<Id>(request, reply, query));
      // A reply that is awaited is over, and gives undefined; one whose reader left is not `sent`, but has begun or has no socket.
      if (reply.sent || reply.raw.headersSent || reply.raw.destroyed) return reply;
      reply.code(route.answer.status);
      if (answer === undefined) return reply.send();
      return reply.header("content-type", route.answer.contentType ?? "application/json; charset=utf-8").send(answer);
    },
  });
}

/** Builds the hook that lets in whom a route names; the holder of the key is then in `request.holder`. */
export function authorizeBy(context: ServerContext, route: Pick<Route, "access">) {
  const { access } = route;
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    if (access.kind === "public") {
      done();
      return;
    }
    const admitHolder = (holder: KeyHolder) => {
      requireScope(holder, access.scope);
      request.holder = holder;
      done();
    };
    try {
      const found = authenticate(context.keys, request.headers.authorization);
      if (found instanceof Promise) found.then(admitHolder).catch((error: unknown) => done(error as Error));
      else admitHolder(found);
    } catch (error) {
      done(error as Error);
    }
  };
}

/** Writes a path of the contract as the router wants it. */
export const toPattern = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

function describeRequest<Id extends RouteId>(
  request: FastifyRequest,
  reply: FastifyReply,
  query: Readonly<Record<string, unknown>>,
): RouteRequest<Id> {
  return {
    parameters: request.params as Operations[Id]["parameters"],
    query: query as Operations[Id]["query"],
    body: request.body as Operations[Id]["body"],
    get holder() {
      if (request.holder === null) throw new TypeError("A public route has no holder.");
      return request.holder;
    },
    requestId: request.id,
    text: request.bodyText,
    reply,
  };
}
