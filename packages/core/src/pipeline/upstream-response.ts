import type { HttpHeaders, HttpResponse } from "../ports/http.ts";

/**
 * An upstream's answer as the stages after *send* see it: the head at once, the body when something reads it, parsed at
 * most once.
 */
export interface UpstreamResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: HttpHeaders;
  /** Where the body can still be read from; null once it was. */
  source: HttpResponse["body"] | null;
  /** The whole body, unpacked; null until *decode* collected it. */
  bytes: Uint8Array | null;
  /** What `response.body` is; undefined until decoded. */
  body: unknown;
  /** What `response.text` is; null until decoded. */
  text: string | null;
  /** The text of `body`, where it is JSON and both are as they came: whoever answers with the body need not write it again. */
  jsonText: string | null;
  decoded: boolean;
}

/** Reads one header; several of the same name are joined as RFC 9110, 5.3 has it. */
export function readResponseHeader(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || typeof value === "string" ? value : value.join(", ");
}
