import { ConnectorError } from "@junctor/core";

/**
 * Refuses a body that says to be written in something else than UTF-8 (MEDIA_TYPE_UNSUPPORTED): it was read as UTF-8 (RFC 8259,
 * section 8.1), and would be taken for another text than its sender meant.
 */
export function requireUtf8(contentType: string | undefined): void {
  // What nearly everybody sends.
  if (contentType === undefined || contentType === "application/json") return;
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new ConnectorError("MEDIA_TYPE_UNSUPPORTED", "The body is in a character set that this server does not read.", {
    hint: "Send the body in UTF-8, with Content-Type: application/json.",
  });
}
