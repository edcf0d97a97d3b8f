import type { ProblemDetail } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";

/**
 * Refuses origins that no browser ever sends, because they are compared with what one sends (RFC 6454 section 6.2): a wildcard, a
 * port that the scheme implies, capitals, a user name. Throws REQUEST_INVALID that says how the origin is written.
 */
export function checkOrigins(origins: readonly string[] | undefined, pointer: string): void {
  const details = (origins ?? []).flatMap((origin, index) => describeUnsendable(origin, `${pointer}/${index}`));
  const [first] = details;
  if (first === undefined) return;
  throw new ConnectorError("REQUEST_INVALID", `No page has such an origin: ${first.pointer} ${first.message}.`, {
    details,
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}

function describeUnsendable(origin: string, pointer: string): readonly ProblemDetail[] {
  if (origin.includes("*")) {
    return [{ pointer, message: "has a wildcard, and origins are compared exactly", hint: "Name each origin." }];
  }
  const url = URL.parse(origin);
  if (url === null) return [{ pointer, message: "is no origin", hint: 'Write it like "https://app.example".' }];
  if (url.origin === origin) return [];
  return [{ pointer, message: "is not written as a browser sends it", hint: `Write "${url.origin}".` }];
}
