/**
 * What a page of another origin may do with an answer (the Fetch standard's CORS protocol):
 *
 *   preflight, which carries no key ─► always allowed to ask
 *   answer ─────────────────────────► readable where the caller's key, or the workspace, lists the origin
 *   refusal, of whatever step ──────► readable there too, so that a page can tell an ended token from a dead network
 */
import { ConnectorError } from "@junctor/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerContext } from "../server-context.ts";
import type { CallerEvidence } from "./identify-caller.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** `false` where a route answers preflights itself, by other origins than those that the operator lists for the API. */
    readonly cors?: false;
  }
}

/** Reads what of a request says who calls. */
export function readEvidence(request: FastifyRequest): CallerEvidence {
  return {
    authorization: request.headers.authorization,
    key: readHeader(request, "x-junctor-key"),
    origin: request.headers.origin,
    fetchSite: readHeader(request, "sec-fetch-site"),
  };
}

/** Reads a header field that must come once; undefined when it is absent or repeated. Lower-case name. */
export const readHeader = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
};

/** How the answers of a route are shown to pages. */
export interface PageAnswers {
  /** Header fields that a page may read. */
  readonly exposed: string;
  /** What an answer depends on beside its URL: a browser must not show it to the next user of the page. */
  readonly vary: string;
}

/** Lets pages of the origin read the answer; without an origin (our own pages) it only says what the answer depends on. */
export function allowOrigin(reply: FastifyReply, origin: string | undefined, { exposed, vary }: PageAnswers): void {
  reply.header("vary", vary);
  if (origin === undefined) return;
  reply.header("access-control-allow-origin", origin).header("access-control-expose-headers", exposed);
}

/**
 * Lets a page read why its call was refused, if its origin is admitted and that has not been said yet. Undefined when there is
 * nothing to find out. Never rejects.
 */
export function letPageRead(
  { findReader, log }: Pick<ServerContext, "findReader" | "log">,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  answers: PageAnswers,
): Promise<void> | undefined {
  if (request.headers.origin === undefined || reply.hasHeader("access-control-allow-origin")) return undefined;
  const code = error instanceof ConnectorError ? error.code : undefined;
  // Whoever got these has no key or page that is known.
  if (code === "UNAUTHENTICATED" || code === "ORIGIN_REFUSED") return undefined;
  const onlyWarm = code === "OVERLOADED" || code === "SHUTTING_DOWN" || code === "STORE_UNAVAILABLE";
  return findReader(readEvidence(request), { onlyWarm }).then(
    (origin) => {
      if (origin !== undefined) allowOrigin(reply, origin, answers);
    },
    (err: unknown) => log.debug({ requestId: request.id, err }, "no origin was found that may read a refusal"),
  );
}

/** Whether a request is a preflight, and not a call with the method OPTIONS. */
export const isPreflight = (request: FastifyRequest): boolean =>
  request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;

/**
 * Answers a preflight. It carries no key, so it cannot be told whose page asks: it allows the question, and the call itself is
 * refused, unread, unless its key admits the origin.
 */
export function answerPreflight(
  request: FastifyRequest,
  reply: FastifyReply,
  methods: readonly string[],
): FastifyReply {
  const { origin } = request.headers;
  return reply
    .code(204)
    .header("vary", "origin, access-control-request-method, access-control-request-headers")
    .header("access-control-allow-origin", origin ?? "null")
    .header("access-control-allow-methods", methods.join(", "))
    .header(
      "access-control-allow-headers",
      String(request.headers["access-control-request-headers"] ?? "").slice(0, 1_000),
    )
    .header("access-control-max-age", "600")
    .send();
}
