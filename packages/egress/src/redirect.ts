import type { RequestHeaders, ResponseHeaders, SensitiveNames } from "./egress.ts";
import type { EgressError } from "./errors.ts";

/** Asks whether a 3xx may be followed. */
export interface RedirectQuestion {
  readonly method: string;
  readonly url: string | URL;
  readonly headers?: RequestHeaders;
  /** Whether the request has a body, and whether it can be sent again. Default "none". */
  readonly body?: "none" | "replayable" | "stream";
  readonly status: number;
  readonly responseHeaders: ResponseHeaders;
  readonly sensitive?: SensitiveNames;
}

/** Records one followed hop. URLs have neither credentials nor query. */
export interface RedirectHop {
  readonly status: number;
  readonly from: string;
  readonly to: string;
  readonly originChanged: boolean;
}

/** Holds the request that a redirect asks for, after the rules were applied. */
export interface RedirectStep {
  readonly kind: "follow";
  readonly url: string;
  readonly method: string;
  /** Headers to send: credentials are gone if the origin changed, body headers if the method became GET. */
  readonly headers: readonly string[];
  /** Whether the body goes along (307, 308, and 301/302 of methods other than POST). */
  readonly keepBody: boolean;
  readonly originChanged: boolean;
  readonly hop: RedirectHop;
}

/** Answers a {@link RedirectQuestion}. */
export type RedirectCheck = RedirectStep | { readonly kind: "refused"; readonly error: EgressError };
