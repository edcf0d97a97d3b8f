import { ConnectorError } from "@junctor/core";

/** What may be returned to beside the server's own origin. */
export interface ReturnRules {
  /** Origins that the operator trusts: those of his web applications. */
  readonly origins: readonly string[];
  readonly ownUrl: string;
}

/**
 * Checks where a browser may be sent in the end: the server's own origin, an origin that the operator listed, or the machine
 * itself over plain HTTP, which is how a command-line tool listens (RFC 8252 section 7.3). Anything else would make the server
 * an open redirector. Fails with INPUT_INVALID.
 */
export function checkReturnAddress(address: string, rules: ReturnRules): string {
  const url = URL.parse(address);
  const known = url !== null && url.username === "" && isAllowed(url, rules);
  if (known) return url.href;
  throw new ConnectorError("INPUT_INVALID", "The address to return to is not allowed.", {
    details: [{ pointer: "/returnTo", message: "Its origin is not in the list of the operator." }],
    hint: "Add the origin to JUNCTOR_CORS_ORIGINS, or use an address of the server itself or of this machine.",
  });
}

function isAllowed(url: URL, { origins, ownUrl }: ReturnRules): boolean {
  if (url.protocol !== "https:" && url.protocol !== "http:") return false;
  if (url.origin === URL.parse(ownUrl)?.origin || origins.includes(url.origin)) return true;
  return url.protocol === "http:" && (url.hostname === "127.0.0.1" || url.hostname === "[::1]");
}
