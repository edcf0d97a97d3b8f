import type { HttpHeaders } from "../ports/http.ts";

/**
 * An upstream's answer as the stages after *send* see it. Head first; the body is collected when something reads it,
 * decoded when a template does, and parsed at most once.
 */
export interface UpstreamResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: HttpHeaders;
  /** URL that answered. */
  readonly url: string;
  /** The whole body, unpacked; null until *decode* collected it, or when it is streamed to the caller. */
  bytes: Uint8Array | null;
  /** Reads the rest of a body that was not collected. */
  readonly stream: (() => AsyncIterable<Uint8Array>) | null;
  /** What `response.body` is: undefined until decoded, null for an empty body. */
  body: unknown;
  decoded: boolean;
}
