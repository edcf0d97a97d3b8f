import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const sane = /^[A-Za-z0-9._-]{8,128}$/;

/** Takes over a sane `X-Request-Id` of the caller, else makes an id. */
export function chooseRequestId(request: { readonly headers: IncomingMessage["headers"] }): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && sane.test(given) ? given : randomUUID();
}
