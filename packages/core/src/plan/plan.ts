import type { QueryStyle } from "../compile/compiled-connector.ts";
import type { FileValue } from "../compile/file-input.ts";
import type { Deferred } from "../templates/deferred.ts";

/**
 * One request, fully decided, as data. What reads a secret is kept apart in `deferred`: a plan can be printed, hashed and
 * compared without anyone seeing a secret, and a plan without secrets is ready to send as it stands.
 */
export interface Plan {
  readonly method: string;
  /** `https://host[:port]`; a secret cannot choose it. */
  readonly origin: string;
  readonly hostname: string;
  /** With the port, if it is not the scheme's own. */
  readonly host: string;
  /** Path and query as they go onto the wire; null where a part of them is deferred. */
  readonly target: string | null;
  /** Flat `[name, value, …]`, without those in `deferred`. */
  readonly headers: readonly string[];
  readonly body: PlannedBody | null;
  /** Whether the host is that of `baseUrl` or named by `hosts` (`*` does not count): only there a credential may go. */
  readonly credentialHost: boolean;
  readonly deferred: DeferredParts | null;
}

/** The parts of a request that wait for a secret. */
export interface DeferredParts {
  /** Null where path and query are in `Plan.target`. */
  readonly target: DeferredTarget | null;
  readonly headers: readonly DeferredHeader[];
  readonly body: DeferredBody | null;
}

/** Path and query of which a part is deferred. `prefix` is the path of the base URL. */
export interface DeferredTarget {
  readonly prefix: string;
  readonly path: string | Deferred;
  readonly query: readonly (string | DeferredParameter)[];
}

/** A query parameter whose value holds a deferred template. */
export interface DeferredParameter {
  readonly name: string;
  readonly value: unknown;
  readonly style: QueryStyle;
}

export interface DeferredHeader {
  readonly name: string;
  readonly value: unknown;
}

/** A body whose tree or text holds a deferred template. */
export interface DeferredBody {
  readonly format: "json" | "form" | "multipart" | "xml" | "text" | "binary";
  readonly tree: unknown;
}

/** A body ready to send. A stream can be sent once only. */
export type PlannedBody =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly file: FileValue }
  | { readonly kind: "multipart"; readonly parts: readonly (string | FileValue)[] };
