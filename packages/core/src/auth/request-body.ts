import { ConnectorError } from "../errors/connector-error.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";

/** The body as text; fails with SIGNING_FAILED where it is a stream, which nothing can sign. */
export function bodyText(request: OutgoingRequest): string {
  return Buffer.from(bodyBytes(request)).toString("utf8");
}

/** The body as bytes; fails with SIGNING_FAILED where it is a stream. */
export function bodyBytes(request: OutgoingRequest): Uint8Array {
  const { body } = request;
  if (body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return body;
  throw new ConnectorError("SIGNING_FAILED", "A streamed body cannot be signed.", {
    hint: "Send the file within the size that is collected, or use a method that does not sign the body.",
  });
}
