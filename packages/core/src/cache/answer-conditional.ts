import type { HttpHeaders } from "../ports/http.ts";
import { namesTag } from "./entity-tag.ts";
import { parseHttpDate } from "./http-date.ts";
import { joined } from "./joined-field.ts";

/**
 * Whether a caller's own conditional request is answered with 304 by this response (RFC 9110 section 13.2.2):
 * `If-None-Match` by weak comparison, else `If-Modified-Since` by date. For GET and HEAD of a 200 response only.
 */
export function isNotModified(
  request: Readonly<Record<string, string | undefined>>,
  response: { readonly status: number; readonly headers: HttpHeaders },
): boolean {
  if (response.status !== 200) return false;
  const candidates = request["if-none-match"];
  const etag = joined(response.headers, "etag");
  if (candidates !== undefined) {
    if (candidates.trim() === "*") return true;
    return etag !== undefined && namesTag(candidates, etag);
  }
  const since = parseHttpDate(request["if-modified-since"]);
  const modified = parseHttpDate(joined(response.headers, "last-modified"));
  return since !== undefined && modified !== undefined && modified <= since;
}
