import type { StoredResponse } from "./cache-types.ts";
import { joined } from "./joined-field.ts";

/** Whether the upstream can be asked if a response still holds: it has a validator, and that belongs to the URL asked. */
export const isValidated = ({ headers, over }: StoredResponse): boolean =>
  over === undefined && (headers.etag !== undefined || headers["last-modified"] !== undefined);

/** Validators for a conditional request (RFC 9110 section 13). */
export function validatorsOf(response: StoredResponse): Record<string, string> {
  if (!isValidated(response)) return {};
  const etag = joined(response.headers, "etag");
  const modified = joined(response.headers, "last-modified");
  return {
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(modified === undefined ? {} : { "if-modified-since": modified }),
  };
}

/**
 * Whether a 304 speaks of the response that is kept (RFC 9111 section 4.3.4): a strong entity tag must be the kept one, a
 * weak one equal to it by weak comparison; without a tag it answers what was asked. What came over a redirect speaks of
 * another resource.
 */
export function confirms(notModified: StoredResponse, kept: StoredResponse): boolean {
  if (notModified.over !== undefined) return false;
  const given = joined(notModified.headers, "etag");
  if (given === undefined) return true;
  const present = joined(kept.headers, "etag");
  if (present === undefined) return isWeak(given);
  return given === present || (isWeak(given) && withoutMark(given) === withoutMark(present));
}

const isWeak = (etag: string): boolean => /^w\//i.test(etag);
const withoutMark = (etag: string): string => etag.replace(/^w\//i, "");

/** Fields that describe the body that is kept, which a 304 does not bring (RFC 9111 section 3.2). */
const bodyFields: ReadonlySet<string> = new Set([
  "content-length",
  "content-encoding",
  "content-type",
  "content-range",
  "transfer-encoding",
]);

/** Updates the kept header fields with those of a 304 that confirms them; the body stays. */
export function mergeNotModified(kept: StoredResponse, notModified: StoredResponse): StoredResponse {
  const headers: Record<string, string | readonly string[]> = { ...kept.headers };
  delete headers.age;
  for (const [name, value] of Object.entries(notModified.headers)) if (!bodyFields.has(name)) headers[name] = value;
  return { status: kept.status, headers, bytes: kept.bytes };
}
