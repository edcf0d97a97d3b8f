import { ConnectorError } from "@junctor/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServerContext } from "../../server-context.ts";
import { makeOutcomePage } from "./connect-page.ts";
import { finishConnecting, showConnecting, submitConnecting } from "./connect-steps.ts";
import { sendPage } from "./send-page.ts";

/**
 * Mounts the pages on which people connect accounts. They need no key: the address of the connect page is the permission, and
 * the callback is bound to the browser that opened it.
 *
 *   GET  /oauth/connect/{ticket}   what is asked, a form           ─┐ same browser session (cookie)
 *   POST /oauth/connect/{ticket}   store parameters, send onward    │
 *   GET  /oauth/callback           state, issuer, code ─► tokens   ─┘
 */
export function mountOAuth(app: FastifyInstance, context: ServerContext): void {
  app.register(async (pages) => {
    pages.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
      done(null, body),
    );
    pages.setErrorHandler((error, request, reply) => sendFailure(context, error, request, reply));
    pages.get<TicketRoute>("/oauth/connect/:ticket", routeNamed("oauth.connect"), (request, reply) =>
      showConnecting(context, request, reply, request.params.ticket),
    );
    pages.post<TicketRoute>("/oauth/connect/:ticket", routeNamed("oauth.submit"), (request, reply) =>
      submitConnecting(context, request, reply, request.params.ticket, readForm(request)),
    );
    pages.get("/oauth/callback", routeNamed("oauth.callback"), (request, reply) =>
      finishConnecting(context, request, reply, new URL(request.url, "http://unused").searchParams),
    );
    // Response mode `form_post` comes from another site, without our cookie; as a redirect it comes with it.
    pages.post("/oauth/callback", routeNamed("oauth.callback"), (request, reply) =>
      reply
        .code(303)
        .header("location", `${context.publicUrl()}/oauth/callback?${readForm(request)}`)
        .send(),
    );
  });
}

interface TicketRoute {
  readonly Params: { readonly ticket: string };
}

const routeNamed = (routeId: string) => ({ config: { routeId } });

function readForm(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof request.body === "string" ? request.body : "");
}

/** Shows what went wrong as a page; what is not ours to explain is logged and stays general. */
function sendFailure(
  context: ServerContext,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = error instanceof ConnectorError ? error : undefined;
  if (known === undefined) context.log.error({ err: error, requestId: request.id }, "a connect page failed");
  const page = makeOutcomePage({
    succeeded: false,
    connectionId: null,
    message: context.secrets.clean(known?.message ?? "Something failed inside the server."),
    hint: known?.hint ?? `Tell the operator the request id ${request.id}.`,
    opener: null,
  });
  return sendPage(reply, known?.status ?? 500, page);
}
