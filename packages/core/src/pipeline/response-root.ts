import type { HttpHeaders } from "../ports/http.ts";
import type { CallState } from "./call-state.ts";
import { readResponseHeader, type UpstreamResponse } from "./upstream-response.ts";

/**
 * Makes what templates see as `response`: `status`, `headers`, `body`, and, only where a template of the action reads
 * them, `headers`, `text`, `cookies` and `links`. Body and text were cleaned of the call's secrets when they were decoded;
 * header fields are cleaned here, because the stages themselves go by what the upstream said.
 */
export function responseRoot(
  { action, redaction }: Pick<CallState, "action" | "redaction">,
  response: UpstreamResponse,
): Readonly<Record<string, unknown>> {
  const reads = action.exchange.responseReads;
  const root: Record<string, unknown> = { status: response.status, body: response.body };
  if (reads.text) root.text = response.text ?? "";
  if (reads.headers || reads.cookies || reads.links) {
    const headers = redaction.cleanHeaders(response.headers);
    if (reads.headers) root.headers = joinHeaders(headers);
    if (reads.cookies) root.cookies = readCookies(headers);
    if (reads.links) root.links = readLinks(readResponseHeader(headers, "link") ?? "");
  }
  if (reads.statusCode) root.status_code = response.status;
  return root;
}

/** Headers that came more than once are one value, as RFC 9110, 5.3 has it; cookies cannot be joined and stay a list. */
function joinHeaders(headers: HttpHeaders): HttpHeaders {
  const joined: Record<string, string | readonly string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name] as string | readonly string[];
    joined[name] = typeof value === "string" || name === "set-cookie" ? value : value.join(", ");
  }
  return joined;
}

function readCookies(headers: HttpHeaders): Readonly<Record<string, string>> {
  const lines = headers["set-cookie"] ?? [];
  const cookies: [string, string][] = [];
  for (const line of typeof lines === "string" ? [lines] : lines) {
    const match = /^\s*([^=;\s]+)=("?)([^;"]*)\2/.exec(line);
    if (match?.[1] !== undefined) cookies.push([match[1], match[3] ?? ""]);
  }
  return Object.fromEntries(cookies);
}

/** Reads a `Link` header (RFC 8288) as relation → URL. A target may hold commas, so it is not split at them. */
export function readLinks(header: string): Readonly<Record<string, string>> {
  const links: [string, string][] = [];
  for (const match of header
    .slice(0, 64 * 1024)
    .matchAll(/<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(match[2] ?? "");
    for (const relation of (relations?.[1] ?? relations?.[2] ?? "").split(/\s+/)) {
      if (relation !== "") links.push([relation.toLowerCase(), match[1] ?? ""]);
    }
  }
  return Object.fromEntries(links.reverse());
}
