/**
 * Who may call an action by its name: a service key with the scope, at once; and whoever the widget surface knows (a page's
 * publishable key, a user token, a backend that speaks for a user), whom only a policy lets in.
 *
 *   Authorization: Bearer jk_… ─► service key ────────────────► scope? ──────────┐
 *   anything else ─────────────► key, origin, user token 401 403 ─► (handler) ───┴─► policy 403 429 ─► call
 */
import { coversScope, type ExecuteRequest, type Route } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { IdentifiedCaller } from "../../callers/identify-caller.ts";
import { allowOrigin, letPageRead, type PageAnswers, readEvidence } from "../../callers/page-access.ts";
import { isServerField } from "../../callers/server-fields.ts";
import { authorizeBy } from "../../http/mount-route.ts";
import { sendProblem } from "../../http/send-problem.ts";
import { toConnectorError } from "../../http/to-problem.ts";
import type { KeyHolder } from "../../keys/key-ring.ts";
import type { ServerContext } from "../../server-context.ts";
import { describeForVisitor } from "../widget/widget-envelope.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls by other means than a service key; null where `holder` says it. */
    identified: IdentifiedCaller | null;
  }
}

/** Who calls and where, whichever way it was found out. */
export type Admitted = Pick<KeyHolder, "workspace" | "caller">;

const pageAnswers: PageAnswers = {
  exposed: "x-request-id, retry-after, x-junctor-execution, x-junctor-continuation",
  vary: "origin, authorization, x-junctor-key",
};

/** Builds the hook that finds out who calls; it is then in `request.holder` or in `request.identified`. */
export function admitCaller(context: ServerContext, route: Pick<Route, "access">) {
  const admitService = authorizeBy(context, route);
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    if (isServiceKey(request.headers.authorization)) {
      admitService(request, reply, done);
      return;
    }
    context.identify(readEvidence(request)).then((identified) => {
      request.identified = identified;
      if (identified.caller.kind !== "service") allowOrigin(reply, identified.origin, pageAnswers);
      done();
    }, done);
  };
}

// The way that everybody writes it first: this is on the path of every call.
const isServiceKey = (authorization: string | undefined): boolean =>
  authorization !== undefined && (authorization.startsWith("Bearer jk_") || /^bearer +jk_/i.test(authorization));

/** Who may write connectors may see how they render, for whoever calls (FORBIDDEN for others). */
export function requireAuthor({ caller }: Admitted, what: string): void {
  if (coversScope(caller.scopes, "connectors:write")) return;
  throw new ConnectorError("FORBIDDEN", `${what} needs the scope connectors:write.`, {
    hint: "Use a key that may write connectors.",
  });
}

/**
 * Keeps a call that brings no service key to what the widget surface would let it call: the published version, actions that
 * are not hidden, one page at a time, and of the header fields of an imported connector those that are not meant for this
 * server. Gives the body that may be called with; rejects with FORBIDDEN, ACTION_UNKNOWN or CONNECTOR_UNKNOWN.
 */
export async function keepToPages(
  { engine }: Pick<ServerContext, "engine">,
  { workspace, trusted }: IdentifiedCaller,
  { name, action }: { readonly name: string; readonly action: string },
  body: ExecuteRequest | undefined,
): Promise<ExecuteRequest | undefined> {
  if (trusted) return body;
  if (body?.version !== undefined) {
    throw new ConnectorError("FORBIDDEN", "Only a service key may choose the version of a connector.", {
      hint: "Leave `version` out: the published version is called.",
    });
  }
  if (body?.page?.all === true) {
    throw new ConnectorError("FORBIDDEN", "Only a service key may ask for all pages in one call.", {
      hint: "Leave `page.all` out, and send the continuation of each answer in `page.continuation`.",
    });
  }
  const { definition, version } = await engine.connector(workspace.id, name);
  // The words of an action that there is not; an action named `execute` is the one that widgets call, hidden or not.
  if (action !== "execute" && definition.actions?.[action]?.hidden === true) {
    throw new ConnectorError("ACTION_UNKNOWN", `"${name}" ${version} has no action "${action}".`);
  }
  return definition.compat === undefined ? body : withoutServerFields(body);
}

/** An imported connector passes on `input.headers` as header fields; the widget surface reads them from the request's own. */
function withoutServerFields(body: ExecuteRequest | undefined): ExecuteRequest | undefined {
  const input = body?.input as { readonly headers?: unknown } | null | undefined;
  const headers = input?.headers;
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return body;
  const kept = Object.entries(headers).filter(([name]) => !isServerField(name));
  return { ...body, input: { ...input, headers: Object.fromEntries(kept) } };
}

/**
 * Answers a call that failed, wherever it did. A page can read the refusal if its origin is admitted; who brings no service key
 * is told what the widget surface would tell: not what a failing upstream said, nor what an author should do.
 */
export function answerFailedCall(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): void {
  const answer = () => sendProblem(context, request, reply, isForAuthor(request) ? thrown : describeForPage(thrown));
  const reading = letPageRead(context, request, reply, thrown, pageAnswers);
  if (reading === undefined) answer();
  else void reading.then(answer);
}

/** Whether the request brings a service key; also one that is refused, of which only that is told. */
const isForAuthor = ({ identified, holder, headers }: FastifyRequest): boolean =>
  identified?.trusted === true || holder !== null || isServiceKey(headers.authorization);

/** Codes whose details and hint speak of what the caller sent, and of nothing else. */
const ofCaller: ReadonlySet<string> = new Set([
  "REQUEST_INVALID",
  "REQUEST_MALFORMED",
  "REQUEST_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
  "UNAUTHENTICATED",
  "USER_TOKEN_INVALID",
  "INPUT_INVALID",
]);

function describeForPage(thrown: unknown): ConnectorError {
  const error = toConnectorError(thrown);
  if (error.code === "INTERNAL" || ofCaller.has(error.code)) return error;
  const { status, stage, retryable, retryAfter, connectorCode, step } = error;
  return new ConnectorError(error.code, describeForVisitor(error), {
    cause: error,
    status,
    stage,
    retryable,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(connectorCode !== undefined && { connectorCode }),
    ...(step !== undefined && { step }),
  });
}
