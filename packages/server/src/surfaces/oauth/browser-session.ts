import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerContext } from "../../server-context.ts";

/**
 * The cookie that binds an authorization to one browser. It says nothing about who the person is: it is 256 random bits that
 * only the browser in which the connect page was opened has. `SameSite=Lax` lets it come along with the redirect back.
 */
const name = "junctor_connect";
const maxAgeSeconds = 3_600;

/** Reads the browser session, if there is one. */
export function readBrowserSession(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && /^[\w-]{43}$/.test(value)) return value;
  }
  return undefined;
}

/** Reads the browser session, or begins one. */
export function openBrowserSession(request: FastifyRequest, reply: FastifyReply, context: ServerContext): string {
  const session = readBrowserSession(request) ?? randomBytes(32).toString("base64url");
  const { pathname, protocol } = new URL(context.publicUrl());
  const path = `${pathname.replace(/\/$/, "")}/oauth`;
  const secure = protocol === "https:" ? "; Secure" : "";
  reply.header(
    "set-cookie",
    `${name}=${session}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`,
  );
  return session;
}

/** Makes the token that a form carries, so that no other site can post it in this browser. */
export function formToken(session: string, ticket: string): string {
  return createHash("sha256").update(`${session}.${ticket}`).digest("base64url");
}

/** Compares a form's token in constant time. */
export function isFormToken(given: string | undefined, session: string | undefined, ticket: string): boolean {
  if (given === undefined || session === undefined) return false;
  const expected = Buffer.from(formToken(session, ticket));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
