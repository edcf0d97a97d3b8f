import { checkUrl, readPlainUrl } from "./check-url.ts";
import type { EgressPolicy } from "./policy.ts";

/** The checked URL that one hop goes to. It is parsed only for who asks: for most calls, nobody does. */
export class HopUrl {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  #parsed: URL | undefined;

  constructor(origin: string, path: string, parsed?: URL) {
    this.origin = origin;
    this.path = path;
    this.#parsed = parsed;
  }

  static of(url: URL): HopUrl {
    return new HopUrl(url.origin, url.pathname + url.search, url);
  }

  get parsed(): URL {
    this.#parsed ??= new URL(this.origin + this.path);
    return this.#parsed;
  }

  /** As `URL.href` writes it. */
  get href(): string {
    return this.#parsed === undefined ? this.origin + this.path : this.#parsed.href;
  }
}

/** Checks where a request is to go; throws what refuses it. */
export function readHopUrl(url: string | URL, policy: EgressPolicy): HopUrl {
  const plain = typeof url === "string" ? readPlainUrl(url, policy) : undefined;
  if (plain !== undefined) return new HopUrl(plain.origin, plain.path);
  const check = checkUrl(url, policy);
  if (check.kind === "refused") throw check.error;
  return HopUrl.of(check.url);
}
